// @ts-check
// How much time is left, in words that do not frighten? Minutes until the last five, then minutes and seconds.

import { announce, fill, h, icon } from "./dom.js";
import { gettext, interpolate, ngettext } from "./messages.js";

const SPOKEN = [30, 10, 5, 1]; // minutes at which a screen reader is told, and at no other time

/** @param {number} ms */
export function timeLeft(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds > 300) {
    const minutes = Math.ceil(seconds / 60);
    return interpolate(gettext("%(n)s min"), { n: minutes });
  }
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Which announcement is due when the time left goes from `before` to `after`? Both in ms.
 * @param {number | null} before  @param {number} after
 * @returns {number | null} minutes
 */
export function announcementDue(before, after) {
  if (before === null) return null;
  const due = SPOKEN.filter((minutes) => before > minutes * 60000 && after <= minutes * 60000);
  return due.length && after > 0 ? due[due.length - 1] : null;
}

/** What is left by this state and clock; in a pause it stands still. @param {State} state  @param {{remaining: (endsAt: number | null) => number | null}} clock */
export function remaining(state, clock) {
  if (state.pausedAt === null || state.endsAt === null) return clock.remaining(state.endsAt);
  return Math.max(0, state.endsAt - state.pausedAt);
}

/** The button in the top bar; a tap hides the time and brings it back. */
export class Timer {
  constructor() {
    this.hidden = false;
    /** @type {number | null} */
    this.before = null;
    this.shown = "";
    this.element = h("button", { type: "button", class: "timer", hidden: true, onclick: () => { this.hidden = !this.hidden; this.shown = ""; this.draw(this.before); } });
  }

  /** @param {number | null} ms null: this sitting has no end */
  update(ms) {
    this.element.hidden = ms === null;
    if (ms === null) return;
    const due = announcementDue(this.before, ms);
    this.before = ms;
    if (due !== null) announce(interpolate(ngettext("%(n)s minute left", "%(n)s minutes left", due), { n: due }));
    this.draw(ms);
  }

  /** @param {number | null} ms */
  draw(ms) {
    const text = this.hidden ? gettext("Show time") : timeLeft(ms === null ? 0 : ms);
    if (text === this.shown) return;
    this.shown = text;
    this.element.classList.toggle("timer--last", !this.hidden && ms !== null && ms <= 300000);
    fill(this.element, icon("clock"), h("span", { class: "number" }, text),
      !this.hidden && h("span", { class: "visually-hidden" }, gettext("left. Press to hide the time")));
  }
}
