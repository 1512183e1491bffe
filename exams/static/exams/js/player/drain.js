// @ts-check
// Is something from an earlier sitting still on this phone? Loaded by ordinary pages of the site: sends what the
// server does not have, and erases what it has sealed a week ago.
//
//   <script type="module" src="…/exams/js/player/drain.js"></script>

import { base64url, randomBytes } from "./bytes.js";
import { Clock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { httpPort } from "./port.js";
import { signOutOwed, tellServer } from "./sign_out.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { sittingKey } from "./vault.js";
import { registerWorker } from "./worker.js";

const WEEK = 7 * 24 * 3600 * 1000;

/**
 * May everything of this sitting go? What the server has sealed, a week later; and what was fetched ahead for a sitting
 * that nobody began here.
 * @param {SittingRow} row  @param {number} now  @param {number} events how many lines this phone keeps of it
 */
export function expired(row, now, events) {
  if (row.sealedAt !== null) return now - row.sealedAt > WEEK;
  return !events && Boolean(row.closes) && now - /** @type {number} */ (row.closes) > WEEK;
}

/** Is there nothing to send and nothing to ask? So it is with a sitting that was only fetched ahead. @param {SittingRow} row */
export const idle = (row, events) => !events && (!row.opened || row.opened.sitting.state === "ready");

/**
 * Sends what one sitting still owes, and asks once whether it is sealed. The old ticket is enough; if it has run
 * out and the same pupil is signed in, a new one is fetched.
 * @param {Store} store  @param {Port} port  @param {Clock} clock  @param {SittingRow} row
 */
async function drainSitting(store, port, clock, row) {
  let opened = row.opened;
  const reopen = async () => {
    try {
      opened = await port.open(row.id, row.device);
      return true;
    } catch (notMine) {
      return false; // another pupil, or nobody, is signed in: it waits
    }
  };
  if (!opened && !(await reopen())) return;
  const key = await sittingKey(store, row.id, (opened && opened.vault) || null);
  const outbox = new Outbox({ store, sitting: row.id, device: row.device, key, clock });
  if (!(await outbox.load())) return;
  const sync = new Sync({
    port, outbox, clock,
    timers: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer), now: () => performance.now() },
    random: Math.random,
    notice: () => row.notice || 0,
    ticket: () => (opened ? opened.ticket : ""),
    renew: reopen,
    onChange: () => undefined,
    onSaved: (saved) => {
      const sealedAt = saved.state === "sealed" ? row.sealedAt || Date.now() : null;
      store.patch(row.id, { acked: saved.acked_upto, generation: saved.store_generation, sealedAt });
      if (!sync.unsent) sync.stop();
    },
  }, { acked: row.acked, generation: row.generation });
  // Shared between tabs: a sitting that is open in the player is drained there.
  if (!("locks" in navigator)) return sync.flush();
  return navigator.locks.request(`proba-sitting-${row.id}`, { ifAvailable: true }, (free) => {
    if (!free) return undefined;
    sync.flush();
    return new Promise((done) => {
      const timer = setInterval(() => {
        if (!sync.stopped && !sync.asking) return;
        clearInterval(timer);
        sync.stop();
        done(undefined);
      }, 500);
    });
  });
}

async function run() {
  registerWorker();
  const clock = new Clock({ mono: () => performance.now(), wall: () => Date.now(), id: base64url(randomBytes(4)) });
  const port = httpPort({
    fetch: (...request) => window.fetch(...request), mono: clock.mono, reading: () => clock.reading(),
    onTime: (server, sent, received) => clock.anchor(server, sent, received),
  });
  if (signOutOwed() && await tellServer(port)) return window.location.assign("/sign-in/");
  const store = await openStore();
  for (const row of await store.sittings()) {
    const events = (await store.events(row.id)).length;
    if (expired(row, Date.now(), events)) await store.erase(row.id);
    else if (row.sealedAt === null && !idle(row, events)) drainSitting(store, port, clock, row);
  }
  return undefined;
}

if (typeof window !== "undefined") run();
