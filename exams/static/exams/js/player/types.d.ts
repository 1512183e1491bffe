/* The shapes that the player's modules pass to each other, known to every module without an import.
   (Type imports in comments would be taken for real ones when file names get their content hash.)
   The first part is the wire, version 1: times are ms of the server's clock, UTC. */

type SittingState = "ready" | "started" | "handed_in" | "sealed" | "voided";

interface Candidate { given_name: string; family_name: string; class: string; school?: string }

interface Receipt { answered: number; of: number; code: string; handed_in_at: number; final: boolean }

interface Sitting {
  id: string;
  state: SittingState;
  purpose: "trial" | "practice";
  form: string;
  title: { sr: string; en: string };
  /** with the pupil's own extra time */
  limit_seconds: number | null;
  opens_at: number;
  closes_at: number | null;
  started_at: number | null;
  ends_at: number | null;
  handed_in_cause: string;
  /** public id; null for practice */
  administration?: string | null;
  cut_off_hours?: number | null;
  time_percent?: number;
  /** added by the staff, also after the window's close */
  granted_seconds?: number;
  /** since when time stands still; `ends_at` is then the end as it was before */
  paused_at?: number | null;
}

/** Words of the staff, said to each phone once. */
interface Announcement { id: number; sr: string; en: string; at: number }

/** The content key as phones of one room have it: AES-GCM under what PBKDF2 makes of the room's unlock code. */
interface WrappedKey { salt: string; iterations: number; iv: string; wrapped: string }

/** Reply of POST open. `responses`, `seen` and `flags` are what the server has, from every device. */
interface Opened {
  ticket: string;
  epoch: number;
  server_now: number;
  store_generation: string;
  sitting: Sitting;
  candidate: Candidate;
  papers: Record<string, { sha256: string; bytes: number }>;
  /** base64 of the 32 bytes this device's outbox is encrypted with; never stored as such */
  vault?: string;
  responses: Record<string, any>;
  seen: string[];
  flags: string[];
  /** of practice; `seen_in_order` with what was said at the first showing */
  checked?: string[];
  hinted?: string[];
  seen_in_order?: { item: string; value: any }[];
  acked_upto: number;
  receipt: Receipt | null;
  /** number of items, where the server tells it before the start */
  items?: number;
  /** locked papers by language; `sha256` names the bytes as they are, locked */
  locked?: Record<string, { sha256: string; bytes: number }>;
  unlock?: WrappedKey | null;
  /** base64 of the public key (SubjectPublicKeyInfo) that a hand-in without network is encrypted to */
  hand_in_key?: string | null;
  /** base64; only while the sitting is started and not paused; never stored as such */
  content_key?: string | null;
  /** the latest that concerns this sitting */
  announcement?: Announcement | null;
}

/** One of those below; practice opens at no time. */
interface AheadSitting { id: string; opens_at: number | null; state: SittingState; purpose: "trial" | "practice" }

/** Reply of POST ahead: trial sittings of this pupil that are ready and not closed; then pools to practise from. */
interface Ahead { sittings: AheadSitting[]; server_now?: number }

/** Reply of POST start. */
interface Started {
  state: SittingState;
  started_at: number;
  ends_at: number | null;
  server_now: number;
  store_generation: string;
  /** of this device from now on, with the ticket that says so */
  epoch?: number;
  ticket?: string;
  content_key?: string | null;
  paused_at?: number | null;
}

/** Reply of POST save. `epoch` is the sitting's newest: above one's own, another device has taken over. */
interface Saved {
  acked_upto: number;
  gaps: [number, number][];
  epoch: number;
  state: SittingState;
  ends_at: number | null;
  server_now: number;
  store_generation: string;
  notices: Announcement[];
  receipt: Receipt | null;
  paused_at?: number | null;
  opens_at?: number;
}

/** Body of POST device-check. */
interface DeviceReport {
  browser: string;
  secure: boolean;
  storage: "lasting" | "memory";
  persisted: boolean | null;
  free_mb: number | null;
  /** the phone's date minus the server's */
  clock_ms: number | null;
  rtt_ms: number | null;
  /** verified locked papers on this phone */
  papers: number;
  /** a locked text could be opened: AES-GCM and gzip */
  opens: boolean;
  problems: string[];
}

type Kind = "seen" | "response" | "flag" | "check" | "hint" | "hand_in" | "close" | "unlocked";

interface Happening { kind: Kind; item?: string; value?: any }

/** One line of the outbox; what is hashed and sent is its exact text. */
interface OutboxEvent extends Happening { seq: number; epoch: number; clock: string; mono: number; wall: number; prev: string }

interface Item {
  ref: string; n: number; interaction: string; max: number; content: any; solution?: any; why?: any;
  /** practice: a spare is offered after the item `for` was missed; a pool is chosen from on the phone */
  role?: "main" | "spare" | "pool";
  for?: string;
  standard?: { code: string; title: string };
  family?: string;
}

/** How an item works, as scoring/irt has it; `steps` are the difficulties themselves. */
interface Parameters { a: number; c: number; steps: number[]; half_points: number[] }

interface ReferenceItem extends Parameters { domain: string; standard: string }

interface ModelItem extends Parameters { ref: string; domain: string; standard: string; family: string }

/** What is known of the pupil when items are chosen; scoring/practice/learner.py. */
interface Learner {
  posterior: number[];
  /** by standard: what its responses say of the ability as it was before any practice */
  evidence: Record<string, { domain: string; likelihood: number[] }>;
  /** by domain: likelihood from standards that are not in `evidence` */
  around: Record<string, number[]>;
  /** by domain: how much practice has raised the ability so far */
  grown: Record<string, number>;
  met: Record<string, { missed: boolean; due: boolean; confirm: boolean }>;
  verdicts: Record<string, string>;
}

/** scoring/practice/travelling.py */
interface Model extends Learner {
  reference: ReferenceItem[];
  /** by ref */
  items: Record<string, any>;
  /** by domain: how many standards an exam may ask there */
  breadth: Record<string, number>;
  prerequisites: Record<string, string[]>;
  /** responses that the estimate rests on so far */
  n_items?: number;
}

/** What a practised item brings, by the chance of solving it; scoring/practice/effects.py. */
interface Effects { version: string; domain: number[]; standard: number[]; growth: number; standard_sd: number }

/** The figures of scoring/practice/policy.py. */
interface Policy {
  version: string; step: number; repeats: number; ends_ease: number; spread: number; standard_spread: number;
  prerequisite_floor: number; prerequisite_share: number; due_factor: number; confirm_factor: number;
  exploration: number; exploration_floor: number; effects: Effects;
}

interface Choice { index: number; ref: string; reason: string; share: number; value: number; propensity: number; probability: number }

/** `extra`: items that were asked for beside another, with that one's ref; they do not count towards `total`. */
interface Route { refs: string[]; total: number; extra: Record<string, string> }

/** A prediction of points, in half-points. */
interface Band { low: number; high: number; probability: number }

interface Paper {
  v: number; form: string; language: string; purpose: string; title: string;
  items: Item[];
  /** by the id that `content.stimulus` of their items says */
  stimuli?: Record<string, { title: string; html: string }>;
  practice?: { kind: string; size: number; mode: "fixed" | "pocket"; policy: Policy; model: Model };
}

/** The only way to a server, so that the same player runs against the intake, a preview or a test. */
interface Port {
  signIn(code: string): Promise<Candidate>;
  signOut(): Promise<void>;
  ahead(): Promise<Ahead>;
  open(sitting: string, device: string): Promise<Opened>;
  deviceCheck(ticket: string, report: DeviceReport): Promise<void>;
  start(ticket: string): Promise<Started>;
  loadPaper(ticket: string, sha256: string): Promise<ArrayBuffer>;
  /** `leaving`: the request has to outlive the page */
  save(ticket: string, body: string, leaving?: boolean): Promise<Saved>;
}

/* What the phone keeps. */

/** Server time and the phone's date at the same moment. */
interface SavedClock { server: number; wall: number }

/** `bytes` is AES-GCM ciphertext with `iv`, or the plain line where the browser has no WebCrypto. */
interface Sealed { iv: Uint8Array | null; bytes: ArrayBuffer | string }

interface KeptEvent extends Sealed { sitting: string; device: string; seq: number }

interface SittingRow {
  id: string;
  /** random, new for every sitting: nothing links the pupils of a shared tablet */
  device: string;
  /** last reply of open, without the vault and the content key */
  opened: Opened | null;
  acked: number;
  generation: string;
  clock: SavedClock | null;
  /** where the pupil was */
  place: { index: number; view: View } | null;
  /** ms by this phone's date, when a reply first said so */
  sealedAt: number | null;
  /** begun here by the unlock code, without the server; `told`: its replies have taken over since */
  unlocked?: { at: number; ends: number | null; told: boolean } | null;
  /** id of the latest announcement this phone has shown */
  notice?: number;
  /** announcements that are still to be dismissed */
  notices?: Announcement[];
  /** names of the locked papers fetched for this sitting, and when its window closes */
  files?: string[];
  closes?: number | null;
  /** fetched ahead to practise without a network; goes when the server no longer lists it */
  pocket?: boolean;
  /** texts shared by several items that the pupil has folded away, by id */
  folded?: Record<string, boolean>;
}

interface PaperRow extends Sealed { sha256: string; sitting: string; language: string }

interface Store {
  /** false when everything is gone with the page */
  lasting: boolean;
  /** the row of a sitting, made with a new device id if there is none; on a full phone it is not kept */
  claim(id: string): Promise<SittingRow>;
  patch(id: string, patch: Partial<SittingRow>, strict?: boolean): Promise<void>;
  sittings(): Promise<SittingRow[]>;
  /** resolves once the event is on the disk; rejects if it is there already or cannot be written */
  keep(event: KeptEvent): Promise<void>;
  /** of every device, by (device, seq) */
  events(sitting: string): Promise<KeptEvent[]>;
  /** `name`: the sitting's id for its vault, contentKeyName() of it for its papers */
  key(name: string): Promise<CryptoKey | null>;
  putKey(name: string, key: CryptoKey): Promise<void>;
  /** is there room for what an exam writes? Writes as much, for good, and takes it away again */
  tryOut(): Promise<boolean>;
  paper(sha256: string): Promise<PaperRow | null>;
  putPaper(paper: PaperRow): Promise<void>;
  /** forgets keys, papers, ticket and name; the events stay, unreadable until the same pupil signs in again */
  lock(sitting: string): Promise<void>;
  erase(sitting: string): Promise<void>;
}

/* What the player knows. */

type View = "loading" | "waiting" | "item" | "overview" | "hand_in" | "receipt" | "summary" | "elsewhere" | "problem";

interface State {
  view: View;
  /** why `view` is "problem" */
  problem: string;
  index: number;
  /** items in order, as far as they are shown; empty before the paper is here */
  refs: string[];
  /** how many the whole set has */
  total: number;
  /** practice: asked for beside another item, by its ref */
  extra: Record<string, string>;
  /** answered items only */
  responses: Record<string, any>;
  /** in the order of the first time; of practice with what was said of it then */
  seen: Record<string, any>;
  flags: Record<string, boolean>;
  /** practice: confirmed, feedback shown */
  checked: Record<string, boolean>;
  /** practice: a hint was asked for */
  hinted: Record<string, boolean>;
  /** as the server said last */
  sitting: SittingState;
  endsAt: number | null;
  /** since when time stands still, null while it runs */
  pausedAt: number | null;
  /** cause by this device's own hand-in event, "" before */
  handedIn: string;
  /** the time has run out here */
  over: boolean;
  /** another device goes on with this sitting */
  takenOver: boolean;
  receipt: Receipt | null;
}

type Action =
  | { type: "event"; event: Happening }
  | { type: "merge"; responses: Record<string, any>; seen: string[]; flags: string[]; own: Record<string, boolean>; order?: { item: string; value: any }[]; checked?: string[]; hinted?: string[] }
  | { type: "paper"; refs: string[]; total?: number; extra?: Record<string, string> }
  | { type: "server"; sitting: SittingState; endsAt: number | null; pausedAt: number | null; receipt: Receipt | null; takenOver: boolean; reopened: boolean }
  | { type: "go"; index: number }
  | { type: "view"; view: View }
  | { type: "problem"; problem: string }
  | { type: "time"; over: boolean };

/** What changed by the server's word and has to be said; times are ms of the server's clock. */
type News =
  | { kind: "granted"; minutes: number; until: number | null }
  | { kind: "reopened" | "resumed"; until: number | null }
  | { kind: "moved"; until: number }
  | { kind: "paused"; until: null };

type SaveState = "saved" | "sending" | "kept";

/** `acked`: the server's contiguous mark; `reached`: highest seq it has answered for; `gaps`: what it misses below that. */
interface Mark { acked: number; reached: number; gaps: [number, number][] }

interface Batch { body: string; count: number; upto: number }

/** The readings every event and every batch carries. */
interface Reading { clock: string; mono: number; wall: number }

interface Readable { reading(): Reading }

/** A widget tells its complete value; `typing`: more is likely to follow within the second. */
type Change = (value: any, typing?: boolean) => void;

interface WidgetContext {
  readOnly: boolean;
  /** id of the stem */
  labelledBy: string;
  /** the stem, with the figure that places are chosen in */
  stem?: Element;
  /** practice, after the check: what was right */
  key?: any;
}

/** What is taken of several. */
type Chosen = ReturnType<typeof import("./interactions/several.js").selection>;

type Player = import("./player.js").Player;
type Outbox = import("./outbox.js").Outbox;
type Clock = import("./clock.js").Clock;
type Papers = import("./papers.js").Papers;
type WaitingCheck = import("./waiting_check.js").WaitingCheck;
type PortError = import("./port.js").PortError;

interface PlayerConfig { catalog: Record<string, string | string[]>; home: string; result: string; release: string }

interface Tools {
  store: Store;
  port: Port;
  clock: Clock;
  papers: Papers;
  config: PlayerConfig;
  tabs: { take(): Promise<void> };
  waiting: WaitingCheck;
  /** called after every change of state */
  render(player: Player): void;
  /** called when only saving or the connection may have changed */
  renderStatus(player: Player): void;
  /** gets a new ticket, asking the pupil if it must; false: not yet */
  renew(player: Player): Promise<boolean>;
  askCard(player: Player, reason: string): void;
}
