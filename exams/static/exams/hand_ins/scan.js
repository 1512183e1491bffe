// @ts-check
// How do the codes on a pupil's screen get into this form? In front of a camera, one after the other, until none
// is missing; then the form goes off by itself. Its sentences are in data attributes of [data-scan]. Without a
// camera, or without this module, there is the file.

import { Camera } from "./camera.js";
import { Collector } from "./collector.js";

export class Scan {
  /** @param {HTMLElement} root  @param {HTMLFormElement} form */
  constructor(root, form) {
    this.words = root.dataset;
    this.form = form;
    this.field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea[name=frames]"));
    const part = (name) => /** @type {any} */ (root.querySelector(`[data-scan-${name}]`));
    this.view = /** @type {HTMLElement} */ (part("view"));
    this.says = /** @type {HTMLElement} */ (part("says"));
    this.parts = /** @type {HTMLElement} */ (part("parts"));
    this.toggle = /** @type {HTMLButtonElement} */ (part("toggle"));
    this.again = /** @type {HTMLButtonElement} */ (part("again"));
    this.camera = new Camera(part("video"), this.words.decoder || "");
    this.collector = new Collector();
    this.toggle.addEventListener("click", () => (this.camera.stream ? this.stop() : this.start()));
    this.again.addEventListener("click", () => this.restart());
    window.addEventListener("pagehide", () => this.camera.stop());
    root.hidden = false;
  }

  async start() {
    this.toggle.disabled = true;
    this.say(this.words.starting);
    const fault = await this.camera.start((text) => this.saw(text));
    this.toggle.disabled = false;
    if (fault) return this.say(this.words[fault]);
    this.toggle.textContent = this.words.close || "";
    this.view.hidden = false;
    return this.collector.of ? this.count() : this.say(this.words.looking);
  }

  stop() {
    this.camera.stop();
    this.view.hidden = true;
    this.toggle.textContent = this.words.open || "";
  }

  restart() {
    this.collector.clear();
    this.again.hidden = true;
    this.draw();
    this.say(this.words.looking);
  }

  /** @param {string} text */
  saw(text) {
    const seen = this.collector.add(text);
    if (seen === "foreign" && !this.collector.of) this.say(this.words.foreign);
    if (seen === "other") this.say(this.words.other);
    this.again.hidden = this.again.hidden && seen !== "other";
    if (seen !== "new") return;
    this.count();
    if (this.collector.complete) this.finish();
  }

  count() {
    const { of, seen, missing } = this.collector;
    const read = (this.words.count || "").replace("{n}", String(seen.size)).replace("{of}", String(of));
    const few = missing.length && missing.length <= 4 && seen.size > missing.length;
    this.say(few ? `${read} ${(this.words.missing || "").replace("{numbers}", missing.join(", "))}` : read);
    this.draw();
  }

  /** A square for every code, filled once it has been read. */
  draw() {
    const { of, seen } = this.collector;
    this.parts.textContent = "";
    for (let n = 1; n <= of; n += 1) {
      const cell = document.createElement("li");
      cell.textContent = String(n);
      cell.className = seen.has(n) ? "scan__part is-read" : "scan__part";
      this.parts.appendChild(cell);
    }
  }

  finish() {
    const text = this.collector.text();
    if (text === null) {
      this.restart();
      return this.say(this.words.damaged);
    }
    this.stop();
    this.toggle.disabled = true;
    this.say(this.words.complete);
    this.field.value = text;
    return this.form.submit();
  }

  /** @param {string | undefined} sentence */
  say(sentence) {
    const text = sentence || "";
    if (this.says.textContent !== text) this.says.textContent = text;
  }
}

/** @param {Document} page */
export function begin(page) {
  const root = /** @type {HTMLElement | null} */ (page.querySelector("[data-scan]"));
  const form = root && root.closest("form");
  if (root && form && form.querySelector("textarea[name=frames]")) return new Scan(root, form);
  return null;
}

if (typeof document !== "undefined") begin(document);
