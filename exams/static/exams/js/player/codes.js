// @ts-check
// How does a screen show a text that is longer than one QR code? Code after code, round and round, until the
// pupil closes it: who reads them need not begin with the first.

import { correction, generate } from "../vendor/lean-qr-nano.mjs";
import { button, fill, h, icon } from "./dom.js";
import { gettext, interpolate } from "./messages.js";

const PACE = 700; // ms: long enough for a camera that is still focusing, and far from what flashing may be
const QUIET = 4; // modules around a code that stay white
const SVG = "http://www.w3.org/2000/svg";

/** Its dark modules as one path: a row is a few long strokes rather than many squares. @param {string} content */
export function drawing(content) {
  const code = generate(content, { minCorrectionLevel: correction.L });
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0, run = 0; x < code.size; x += run) {
      const dark = code.get(x, y);
      run = 1;
      while (x + run < code.size && code.get(x + run, y) === dark) run += 1;
      if (dark) path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
    }
  }
  return { path, size: code.size + 2 * QUIET };
}

/** @param {string} name  @param {Object<string, string>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach((one) => element.setAttribute(one, attributes[one]));
  return element;
}

export class Codes {
  /** @param {string[]} frames what each code says */
  constructor(frames) {
    this.frames = frames;
    this.at = 0;
    this.timer = 0;
    /** @type {any} */
    this.awake = null;
    this.dark = shape("path", { fill: "#000" });
    this.light = shape("rect", { fill: "#fff", width: "100%", height: "100%" });
    this.image = shape("svg", { class: "codes__image", role: "img", "shape-rendering": "crispEdges" });
    this.image.appendChild(this.light);
    this.image.appendChild(this.dark);
    this.count = h("b", { class: "codes__count number" });
    this.element = h("div", { class: "codes" });
    this.returned = () => { if (document.visibilityState === "visible" && this.timer) this.stayAwake(); };
    this.drawings = this.frames.map(() => /** @type {ReturnType<typeof drawing> | null} */ (null));
  }

  /** In the language that is read now. */
  words() {
    const several = this.frames.length > 1;
    const step = (by, name, label) => h("button", { type: "button", class: "button button--secondary codes__step", "aria-label": label, onclick: () => this.step(by) }, icon(name));
    this.pace = button("", () => (this.timer ? this.pause() : this.play()), "button--secondary codes__pace");
    fill(this.element, h("div", { class: "codes__frame" }, this.image), h("p", { class: "codes__controls" },
      several && step(-1, "back", gettext("Previous code")), this.count, several && step(1, "next", gettext("Next code")), several && this.pace));
    this.show();
    return this.element;
  }

  show() {
    const drawn = this.drawings[this.at] || drawing(this.frames[this.at]);
    this.drawings[this.at] = drawn;
    const said = interpolate(gettext("%(n)s of %(total)s"), { n: this.at + 1, total: this.frames.length });
    this.image.setAttribute("viewBox", `0 0 ${drawn.size} ${drawn.size}`);
    this.image.setAttribute("aria-label", interpolate(gettext("Code %(n)s of %(total)s"), { n: this.at + 1, total: this.frames.length }));
    this.dark.setAttribute("d", drawn.path);
    this.count.textContent = said;
    if (this.pace) this.pace.textContent = this.timer ? gettext("Pause") : gettext("Go on");
  }

  /** @param {number} by */
  turn(by) {
    if (!this.element.isConnected) return this.stop(); // another screen has taken its place
    this.at = (this.at + by + this.frames.length) % this.frames.length;
    return this.show();
  }

  /** By hand: then it waits for the next tap. @param {number} by */
  step(by) {
    this.pause();
    this.turn(by);
  }

  play() {
    this.pause();
    this.timer = setInterval(() => this.turn(1), PACE);
    document.addEventListener("visibilitychange", this.returned);
    this.stayAwake();
    this.show();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    document.removeEventListener("visibilitychange", this.returned);
    if (this.pace) this.show();
  }

  /** A screen that dims in the middle cannot be read; browsers that know no wake lock need a tap now and then. */
  async stayAwake() {
    if (!("wakeLock" in navigator) || (this.awake && !this.awake.released)) return;
    try {
      this.awake = await navigator.wakeLock.request("screen");
    } catch (refused) { /* little battery: the screen goes by its own clock */ }
  }

  stop() {
    this.pause();
    if (this.awake) this.awake.release();
    this.awake = null;
  }
}
