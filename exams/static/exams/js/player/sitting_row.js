// @ts-check
// What does the phone note about one sitting, and what of it outlives a sign-out?

import { base64url, randomBytes } from "./bytes.js";

/** @param {string} id  @returns {SittingRow} */
export function newSitting(id) {
  return {
    id, device: base64url(randomBytes(16)), opened: null, acked: 0, generation: "", clock: null, place: null, sealedAt: null,
    unlocked: null, notice: 0, notices: [], files: [], closes: null,
  };
}

/** What stays of a row when the pupil signs out: enough to send the rest later, nothing about the pupil. */
export const locked = { opened: null, place: null, clock: null, notices: [] };
