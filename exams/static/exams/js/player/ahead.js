// @ts-check
// Is everything on this phone that the next exam needs? Loaded by the pupil's pages; the one with a place for the answer
// opens each sitting that is still to come, has its locked papers fetched, looks at the phone, and says how things stand.
//
//   <div data-ahead hidden><p data-when="ready" hidden>…</p> one for every code of a problem, and "fetching" …</div>

import { base64url, randomBytes } from "./bytes.js";
import { Clock } from "./clock.js";
import { examine } from "./device_check.js";
import { bringFiles, fileNames, keepOnly, shouldFetch } from "./locked_files.js";
import { pause } from "./patience.js";
import { httpPort } from "./port.js";
import { askToKeep, openStore } from "./store.js";
import { sittingKey } from "./vault.js";

const HOUR = 3600000;
const SPREAD = 30000; // a class that is told "open the page now" does not fetch in the same second
const MEANWHILE = 15000; // before the exams after the next one are looked at: who goes to an exam now is gone by then
const FRESH = 6 * HOUR; // what was opened before this is asked for again

/** @typedef {{store: Store, port: Port, clock: Clock, random: () => number}} Parts */

/** Is what the phone holds of this sitting good enough? @param {Opened | null} held  @param {{opens_at: number}} one */
const fresh = (held, one, now) => Boolean(
  held && held.sitting.state === "ready" && held.sitting.opens_at === one.opens_at && fileNames(held).length
  && now - held.server_now < FRESH,
);

/** Opened under the device id this phone goes on to use; kept as the player keeps it. @param {Parts} parts  @param {{id: string, opens_at: number}} one */
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
 * @param {Parts} parts  @param {{id: string, opens_at: number}} one  @param {(code: string) => void} say
 * @returns {Promise<void>}
 */
export async function prepare(parts, one, say) {
  const { store, port, clock, random } = parts;
  const opened = await openedAhead(parts, one);
  if (!opened) return;
  const files = fileNames(opened);
  if (await shouldFetch(store, files)) {
    say("fetching");
    if (one.opens_at - clock.now() > HOUR) await pause(random() * SPREAD);
    await bringFiles(files);
  }
  const report = await examine({ store, clock, files });
  say(report.problems[0] || "ready");
  await port.deviceCheck(opened.ticket, report);
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
  if (slot) await lookAhead(store, slot).catch(() => undefined); // nobody is signed in, or no network: the next page asks again
}

/** @param {Store} store  @param {HTMLElement} slot */
async function lookAhead(store, slot) {
  const clock = new Clock({ mono: () => performance.now(), wall: () => Date.now(), id: base64url(randomBytes(4)) });
  const port = httpPort({
    fetch: (...request) => window.fetch(...request), mono: clock.mono, reading: () => clock.reading(),
    onTime: (server, sent, received) => clock.anchor(server, sent, received),
  });
  const { sittings } = await port.ahead();
  if (sittings.length) askToKeep();
  for (const one of sittings) {
    // The exam that comes first has the network to itself, and the line on the page is about it.
    if (one !== sittings[0]) await pause(MEANWHILE);
    await prepare({ store, port, clock, random: Math.random }, one, (code) => one === sittings[0] && show(slot, code));
  }
}

if (typeof window !== "undefined") run();
