// @ts-check
// How does a long text travel as pictures that a camera sees one at a time, in any order and again and again?
// Pure. `exams/delivery/envelope.py` joins by the same rules.

import { base64url, fromBase64, hex, text, utf8 } from "./bytes.js";
import { sha256 } from "./sha256.js";

// The wire allows 900. With this many a code has 85 modules a side (version 17), which the camera of a cheap
// phone still reads off a screen of 360 pixels; larger codes are fewer, but are missed more often.
export const CHUNK = 600;
const FRAME = /^PROBA1:([0-9a-f]{8}):([0-9]{1,4})\/([0-9]{1,4}):([A-Za-z0-9_-]{1,900})$/;

/** @typedef {"not_ours" | "damaged" | "mixed_frames" | "missing_frames"} FrameFault */

export class FrameError extends Error {
  /** @param {FrameFault} fault  @param {number[]} [missing] counted from 1 */
  constructor(fault, missing = []) {
    super(missing.length ? `${fault}: ${missing.join(", ")}` : fault);
    this.fault = fault;
    this.missing = missing;
  }
}

/** Names one making of an envelope, so that frames of two phones cannot be mixed up. @param {string} envelope */
const nameOf = (envelope) => hex(sha256(utf8(envelope))).slice(0, 8);

/**
 * As few frames as fit, all of about one length: a short last one would be a code of another size.
 * @param {string} envelope  @param {number} [most] characters in a frame beside its head  @returns {string[]}
 */
export function framesOf(envelope, most = CHUNK) {
  const digits = base64url(utf8(envelope));
  const of = Math.ceil(digits.length / most);
  const chunk = Math.ceil(digits.length / of);
  const name = nameOf(envelope);
  return Array.from({ length: of }, (_, i) => `PROBA1:${name}:${i + 1}/${of}:${digits.slice(i * chunk, (i + 1) * chunk)}`);
}

/**
 * @param {string} seen what a code says
 * @returns {{name: string, n: number, of: number, part: string} | null} null: not one of ours
 */
export function readFrame(seen) {
  const found = FRAME.exec(seen.trim());
  if (!found) return null;
  return { name: found[1], n: Number(found[2]), of: Number(found[3]), part: found[4] };
}

/** The envelope. @param {string[]} texts in any order, with repetitions  @throws {FrameError} */
export function joinFrames(texts) {
  const parts = new Map();
  const heads = new Set();
  let name = "";
  let of = 0;
  texts.map((one) => one.trim()).filter(Boolean).forEach((one) => {
    const frame = readFrame(one);
    if (!frame) throw new FrameError(one.startsWith("PROBA1:") ? "damaged" : "not_ours");
    ({ name, of } = frame);
    heads.add(`${name} ${of}`);
    if (heads.size > 1) throw new FrameError("mixed_frames");
    const known = parts.get(frame.n);
    if (frame.n < 1 || frame.n > of || (known !== undefined && known !== frame.part)) throw new FrameError("damaged");
    parts.set(frame.n, frame.part);
  });
  if (!heads.size) throw new FrameError("not_ours");
  const numbers = Array.from({ length: of }, (_, i) => i + 1);
  const missing = numbers.filter((n) => !parts.has(n));
  if (missing.length) throw new FrameError("missing_frames", missing);
  let envelope = "";
  try {
    envelope = text(fromBase64(numbers.map((n) => parts.get(n)).join("")));
  } catch (notBase64) {
    throw new FrameError("damaged");
  }
  if (nameOf(envelope) !== name) throw new FrameError("damaged");
  return envelope;
}
