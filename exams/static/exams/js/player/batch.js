// @ts-check
// Which events go into the next save, and what does it look like on the wire? Pure.

import { utf8 } from "./bytes.js";

export const MAX_BODY = 65536;
export const MAX_EVENTS = 200;
export const MAX_LEAVING = 60000; // browsers allow 64 KB for requests that outlive their page

/** @type {Mark} */
export const NOTHING_SENT = { acked: 0, reached: 0, gaps: [] };

/**
 * The mark after a reply. The server decides: if its mark falls, everything above goes again.
 * @param {Mark} mark  @param {{acked_upto: number, gaps: [number, number][]}} reply
 * @param {number} sentUpto highest seq in the batch that was answered, 0 for a heartbeat
 * @param {boolean} anew the store behind the server is another one than before
 * @returns {Mark}
 */
export function advance(mark, reply, sentUpto, anew) {
  const gaps = reply.gaps || [];
  const fell = anew || reply.acked_upto < mark.acked;
  const before = fell ? reply.acked_upto : mark.reached;
  const reached = gaps.length ? Math.max(before, sentUpto) : reply.acked_upto;
  return { acked: reply.acked_upto, reached: Math.max(reached, reply.acked_upto), gaps };
}

/**
 * Seqs that are still owed, ascending: reported gaps, then everything never answered.
 * @param {Mark} mark  @param {number} last
 */
export function owed(mark, last) {
  const seqs = [];
  mark.gaps.forEach(([from, to]) => {
    for (let seq = Math.max(from, mark.acked + 1); seq <= Math.min(to, last, mark.reached); seq += 1) seqs.push(seq);
  });
  for (let seq = mark.reached + 1; seq <= last; seq += 1) seqs.push(seq);
  return seqs;
}

/**
 * One body: header line, then as many owed lines as the limits allow (at least one).
 * @param {Object} header  @param {string[]} lines line of seq n at n − 1  @param {number[]} seqs
 * @param {{bytes: number, events: number}} limits
 * @returns {{body: string, count: number, upto: number}}
 */
export function compose(header, lines, seqs, limits) {
  let body = JSON.stringify(header);
  let size = utf8(body).length;
  let count = 0;
  for (; count < Math.min(seqs.length, limits.events); count += 1) {
    const line = lines[seqs[count] - 1];
    size += 1 + utf8(line).length;
    if (count > 0 && size > limits.bytes) break;
    body += `\n${line}`;
  }
  return { body, count, upto: count ? seqs[count - 1] : 0 };
}
