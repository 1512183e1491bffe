// @ts-check
// What is said beside the screen, without covering it and without taking the focus? Words of the staff, time that was
// added, another device, a card that is asked for. One thing at a time.

import { cardInput } from "./card_input.js";
import { announce, button, fill, h } from "./dom.js";
import { clockTime, currentLanguage, gettext, inReaderScript, interpolate } from "./messages.js";
import { sentenceOf } from "./news.js";
import { takenOverNotice } from "./screen_problem.js";
import { currentItem, finished } from "./state.js";

/** @param {Announcement} one */
const wordsOf = (one) => (currentLanguage() === "en" ? one.en || one.sr : inReaderScript(one.sr));

/** The item, and what was done up to now. @param {Player} player */
const moment = ({ state, outbox }) => `${currentItem(state)} ${outbox && outbox.last}`;

export class NoticeBar {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.shown = "";
    this.warned = ""; // practice: where the solution was asked for without an answer
    /** @type {News | null} */
    this.spokenNews = null;
    this.spoken = 0; // id of the latest announcement a screen reader was told
  }

  /** @param {Player} player */
  draw(player) {
    if (this.shown === "check" && player.state.view === "item" && this.warned === moment(player)) return;
    this.hush("check");
    if (this.shown === "card") return;
    const taken = player.state.takenOver && !finished(player.state);
    if (taken) return this.say(`taken ${currentLanguage()}`, () => takenOverNotice(player));
    this.hush("taken");
    return this.drawWords(player);
  }

  /** News and announcements stay until the pupil has read them. @param {Player} player */
  drawWords(player) {
    const news = player.news && player.news.kind !== "paused" ? sentenceOf(player.news) : ""; // the screen says that it is paused
    const told = player.row.notices || [];
    this.speak(player.news, told);
    if (!news && !told.length) return this.hush("words");
    const read = button(gettext("Got it"), () => {
      player.dismiss();
      const heading = /** @type {HTMLElement | null} */ (document.querySelector("#stage h1"));
      if (heading) heading.focus({ preventScroll: true });
    }, "button--secondary");
    return this.say(`words ${currentLanguage()} ${news} ${told.map((one) => one.id)}`, () => h("div", {},
      news && h("p", { class: "notice__news" }, news),
      told.map((one) => h("div", { class: "notice__told" },
        h("h2", { class: "notice__title" }, interpolate(gettext("Announcement, %(time)s"), { time: clockTime(one.at) })),
        h("p", {}, wordsOf(one)))),
      h("div", { class: "actions" }, read)));
  }

  /** Once each, politely. @param {News | null} news  @param {Announcement[]} told */
  speak(news, told) {
    const fresh = told.filter((one) => one.id > this.spoken).map(wordsOf);
    if (news && news !== this.spokenNews) fresh.unshift(sentenceOf(news));
    this.spokenNews = news;
    this.spoken = Math.max(this.spoken, ...told.map((one) => one.id));
    if (fresh.length) announce(fresh.join(" "));
  }

  /** @param {string} key  @param {any} content */
  say(key, content) {
    if (this.shown === key) return;
    this.shown = key;
    fill(this.element, typeof content === "function" ? content() : content);
    this.element.hidden = false;
  }

  /** @param {string} key */
  hush(key) {
    if (!this.shown || !this.shown.startsWith(key)) return;
    this.shown = "";
    this.element.hidden = true;
  }

  /** Once; whatever else is done takes it away. @param {Player} player  @returns {boolean} false: it was just said */
  warn(player) {
    if (this.warned === moment(player)) return false;
    const line = gettext("No answer yet. Press Check again to see the solution without answering.");
    this.warned = moment(player);
    this.say("check", h("p", { class: "notice__line" }, line));
    announce(line);
    return true;
  }

  /** @param {Player} player  @param {string} reason */
  askCard(player, reason) {
    const unfold = () => {
      const form = cardInput(player, () => this.hush("card"));
      more.replaceWith(form);
      /** @type {HTMLElement} */ (form.querySelector("input")).focus();
    };
    const more = button(gettext("Sign in"), unfold, "button--secondary");
    this.say("card", () => h("div", {},
      h("h2", { class: "notice__title" }, reason === "no_such_sitting" ? gettext("Somebody else is signed in on this phone") : gettext("Please sign in again")),
      h("p", {}, gettext("Your answers are kept on this phone. Go on working, or sign in so that they can be sent.")), more));
    announce(gettext("Please sign in again. Your answers are kept on this phone."));
  }
}
