// @ts-check
// All items at a glance: which are answered, which are marked, where am I?

import { button, h, icon } from "./dom.js";
import { gettext, interpolate } from "./messages.js";

/** One item as a square that leads to it. @param {Player} player  @param {string} ref  @param {number} index */
export function cell(player, ref, index) {
  const answered = ref in player.state.responses;
  const marked = Boolean(player.state.flags[ref]);
  const name = [interpolate(gettext("Item %(n)s"), { n: index + 1 }), answered ? gettext("answered") : gettext("not answered"), marked ? gettext("marked") : ""];
  return h("li", {}, h("button", {
    type: "button", class: `cell ${answered ? "is-answered" : ""} ${marked ? "is-marked" : ""}`,
    "aria-label": name.filter(Boolean).join(", "), "aria-current": index === player.state.index ? "true" : null,
    onclick: () => player.go(index),
  }, h("span", { class: "number" }, String(index + 1)), h("span", { class: "cell__marks" }, answered && icon("check"), marked && icon("flag"))));
}

/** @param {Player} player */
export function render(player) {
  const practice = player.opened.sitting.purpose === "practice";
  const legend = (look, name, text) => h("li", {}, h("span", { class: `cell cell--legend ${look}`, "aria-hidden": "true" }, name && icon(name)), text);
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, gettext("All items")),
    h("ol", { class: "cells" }, player.state.refs.map((ref, index) => cell(player, ref, index))),
    h("ul", { class: "legend" }, legend("is-answered", "check", gettext("answered")), legend("", "", gettext("not answered")),
      !practice && legend("is-marked", "flag", gettext("marked"))),
    h("div", { class: "actions" },
      button(interpolate(gettext("Back to item %(n)s"), { n: player.state.index + 1 }), () => player.go(player.state.index), "button--secondary"),
      button(practice ? gettext("End of the set") : gettext("To hand-in"), () => player.show(practice ? "summary" : "hand_in"))));
}
