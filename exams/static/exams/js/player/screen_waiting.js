// @ts-check
// Before the start: is it me, what is it, is this phone ready, what if the network drops, and the one button.

import { checkList } from "./check_list.js";
import { announce, button, fill, h, icon } from "./dom.js";
import { clockTime, currentLanguage, gettext, inReaderScript, interpolate, ngettext, properName } from "./messages.js";
import { startSitting } from "./opening.js";
import { leavePhone } from "./sign_out.js";
import { unlockForm } from "./unlock_form.js";

/** @param {Player} player */
export function fullName(player) {
  const { candidate } = player.opened;
  return properName(`${candidate.given_name} ${candidate.family_name}`);
}

/** @param {Sitting} sitting */
export function sittingTitle(sitting) {
  return currentLanguage() === "en" ? sitting.title.en : inReaderScript(sitting.title.sr);
}

/** @param {Opened} opened */
function facts(opened) {
  const { sitting } = opened;
  const minutes = sitting.limit_seconds === null ? null : Math.round(sitting.limit_seconds / 60);
  const fact = (value, unit) => h("li", { class: "fact" }, h("b", { class: "fact__value number" }, String(value)), " ", unit);
  return h("ul", { class: "facts" },
    opened.items ? fact(opened.items, ngettext("item", "items", opened.items)) : null,
    minutes !== null ? fact(minutes, ngettext("minute", "minutes", minutes)) : h("li", { class: "fact" }, gettext("No time limit")));
}

function promises(player) {
  const line = (name, text) => h("li", {}, icon(name), h("span", {}, text));
  const practice = player.opened.sitting.purpose === "practice";
  return h("ul", { class: "promises" },
    player.tools.store.lasting
      ? line("phone", gettext("Every answer is kept on this phone at once. If the network drops, just go on: it is sent when the network is back."))
      : practice && line("cloud", gettext("This browser window cannot keep answers. Use an ordinary window, not a private one; if you start here, keep this page open until the end.")),
    line("clock", player.opened.sitting.limit_seconds === null
      ? gettext("Take your time. You see after each item whether it is right, and why.")
      : gettext("The time runs from your start and does not stop, even if you close the page.")),
    line("grid", practice
      ? gettext("A wrong answer costs nothing here: it shows what to practise next.")
      : gettext("You can go back and change answers until you hand in.")));
}

/** @param {any} error a PortError */
function refusedStart(error, player) {
  if (error.code === "window_closed") return gettext("This exam is closed. Ask your teacher what to do.");
  if (error.code === "voided") return gettext("This exam was cancelled for you. Ask your teacher what to do.");
  if (error.code === "paused") return gettext("The exam is paused. You can start when your invigilator says so.");
  if (error.code === "not_open_yet") return interpolate(gettext("Not open yet. It opens at %(time)s."), { time: clockTime(error.data.opens_at || player.opened.sitting.opens_at) });
  return gettext("The server did not answer. Nothing is lost: try again.");
}

/** Where the network is missing. @param {Player} player */
function unconnected({ row, sync }) {
  if (!sync || sync.connected) return "";
  return row.pocket ? gettext("No network right now. You can practise all the same: everything is kept on this phone.")
    : gettext("No network right now. Your exam has not begun and no time is running.");
}

/** What stands between the pupil and the start, if anything. @param {Player} player  @returns {string} */
function obstacle(player) {
  const { sitting } = player.opened;
  if (player.state.pausedAt !== null) return gettext("The exam is paused. You can start when your invigilator says so.");
  const wait = sitting.opens_at - player.tools.clock.now();
  if (wait <= 0) return "";
  const minutes = Math.ceil(wait / 60000);
  return `${interpolate(gettext("Opens at %(time)s."), { time: clockTime(sitting.opens_at) })} ${interpolate(ngettext("%(n)s minute to go.", "%(n)s minutes to go.", minutes), { n: minutes })}`;
}

/** @param {Player} player */
export function render(player) {
  const { opened } = player;
  const { waiting } = player.tools;
  const trial = opened.sitting.purpose === "trial";
  const status = h("p", { class: "start__status" });
  const begin = button(gettext("Start"), start, "button--big start__button");
  const checked = h("div", { class: "start__check" });
  const code = h("div", {});
  let starting = false;
  let said = ""; // about the last try to start, until something else is to be said

  async function start() {
    starting = true;
    begin.disabled = true;
    status.textContent = gettext("Starting…");
    try {
      await startSitting(player);
    } catch (error) {
      starting = false;
      said = refusedStart(error, player);
      announce(said);
      if (error.data && error.data.opens_at) opened.sitting.opens_at = error.data.opens_at;
      waiting.startFailed = error.passing === true;
      door();
    }
  }

  /** The door opens by itself; the server has the last word when the button is pressed. */
  function door() {
    const hindered = obstacle(player);
    if (hindered) said = "";
    if (!starting) {
      begin.disabled = Boolean(hindered);
      status.textContent = hindered || said || unconnected(player);
    }
    if (trial) unlocking();
  }

  function turn() {
    door();
    if (trial) waiting.turn(player);
    setTimeout(() => page.isConnected && turn(), 1000);
  }

  /** The code's field comes when the server is out of reach, and stays while somebody types in it. */
  function unlocking() {
    const wanted = waiting.wantsCode(player);
    if (wanted && !code.firstChild) {
      fill(code, unlockForm(player));
      announce(gettext("No network right now. Your exam has not begun and no time is running."));
    }
    const input = /** @type {HTMLInputElement | null} */ (code.querySelector("input"));
    if (!wanted && input && !input.value && input !== document.activeElement) fill(code);
    begin.classList.toggle("button--secondary", Boolean(code.firstChild));
  }

  if (trial) {
    waiting.show(player, (report, fetching) => fill(checked, checkList(report, fetching)));
  } else {
    fill(checked, player.tools.store.lasting && h("p", { class: "start__ready" }, icon("check"), gettext("Ready on this phone")));
  }
  const me = h("p", { class: "me" },
    h("span", { class: "me__name" }, fullName(player)),
    h("span", { class: "me__class" }, inReaderScript(opened.candidate.class)),
    button(gettext("This is not me"), () => leavePhone(player), "button--quiet me__not"));
  const page = h("section", { class: "page waiting" },
    h("h1", { tabindex: "-1" }, sittingTitle(opened.sitting)), me, facts(opened), promises(player),
    h("div", { class: "start" }, status, code, checked, begin));
  turn();
  return page;
}
