// @ts-check
// All items at a glance: which are answered, which are marked, where am I?

import { button, h, icon } from "./dom.js";
import { partial } from "./completeness.js";
import { gettext, interpolate, paperLanguage } from "./messages.js";
import { numberOf } from "./state.js";

/** How far a response is. @param {boolean} answered  @param {boolean} half */
const stand = (answered, half) => (half ? gettext("partly answered") : answered ? gettext("answered") : gettext("not answered"));

/** One item as a square that leads to it. @param {Player} player  @param {string} ref  @param {boolean} half answered only in part */
export function cell(player, ref, half) {
  const { state } = player;
  const answered = ref in state.responses && !half;
  const marked = Boolean(state.flags[ref]);
  const root = state.extra[ref];
  const index = state.refs.indexOf(ref);
  const n = numberOf(state, root ? state.refs.indexOf(root) : index);
  const name = [
    root ? interpolate(gettext("One more like item %(n)s"), { n }) : interpolate(gettext("Item %(n)s"), { n }), stand(answered, half), marked ? gettext("marked") : "",
  ];
  return h("li", {}, h("button", {
    type: "button", class: `cell ${answered ? "is-answered" : half ? "is-partial" : ""} ${marked ? "is-marked" : ""}`,
    "aria-label": name.filter(Boolean).join(", "), "aria-current": index === state.index ? "true" : null,
    onclick: () => player.go(index),
  }, h("span", { class: "number" }, `${n}${root ? "+" : ""}`), h("span", { class: "cell__marks" }, answered && icon("check"), marked && icon("flag"))));
}

/** @param {Player} player */
export function render(player) {
  const practice = player.opened.sitting.purpose === "practice";
  const { state } = player;
  const halves = partial(player, player.tools.papers.in(paperLanguage()));
  const legend = (look, name, text) => h("li", {}, h("span", { class: `cell cell--legend ${look}`, "aria-hidden": "true" }, name && icon(name)), text);
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, gettext("All items")),
    h("ol", { class: "cells" }, state.refs.map((ref) => cell(player, ref, halves.includes(ref)))),
    h("ul", { class: "legend" }, legend("is-answered", "check", gettext("answered")), halves.length > 0 && legend("is-partial", "", gettext("partly answered")),
      legend("", "", gettext("not answered")),
      !practice && legend("is-marked", "flag", gettext("marked"))),
    h("div", { class: "actions" },
      button(interpolate(gettext("Back to item %(n)s"), { n: numberOf(state, state.index) }), () => player.go(state.index), "button--secondary"),
      button(practice ? gettext("End of the set") : gettext("To hand-in"), () => player.show(practice ? "summary" : "hand_in"))));
}
