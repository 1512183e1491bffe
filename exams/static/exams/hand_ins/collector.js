// @ts-check
// Which of a phone's codes have been seen, and which are still missing? Pure.

import { joinFrames, readFrame } from "../js/player/qr_frames.js";

/** @typedef {"new" | "known" | "other" | "foreign"} Seen other: of another hand-in; foreign: none of ours */

export class Collector {
  constructor() {
    this.clear();
  }

  clear() {
    this.name = "";
    this.of = 0;
    /** @type {Map<number, string>} what each code says */
    this.seen = new Map();
  }

  /** @param {string} text what a code says  @returns {Seen} */
  add(text) {
    const frame = readFrame(text);
    if (!frame || frame.n < 1 || frame.n > frame.of) return "foreign";
    if (!this.of) {
      this.name = frame.name;
      this.of = frame.of;
    }
    if (frame.name !== this.name || frame.of !== this.of) return "other";
    if (this.seen.has(frame.n)) return "known";
    this.seen.set(frame.n, text.trim());
    return "new";
  }

  get missing() {
    return Array.from({ length: this.of }, (_, i) => i + 1).filter((n) => !this.seen.has(n));
  }

  get complete() {
    return this.of > 0 && this.seen.size === this.of;
  }

  /** One line each; null when together they make nothing, and all have to be read again. */
  text() {
    const lines = Array.from(this.seen.keys()).sort((a, b) => a - b).map((n) => this.seen.get(n) || "");
    try {
      joinFrames(lines);
    } catch (damaged) {
      return null;
    }
    return lines.join("\n");
  }
}
