// @ts-check
// How does an exam begin on a phone that does not reach the server? With the code the invigilator reads out: it opens
// the paper, and the server learns of the start with the first save and has the last word on the time.
//
// The code is not refused before the opening time. What keeps a paper shut is that nobody has the code; a phone's date
// can be set by anybody and may be wrong, and then it would lock out the very pupils whose invigilator says "begin".
// The pupil is told that it seems early and has to say so twice; the journal shows when each phone began.

import { enter } from "./entering.js";
import { isCode, normaliseCode, unwrapKey } from "./locking.js";
import { startedByCode } from "./replies.js";

/**
 * The end as the server reckons it (exams/timing.py): the pupil's own limit, at most to the close of the window, and
 * what was granted. A close that has passed by this phone's clock says more about the clock: the limit alone counts.
 * @param {Sitting} sitting  @param {number} at
 */
export function localEnd(sitting, at) {
  if (sitting.limit_seconds === null) return null;
  const end = at + sitting.limit_seconds * 1000;
  const capped = sitting.closes_at !== null && sitting.closes_at > at ? Math.min(end, sitting.closes_at) : end;
  return capped + (sitting.granted_seconds || 0) * 1000;
}

/** By the best this phone knows. @param {Player} player */
export const early = (player) => player.tools.clock.known() && player.tools.clock.now() < player.opened.sitting.opens_at;

/**
 * @param {Player} player  @param {string} typed
 * @returns {Promise<"in" | "no_code" | "wrong" | "damaged">}
 */
export async function unlockSitting(player, typed) {
  const { papers, clock } = player.tools;
  const code = normaliseCode(typed);
  if (!isCode(code)) return "no_code";
  const key = await unwrapKey(code, /** @type {WrappedKey} */ (player.opened.unlock));
  if (!key) return "wrong";
  if (!(await papers.opensWith(key, player.opened))) return "damaged";
  await papers.take(key);
  if (player.state.sitting === "ready") { // else the server was heard meanwhile
    const at = clock.now();
    await startedByCode(player, at, localEnd(player.opened.sitting, at));
  }
  await enter(player);
  return "in";
}
