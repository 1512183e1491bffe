// @ts-check
// The end of a practice set: what went well first, then what is worth another look, how the prediction moved, the way on.
// Only of items that were shown.

import { h, icon } from "./dom.js";
import { currentLanguage, gettext, inReaderScript, interpolate, ngettext, paperLanguage } from "./messages.js";
import { movement } from "../practice/learning.js";
import { chance, verdict } from "./practice.js";
import { onward } from "./practising.js";
import { goesOn, numberOf, writable } from "./state.js";

/** @typedef {"right" | "helped" | "partly" | "wrong" | "skipped" | "pending" | "open"} How */

/** How each item that was shown went, in the order of showing. @param {State} state  @param {Item[]} items  @returns {{ref: string, item: Item, kind: How}[]} */
export function wentThrough(state, items) {
  const rows = [];
  state.refs.forEach((ref) => {
    const item = items.find((one) => one.ref === ref);
    if (!item || !(ref in state.seen)) return;
    const kind = state.checked[ref] ? verdict(item, state.responses[ref]) : "open";
    rows.push({ ref, item, kind: kind === "right" && state.hinted[ref] ? "helped" : kind });
  });
  return rows;
}

/** @param {{kind: How}[]} rows  @param {How[]} kinds */
const count = (rows, ...kinds) => rows.filter((row) => kinds.includes(row.kind)).length;

/** Never praise for nothing, never blame. @param {{kind: How}[]} rows */
export function headline(rows) {
  const right = count(rows, "right");
  const nearly = count(rows, "helped", "partly");
  const worked = count(rows, "wrong", "skipped", "pending");
  if (right) return interpolate(ngettext("%(n)s item solved", "%(n)s items solved", right), { n: right });
  if (nearly) return interpolate(ngettext("%(n)s item nearly there", "%(n)s items nearly there", nearly), { n: nearly });
  return worked ? gettext("These were hard, and you stayed with them") : gettext("Nothing checked yet");
}

/** @param {{kind: How}[]} rows */
function lead(rows) {
  const total = interpolate(ngettext("Of %(total)s item you were shown.", "Of %(total)s items you were shown.", rows.length), { total: rows.length });
  if (!count(rows, "helped", "partly", "wrong", "skipped")) return count(rows, "right") ? total : "";
  const later = gettext("What did not work today comes back another day.");
  if (count(rows, "right", "helped", "partly")) return `${total} ${later}`;
  return `${gettext("None came out right yet. That happens; now you know where to look.")} ${later}`;
}

/**
 * Up to three skills whose last item went like this: who missed one and then solved a similar one can do it.
 * @param {{item: Item, kind: How}[]} rows  @param {How[]} kinds
 */
export function skills(rows, ...kinds) {
  const last = new Map();
  rows.forEach(({ item, kind }) => last.set((item.standard || (item.why || {}).domain || {}).title, kind));
  return Array.from(last.keys()).filter((title) => title && kinds.includes(last.get(title))).slice(0, 3).map(inReaderScript);
}

/** @param {string} label  @param {string[]} titles */
const line = (label, titles) => titles.length > 0 && h("p", {}, h("b", {}, label), " ", titles.join("; "), ".");

/** Half-points as points in the reader's language. @param {number} halfPoints */
const points = (halfPoints) => String(halfPoints / 2).replace(".", currentLanguage() === "en" ? "." : ",");

/** @param {Band} band */
const range = (band) => (band.low === band.high ? points(band.low) : `${points(band.low)}–${points(band.high)}`);

/** How the prediction moved. @param {Player} player  @param {Paper} paper */
function moved(player, paper) {
  const found = movement(paper, player.state, player.state.refs);
  if (!found) return null;
  const { before, now, of, needed } = found;
  if (!now) {
    return needed > 0 && h("p", { class: "moved" }, interpolate(ngettext(
      "%(n)s more item, and we can say how many points you can expect on the exam.",
      "%(n)s more items, and we can say how many points you can expect on the exam.", needed), { n: needed }));
  }
  return h("section", { class: "moved", "aria-labelledby": "moved-title" },
    h("h2", { class: "moved__title", id: "moved-title" }, gettext("What you can expect on the exam")),
    h("p", { class: "moved__bands" },
      before && h("span", { class: "moved__before" }, interpolate(gettext("Before: %(range)s."), { range: range(before) }), " "),
      h("b", {}, interpolate(gettext("Now most likely %(range)s of %(total)s points"), { range: range(now), total: points(of) })),
      ` (${chance(now.probability)}).`),
    h("p", { class: "muted small" }, gettext("Worked out on this phone. When everything has arrived at the server, it may still shift a little.")));
}

/** What is still to be done of the set, if anything. @param {Player} player  @param {{ref: string, kind: How}[]} rows */
function goOn(player, rows) {
  const { state } = player;
  const open = state.refs.findIndex((ref) => !state.checked[ref]);
  if (!writable(state) || (open < 0 && !goesOn(state))) return null;
  const run = () => (open >= 0 ? player.go(open) : onward(player));
  return h("button", { type: "button", class: "button button--secondary", onclick: run }, rows.length ? gettext("Go on practising") : gettext("Start"));
}

/** @param {Player} player */
export function summary(player) {
  const { state, tools } = player;
  const paper = tools.papers.in(paperLanguage());
  const rows = wentThrough(state, paper.items);
  const names = {
    right: gettext("correct"), helped: gettext("correct, with a hint"), partly: gettext("partly correct"), wrong: gettext("not yet"),
    skipped: gettext("looked at"), pending: gettext("waits for marking"), open: gettext("not done"),
  };
  const icons = { right: "check", helped: "check", partly: "bulb", wrong: "bulb", skipped: "bulb", pending: "clock", open: "next" };
  const said = lead(rows);
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, headline(rows)),
    said && h("p", { class: "lead" }, said),
    line(gettext("Went well:"), skills(rows, "right")),
    line(gettext("Worth another look:"), skills(rows, "helped", "partly", "wrong", "skipped")),
    moved(player, paper),
    h("ol", { class: "results" }, rows.map(({ ref, kind }) => h("li", {},
      h("button", { type: "button", class: `results__row results__row--${kind === "helped" ? "right" : kind}`, onclick: () => player.go(state.refs.indexOf(ref)) },
        h("span", { class: "results__number" }, `${numberOf(state, state.refs.indexOf(state.extra[ref] || ref))}${state.extra[ref] ? "+" : ""}`), icon(icons[kind]), names[kind])))),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button button--big", onclick: () => player.handIn("candidate") }, gettext("Finish practice")),
      goOn(player, rows)));
}
