// @ts-check
// Is everything on this phone that the next exam needs? Loaded by the pupil's pages; the one with a place for the answer
// opens each sitting that is still to come, has its locked papers fetched, looks at the phone, and says how things stand.
// Then what can be practised without a network is fetched, on every page.
//
//   <div data-ahead hidden><p data-when="ready" hidden>…</p> one for every code of a problem, and "fetching" …</div>
//   <p data-pocket hidden>…</p> is shown once something to practise from lies on this phone; data-pocket="<id>": that one

import { base64url, randomBytes } from "./bytes.js";
import { Clock } from "./clock.js";
import { examine } from "./device_check.js";
import { bringFiles, fileNames, keepOnly, shouldFetch } from "./locked_files.js";
import { Papers, papersHere } from "./papers.js";
import { pause } from "./patience.js";
import { httpPort } from "./port.js";
import { askToKeep, openStore } from "./store.js";
import { sittingKey } from "./vault.js";

const HOUR = 3600000;
const SPREAD = 30000; // a class that is told "open the page now" does not fetch in the same second
const MEANWHILE = 15000; // before the exams after the next one are looked at: who goes to an exam now is gone by then
const PASSING = 2000; // on a page that is only passed through nothing is asked
const FRESH = 6 * HOUR; // what was opened before this is asked for again

/** @typedef {{store: Store, port: Port, clock: Clock, random: () => number}} Parts */

/** @typedef {{id: string, opens_at: number | null}} Coming */

/** Is what the phone holds of this sitting good enough? @param {Opened | null} held  @param {Coming} one */
const fresh = (held, one, now) => Boolean(
  held && held.sitting.state === "ready" && held.sitting.opens_at === one.opens_at && fileNames(held).length
  && now - held.server_now < FRESH,
);

/** Opened under the device id this phone goes on to use; kept as the player keeps it. @param {Parts} parts  @param {Coming} one */
async function openedAhead({ store, port, clock }, one) {
  const row = await store.claim(one.id);
  if (row.opened && fresh(row.opened, one, clock.now())) return row.opened;
  const { vault, content_key: released, ...opened } = await port.open(one.id, row.device);
  await sittingKey(store, one.id, vault || null);
  const now = await store.claim(one.id);
  if (now.opened && now.opened.sitting.state !== "ready") return null; // begun in another tab meanwhile
  try {
    await store.patch(one.id, {
      opened, clock: clock.saved(), generation: opened.store_generation, files: fileNames(opened), closes: opened.sitting.closes_at,
    });
  } catch (full) { /* the check finds it too, and says what to do */ }
  return opened;
}

/**
 * @param {Parts} parts  @param {Coming} one  @param {(code: string) => void} say
 * @returns {Promise<void>}
 */
export async function prepare(parts, one, say) {
  const { store, port, clock, random } = parts;
  const opened = await openedAhead(parts, one);
  if (!opened) return;
  const files = fileNames(opened);
  if (await shouldFetch(store, files)) {
    say("fetching");
    if ((one.opens_at || 0) - clock.now() > HOUR) await pause(random() * SPREAD);
    await bringFiles(files);
  }
  const report = await examine({ store, clock, files });
  say(report.problems[0] || "ready");
  await port.deviceCheck(opened.ticket, report);
}

/**
 * A pool to practise from: its papers hold only released items, so they come in clear and are kept like those of a
 * sitting that runs, under this sitting's key.
 * @param {Parts} parts  @param {Coming} one
 * @returns {Promise<boolean>} does all of it lie here?
 */
export async function carry(parts, one) {
  const { store, port } = parts;
  if (!store.lasting) return false;
  const held = (await store.claim(one.id)).opened;
  if (held && held.sitting.state !== "ready") return false; // begun here, and the server does not know yet
  if (held && await papersHere(store, held)) return true;
  if (!(await store.tryOut())) return false;
  const opened = await openedAhead(parts, one);
  if (!opened) return false;
  await store.patch(one.id, { pocket: true });
  const papers = new Papers(store, port, one.id);
  papers.vault = await store.key(one.id);
  for (const language of Object.keys(opened.papers)) await papers.load(language, opened);
  return papersHere(store, opened);
}

/** What the server no longer offers goes, unless it was begun here or a page has it open. @param {Store} store  @param {string[]} offered */
export async function forgetPockets(store, offered) {
  for (const row of await store.sittings()) {
    const idle = row.pocket && row.opened && row.opened.sitting.state === "ready" && offered.indexOf(row.id) < 0;
    if (idle && !(await store.events(row.id)).length) await whileFree(row.id, () => store.erase(row.id));
  }
}

/** @param {string} id  @param {() => Promise<void>} run */
function whileFree(id, run) {
  if (!("locks" in navigator)) return undefined;
  return navigator.locks.request(`proba-sitting-${id}`, { ifAvailable: true }, (free) => (free ? run() : undefined));
}

/** Locked papers go with the sittings they were fetched for; signing out keeps them. @param {Store} store */
async function tidy(store) {
  const rows = await store.sittings();
  await keepOnly([].concat(...rows.map((row) => row.files || [])));
}

/** @param {HTMLElement} slot  @param {string} code */
function show(slot, code) {
  slot.hidden = false;
  slot.querySelectorAll("[data-when]").forEach((line) => {
    /** @type {HTMLElement} */ (line).hidden = line.getAttribute("data-when") !== code;
  });
}

async function run() {
  const store = await openStore();
  if (store.lasting) await tidy(store);
  const slot = /** @type {HTMLElement | null} */ (document.querySelector("[data-ahead]"));
  await lookAhead(store, slot).catch(() => undefined); // nobody is signed in, or no network: the next page asks again
}

/** @param {Store} store  @param {HTMLElement | null} slot */
async function lookAhead(store, slot) {
  const clock = new Clock({ mono: () => performance.now(), wall: () => Date.now(), id: base64url(randomBytes(4)) });
  const port = httpPort({
    fetch: (...request) => window.fetch(...request), mono: clock.mono, reading: () => clock.reading(),
    onTime: (server, sent, received) => clock.anchor(server, sent, received),
  });
  const parts = { store, port, clock, random: Math.random };
  if (!slot) await pause(PASSING);
  const { sittings } = await port.ahead();
  if (sittings.length) askToKeep();
  const trials = sittings.filter((one) => one.purpose === "trial");
  for (const one of slot ? trials : []) {
    // The exam that comes first has the network to itself, and the line on the page is about it.
    if (one !== trials[0]) await pause(MEANWHILE);
    await prepare(parts, one, (code) => one === trials[0] && show(/** @type {HTMLElement} */ (slot), code));
  }
  const pockets = sittings.filter((one) => one.purpose === "practice");
  await forgetPockets(store, pockets.map((one) => one.id));
  if (slot && trials.length && pockets.length) await pause(MEANWHILE);
  for (const one of pockets) if (await carry(parts, one)) sayCarried(one.id, pockets);
}

/** This pool's line, one that is about any, and one about a pool that was replaced since the page was made. @param {string} id  @param {Coming[]} offered */
export function sayCarried(id, offered) {
  document.querySelectorAll("[data-pocket]").forEach((line) => {
    const about = line.getAttribute("data-pocket");
    if (about === id || !offered.some((one) => one.id === about)) /** @type {HTMLElement} */ (line).hidden = false;
  });
}

if (typeof window !== "undefined") run();
