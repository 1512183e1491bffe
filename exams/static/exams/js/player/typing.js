// @ts-check
// When is what the pupil types a response? After a short pause, and at once on leaving field, item or page.

const PAUSE = 300;
// Every event of a text has the whole of it: one in ten seconds, and never more than these behind.
const LONG_PAUSE = 2000;
const APART = 10000;

/**
 * How long until it is written down.
 * @param {any} value  @param {number} waited ms since it differs from what is written
 * @param {number} [rest] ms until another event of this text may follow the last
 */
export const pauseOf = (value, waited, rest = 0) => (typeof value === "string" ? Math.max(Math.min(LONG_PAUSE, APART - waited), rest, 0) : PAUSE);

export class Typing {
  /** @param {(item: string, value: any) => void} write called for values that differ from the last one */
  constructor(write) {
    this.write = write;
    /** @type {{item: string, value: any, since: number, timer: any} | null} */
    this.waiting = null;
    /** @type {Object<string, string>} JSON of the last value, by item */
    this.last = {};
    /** @type {Object<string, number>} when the last draft of a text was written, by item */
    this.drafted = {};
  }

  /** Written down already, here or at the server. @param {string} item  @param {any} value */
  known(item, value) {
    this.last[item] = JSON.stringify(value);
  }

  /** @param {string} item  @param {any} value  @param {boolean} typing more is likely to follow */
  take(item, value, typing) {
    if (this.waiting && this.waiting.item !== item) this.settle();
    const now = performance.now();
    const since = this.waiting ? this.waiting.since : now;
    if (this.waiting) clearTimeout(this.waiting.timer);
    const rest = item in this.drafted ? this.drafted[item] + APART - now : 0;
    this.waiting = { item, value, since, timer: typing ? setTimeout(() => this.settle(), pauseOf(value, now - since, rest)) : null };
    if (!typing) this.settle();
  }

  settle() {
    if (!this.waiting) return;
    const { item, value, timer } = this.waiting;
    clearTimeout(timer);
    this.waiting = null;
    this.drafted[item] = performance.now();
    if (JSON.stringify(value) !== (this.last[item] || "null")) this.write(item, value);
  }
}
