// @ts-check
// Is this phone fit for the exam? Looked at the day before and again in the waiting room, told to the pupil with what to
// do about it, and to the staff.

import { filesHere } from "./locked_files.js";
import { canOpen } from "./locking.js";

const ENOUGH_MB = 20;
const SLOW = 4000;
const MB = 1048576;
/** Everybody's version of the winter of 2020; the player needs no newer one. */
const FLOOR = { Chrome: 80, Firefox: 74, Safari: 13 };

/** Name and version of a browser, as people know it. @param {string} userAgent */
export function browserName(userAgent) {
  const found = /(SamsungBrowser|Edg|OPR|Firefox|Chrome)\/(\d+)/.exec(userAgent.replace(/Chrome(\/\d+.* (?:SamsungBrowser|Edg|OPR)\/)/, "$1"));
  if (found) return `${found[1]} ${found[2]}`;
  const safari = /Version\/(\d+).* Safari\//.exec(userAgent);
  return safari ? `Safari ${safari[1]}` : "?";
}

/** Older than the floor, for certain? Whatever brand is built on Chrome names its version. @param {string} userAgent */
export function tooOld(userAgent) {
  const found = /(Chrome|Firefox)\/(\d+)/.exec(userAgent) || /(?:(Version)\/(\d+)).* Safari\//.exec(userAgent);
  if (!found) return false;
  return Number(found[2]) < FLOOR[found[1] === "Version" ? "Safari" : found[1]];
}

/**
 * What stands between this phone and the exam, in the order in which it is worth doing something about it.
 * @param {DeviceReport} report without its problems
 * @param {{old: boolean, wanted: number, written: boolean}} more `wanted`: locked papers there are; `written`: the test write came through
 * @returns {string[]}
 */
export function problemsOf(report, more) {
  const lasting = report.storage === "lasting";
  const little = lasting && (!more.written || (report.free_mb !== null && report.free_mb < ENOUGH_MB));
  const found = {
    no_storage: !lasting,
    little_space: little,
    old_browser: more.old,
    no_crypto: !report.secure || !report.opens,
    // Where papers cannot be kept or opened, that they are missing is not a second problem.
    no_papers: lasting && !little && report.secure && report.opens && report.papers < more.wanted,
    slow_network: report.rtt_ms !== null && report.rtt_ms > SLOW,
  };
  return Object.keys(found).filter((code) => found[code]);
}

/** @param {StorageManager | undefined} storage */
async function space(storage) {
  try {
    const estimate = storage && storage.estimate ? await storage.estimate() : null;
    const free = estimate && estimate.quota ? Math.floor((estimate.quota - (estimate.usage || 0)) / MB) : null;
    return { free, persisted: storage && storage.persisted ? await storage.persisted() : null };
  } catch (refused) {
    return { free: null, persisted: null };
  }
}

/**
 * @param {{store: Store, clock: Clock, files: string[]}} parts `files`: names of the locked papers there are
 * @returns {Promise<DeviceReport>}
 */
export async function examine({ store, clock, files }) {
  const { free, persisted } = await space(navigator.storage);
  /** @type {DeviceReport} */
  const report = {
    browser: browserName(navigator.userAgent),
    secure: window.isSecureContext,
    storage: store.lasting ? "lasting" : "memory",
    persisted,
    free_mb: free,
    clock_ms: clock.error(),
    rtt_ms: clock.roundTrip === null ? null : Math.round(clock.roundTrip),
    papers: (await filesHere(files)).length,
    opens: await canOpen(),
    problems: [],
  };
  report.problems = problemsOf(report, { old: tooOld(navigator.userAgent), wanted: files.length, written: await store.tryOut() });
  return report;
}
