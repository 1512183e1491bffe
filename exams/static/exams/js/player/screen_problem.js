// @ts-check
// What happened, what does it mean for my answers, what do I do now? In the words of a thirteen-year-old.

import { button, h } from "./dom.js";
import { gettext } from "./messages.js";
import { continueHere } from "./opening.js";
import { cardInput } from "./card_input.js";

function sayings() {
  return {
    offline: { title: gettext("No network"), text: gettext("This phone could not reach the server. Your exam has not begun and no time is running. We keep trying; the page goes on by itself.") },
    paper: { title: gettext("Fetching the items"), text: gettext("The network is weak, so the items are taking a while. We keep trying; leave this page open.") },
    no_such_sitting: { title: gettext("This exam is not yours"), text: gettext("Somebody else may be signed in on this phone. Go to the home page and see whose name stands there.") },
    voided: { title: gettext("This exam was cancelled"), text: gettext("Your answers up to then are not lost. Ask your teacher what happens next.") },
    refused: { title: gettext("This did not work"), text: gettext("Your answers on this phone are safe. Close the page, open it again, and tell your teacher if it does not help.") },
    signed_out: { title: gettext("Who are you?"), text: gettext("Type the code from your card to go on.") },
  };
}

/** @param {Player} player */
export function render(player) {
  const said = sayings()[player.state.problem] || sayings().refused;
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, said.title), h("p", { class: "lead" }, said.text),
    player.state.problem === "signed_out" && cardInput(player, () => {}),
    h("div", { class: "actions" }, h("a", { class: "button button--secondary", href: player.tools.config.home }, gettext("Home"))));
}

/** Another tab of this phone has the sitting. @param {Player} player */
export function renderElsewhere(player) {
  const go = async () => {
    await player.tools.tabs.take();
    window.location.reload();
  };
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, gettext("Open in another tab")),
    h("p", { class: "lead" }, gettext("You are already working in another tab of this browser. Your answers there are safe.")),
    h("div", { class: "actions" }, button(gettext("Continue here"), go, "button--big")));
}

/** Another device has the sitting: shown above the items, which can only be read. @param {Player} player */
export function takenOverNotice(player) {
  const go = button(gettext("Continue here"), () => {
    go.disabled = true;
    go.textContent = gettext("One moment…");
    continueHere(player);
  }, "button--secondary");
  return h("div", {},
    h("h2", { class: "notice__title" }, gettext("You went on working on another device")),
    h("p", {}, gettext("Here you can only read. Everything you answered here counts, unless you changed it there.")),
    h("div", { class: "actions" }, go));
}
