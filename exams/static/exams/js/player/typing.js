// @ts-check
// When is what the pupil types a response? After a short pause, and at once on leaving field, item or page.

const PAUSE = 300;

export class Typing {
  /** @param {(item: string, value: any) => void} write called for values that differ from the last one */
  constructor(write) {
    this.write = write;
    /** @type {{item: string, value: any, timer: any} | null} */
    this.waiting = null;
    /** @type {Object<string, string>} JSON of the last value, by item */
    this.last = {};
  }

  /** Written down already, here or at the server. @param {string} item  @param {any} value */
  known(item, value) {
    this.last[item] = JSON.stringify(value);
  }

  /** @param {string} item  @param {any} value  @param {boolean} typing more is likely to follow */
  take(item, value, typing) {
    if (this.waiting && this.waiting.item !== item) this.settle();
    if (this.waiting) clearTimeout(this.waiting.timer);
    this.waiting = { item, value, timer: typing ? setTimeout(() => this.settle(), PAUSE) : null };
    if (!typing) this.settle();
  }

  settle() {
    if (!this.waiting) return;
    const { item, value, timer } = this.waiting;
    clearTimeout(timer);
    this.waiting = null;
    if (JSON.stringify(value) !== (this.last[item] || "null")) this.write(item, value);
  }
}
