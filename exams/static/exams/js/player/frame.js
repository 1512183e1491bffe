// @ts-check
// What stays around every screen? The top bar (place, time, menu), the bottom bar (back, saving, next), the notice.

import { button, fill, h, icon } from "./dom.js";
import { LANGUAGES, currentLanguage, gettext, inReaderScript, interpolate } from "./messages.js";
import { NoticeBar } from "./notice_bar.js";
import { SaveIndicator } from "./save_indicator.js";
import { onward } from "./practising.js";
import { currentItem, finished, goesOn, numberOf, paused, writable } from "./state.js";
import { fullName } from "./screen_waiting.js";
import { itemShown } from "./screen_item.js";
import { leavePhone } from "./sign_out.js";
import { outcome } from "./practice.js";
import { Timer } from "./timer.js";

const UNREAD = 350; // ms after a screen changed: whatever presses a button by then was meant for the one before
const NAMES = { sr: "Ћирилица", "sr-latn": "Latinica", en: "English" };

/** @param {string} id an element of the shell  @returns {HTMLElement} */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Frame {
  /** @param {(language: string) => void} onLanguage */
  constructor(onLanguage) {
    this.onLanguage = onLanguage;
    this.timer = new Timer();
    this.saving = new SaveIndicator();
    this.top = part("top");
    this.bottom = part("bottom");
    this.notices = new NoticeBar(part("notice"));
    this.key = "";
    this.changed = -UNREAD;
    this.bottom.addEventListener("click", (event) => this.tooSoon(event), true);
    this.bottom.addEventListener("keydown", (event) => { if (event.repeat && event.key !== "Tab") event.preventDefault(); });
    document.addEventListener("click", (event) => this.clickedOutside(event));
  }

  /** The second half of a double tap. @param {Event} event */
  tooSoon(event) {
    if (performance.now() - this.changed >= UNREAD) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** An open menu covers the items: a tap on anything else closes it. @param {Event} event */
  clickedOutside(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.menu && this.menu.open && !target.closest(".menu")) this.menu.open = false;
  }

  /** @param {Player} player */
  draw(player) {
    const { state, opened } = player;
    const checked = Boolean(state.checked[currentItem(state)]);
    const key = JSON.stringify([state.view, state.index, state.refs.length, currentLanguage(), Boolean(opened), checked, writable(state), paused(state)]);
    if (key !== this.key) {
      this.key = key;
      this.changed = performance.now();
      const open = this.menu && this.menu.open;
      fill(this.top, this.place(player), this.timer.element, this.menuOf(player));
      if (open) {
        this.menu.open = true;
        this.menu.querySelector("[aria-pressed=true]").focus(); // where the choice was made, so that Escape closes
      }
      this.bars(player);
    }
    this.notices.draw(player);
  }

  /** @param {Player} player */
  place(player) {
    const { state } = player;
    if (!state.refs.length || finished(state) || paused(state)) return h("a", { class: "topbar__brand", href: player.tools.config.home }, gettext("Proba"));
    const n = numberOf(state, state.index);
    const text = interpolate("%(n)s / %(total)s", { n, total: state.total });
    return h("button", {
      type: "button", class: "topbar__place", "aria-label": interpolate(gettext("Item %(n)s of %(total)s. Show all items"), { n, total: state.total }),
      onclick: () => player.show("overview"),
    }, icon("grid"), h("span", { class: "number" }, text));
  }

  /** @param {Player} player */
  menuOf(player) {
    const languages = LANGUAGES.map((code) => h("button", {
      type: "button", "aria-pressed": String(code === currentLanguage()), translate: "no", onclick: () => this.onLanguage(code),
    }, NAMES[code]));
    this.menu = h("details", { class: "menu", onkeydown: (event) => { if (event.key === "Escape") this.closeMenu(); } },
      h("summary", { class: "menu__button" }, icon("menu"), h("span", { class: "visually-hidden" }, gettext("Menu"))),
      h("div", { class: "menu__panel" },
        player.opened && h("p", { class: "menu__who" }, h("b", {}, fullName(player)), h("span", { class: "muted" }, inReaderScript(player.opened.candidate.class))),
        h("fieldset", { class: "choice" }, h("legend", { class: "choice__label" }, gettext("Language and script")), h("div", { class: "choice__set" }, languages)),
        player.opened && player.opened.sitting.purpose === "practice" && h("p", {}, h("a", { class: "button button--quiet", href: player.tools.config.home }, gettext("Home"))),
        player.opened && button(gettext("Sign out"), () => { this.menu.open = false; leavePhone(player); }, "button--quiet")));
    return this.menu;
  }

  closeMenu() {
    this.menu.open = false;
    this.menu.querySelector("summary").focus();
  }

  /** @param {Player} player */
  bars(player) {
    const { state } = player;
    const items = state.view === "item";
    this.bottom.hidden = paused(state) || !["item", "overview", "hand_in", "summary"].includes(state.view);
    const back = h("button", {
      type: "button", class: "button button--secondary bottom__back", disabled: items && state.index === 0,
      "aria-label": items ? gettext("Previous item") : gettext("Back to the item"), onclick: () => player.go(items ? state.index - 1 : state.index),
    }, icon("back"));
    fill(this.bottom, back, this.saving.element, items ? this.next(player) : h("span", { class: "bottom__space" }));
  }

  /** @param {Player} player */
  next(player) {
    const { state, opened } = player;
    const practice = opened.sitting.purpose === "practice";
    const end = state.index === state.refs.length - 1;
    const last = end && !goesOn(state);
    const ref = currentItem(state);
    if (practice && !state.checked[ref] && writable(state)) {
      return h("button", { type: "button", class: "button bottom__next", onclick: () => this.check(player, ref) }, gettext("Check"));
    }
    const further = () => {
      if (!end) player.go(state.index + 1);
      else if (!practice || !onward(player)) player.show(practice ? "summary" : "hand_in");
    };
    return h("button", { type: "button", class: "button bottom__next", onclick: further }, last ? gettext("Finish") : gettext("Next"), icon("next"));
  }

  /** @param {Player} player  @param {string} ref */
  check(player, ref) {
    player.settle();
    const item = itemShown(player);
    const value = player.state.responses[ref];
    if (item && outcome(item, value).status === "omitted" && this.notices.warn(player)) {
      this.changed = performance.now();
      return;
    }
    this.notices.hush("check");
    player.check(ref);
    const title = document.getElementById("feedback-title");
    if (title) {
      title.focus({ preventScroll: true });
      title.scrollIntoView({ block: "nearest" });
      const section = title.parentElement;
      if (section) section.scrollIntoView({ block: "start" });
    }
  }
}
