// @ts-check
// What time is it at the server, and how much of the sitting is left? The phone's own date is never believed:
// every reply is an anchor, and between anchors the monotonic clock runs.

const STALE = 180000; // an anchor older than this is replaced even by one with a slow reply
const SLOW = 2000; // half of such a reply's round trip is more than the clocks are allowed to differ
export const DOUBT = 5000; // wall and monotonic clock disagree by more: sleep, or somebody set the date

/** Server time from anchors. Reads `mono()` and `wall()` only, so that tests can move both. */
export class Clock {
  /** @param {{mono: () => number, wall: () => number, id: string}} sources `id` names this page load */
  constructor(sources) {
    this.mono = sources.mono;
    this.wall = sources.wall;
    this.id = sources.id;
    /** @type {{server: number, mono: number, wall: number} | null} */
    this.anchored = null;
    this.confirmed = false; // true once a reply of this page load has been seen
    this.floor = 0;
    /** @type {number | null} shortest round trip of this page load */
    this.roundTrip = null;
  }

  /** The two readings every event and every batch carries. */
  reading() {
    return { clock: this.id, mono: Math.round(this.mono()), wall: Math.round(this.wall()) };
  }

  /**
   * A reply said `serverNow`; the request left at `sentMono` and it is now `receivedMono`.
   * @param {number} serverNow  @param {number} sentMono  @param {number} receivedMono
   */
  anchor(serverNow, sentMono, receivedMono) {
    const rtt = receivedMono - sentMono;
    this.roundTrip = this.roundTrip === null ? rtt : Math.min(rtt, this.roundTrip);
    const old = this.anchored;
    if (this.confirmed && old && rtt > SLOW && receivedMono - old.mono < STALE && !this.doubtful()) return;
    const doubted = !this.confirmed || this.doubtful();
    const before = this.now();
    this.anchored = { server: serverNow + rtt / 2, mono: receivedMono, wall: this.wall() };
    this.confirmed = true;
    // A small difference is only the network's: wait for it rather than let the display jump up.
    this.floor = doubted ? 0 : before;
  }

  /** Goes on from what an earlier page load knew. @param {SavedClock | null | undefined} saved */
  restore(saved) {
    if (!saved || this.confirmed) return;
    const passed = Math.max(0, this.wall() - saved.wall);
    this.anchored = { server: saved.server + passed, mono: this.mono(), wall: this.wall() };
    this.floor = saved.server;
  }

  /** @returns {SavedClock | null} */
  saved() {
    return this.anchored ? { server: this.now(), wall: this.wall() } : null;
  }

  elapsed() {
    if (!this.anchored) return { mono: 0, wall: 0 };
    return { mono: this.mono() - this.anchored.mono, wall: this.wall() - this.anchored.wall };
  }

  /** Is the estimate more than the monotonic clock alone can vouch for? Ask the server before ending on it. */
  doubtful() {
    if (!this.anchored || !this.confirmed) return true;
    const { mono, wall } = this.elapsed();
    return wall - mono > DOUBT;
  }

  /** What the phone's date shows minus the server's time; null before a reply of this page load. */
  error() {
    return this.confirmed ? Math.round(this.wall() - this.now()) : null;
  }

  known() {
    return this.anchored !== null;
  }

  /** Server time in ms. After a sleep the monotonic clock may have stood still, so the larger difference counts. */
  now() {
    if (!this.anchored) return this.wall();
    const { mono, wall } = this.elapsed();
    const estimate = this.anchored.server + Math.max(mono, wall - mono > DOUBT ? wall : mono);
    this.floor = Math.max(this.floor, estimate);
    return this.floor;
  }

  /** ms until `endsAt`, never negative; null where there is no end. @param {number | null} endsAt */
  remaining(endsAt) {
    return endsAt === null ? null : Math.max(0, endsAt - this.now());
  }

  /** Has `endsAt` passed by the monotonic clock alone, since a reply of this page load? @param {number | null} endsAt */
  surelyOver(endsAt) {
    if (endsAt === null || !this.anchored || !this.confirmed) return false;
    return this.anchored.server + this.elapsed().mono >= endsAt;
  }
}
