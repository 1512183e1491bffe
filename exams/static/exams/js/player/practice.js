// @ts-check
// What does a pupil learn from this response, at once and without a network? Only released items come with keys.

import { scoreResponse } from "../response_processing.js";
import { h, icon, prose } from "./dom.js";
import { gettext, inReaderScript, interpolate, ngettext } from "./messages.js";

/** @param {Item} item  @param {any} value */
export const outcome = (item, value) => scoreResponse(item.solution.key, value === undefined ? null : value);

/** Is what was typed in this part the wrong entry that a misconception is filed under? */
function isEntry(key, part, typed, filed) {
  const parts = key.fields || key.gaps || {};
  if (!parts[part] || parts[part].accept === "choice" || typeof typed !== "string") return typed === filed;
  if (typed.trim() === filed) return true;
  const asKey = Object.assign({}, parts[part], { value: filed, values: [filed], form: undefined, tolerance: undefined });
  const asked = { interaction: "text_entry", half_points: [0, 2], fields: { [part]: asKey } };
  return scoreResponse(asked, { [part]: typed }).halfPoints === 2;
}

/**
 * The misconceptions behind the wrong parts of a response, in the paper's order, at most two.
 * @param {Item} item  @param {any} value
 * @returns {string[]} HTML
 */
export function misconceptions(item, value) {
  const { key } = item.solution;
  const filed = item.solution.misconceptions || {};
  const { parts } = outcome(item, value);
  const fits = (name) => {
    if (value === null || value === undefined) return false;
    if (item.interaction === "choice") return name === value;
    if (item.interaction === "order") return name === value.join(",");
    const colon = name.indexOf(":");
    if (colon < 0) return parts[name] === false; // a statement, or something taken that should not be
    const part = name.slice(0, colon);
    return parts[part] === false && isEntry(key, part, value[part], name.slice(colon + 1));
  };
  return Object.keys(filed).filter(fits).slice(0, 2).map((name) => filed[name]);
}

/** @param {Item} item  @param {any} value  @returns {"right" | "partly" | "wrong" | "skipped" | "pending"} */
export function verdict(item, value) {
  const { halfPoints, maxHalfPoints, status } = outcome(item, value);
  if (status === "omitted") return "skipped";
  if (status === "pending") return "pending";
  if (halfPoints === maxHalfPoints) return "right";
  return halfPoints > 0 ? "partly" : "wrong"; // by points, as on the result page
}

function heading(kind) {
  if (kind === "right") return { icon: "check", text: gettext("Correct") };
  if (kind === "partly") return { icon: "bulb", text: gettext("Partly correct") };
  if (kind === "skipped") return { icon: "bulb", text: gettext("Here is how it works") };
  if (kind === "pending") return { icon: "clock", text: gettext("Your text is kept. A teacher will mark it.") };
  return { icon: "bulb", text: gettext("Not yet") };
}

/** Items that show the right side of each part themselves: once more in words would be a wall of text. */
const SELF_MARKED = ["true_false", "multiple_choice", "select_words", "hotspot"];

/** @param {Item} item  @param {any} value */
export function feedback(item, value) {
  const kind = verdict(item, value);
  const said = heading(kind);
  const wrong = kind === "right" ? [] : misconceptions(item, value);
  return h("section", { class: `feedback feedback--${kind}`, "aria-labelledby": "feedback-title" },
    h("h2", { class: "feedback__title", id: "feedback-title", tabindex: "-1" }, icon(said.icon), said.text),
    wrong.map((html) => prose("div", html, { class: "feedback__misconception prose" })),
    kind !== "right" && !SELF_MARKED.includes(item.interaction) && item.solution.key_text && h("p", { class: "feedback__key" },
      h("span", { class: "feedback__label" }, gettext("Correct answer")), inReaderScript(item.solution.key_text)),
    h("h3", { class: "feedback__label" }, gettext("Why")),
    prose("div", item.solution.explanation, { class: "prose" }));
}

/** A probability as people say it. @param {number} probability */
export function chance(probability) {
  return interpolate(gettext("about %(n)s in 10"), { n: Math.max(1, Math.min(9, Math.round(probability * 10))) });
}

/** The server's reasons (scoring/practice_choice.py), said to the pupil; the same words as on the set's page. */
const REASONS = {
  review_missed: () => gettext("You have met it before and points were missing: worth another go."),
  weak_domain: () => gettext("You are not there yet in this domain, and practice there brings the most."),
  closes_gap: () => gettext("You are not sure yet in this domain: this closes the gap."),
  confirm_strength: () => gettext("You know this domain: one item keeps it that way."),
};

function reason(why) {
  const domain = why.domain ? interpolate(gettext("From %(domain)s."), { domain: inReaderScript(why.domain.title) }) : "";
  const saying = REASONS[why.reason];
  return saying ? `${domain} ${saying()}` : domain;
}

/** @param {Item} item */
export function whyThis(item) {
  const { why } = item;
  return h("p", { class: "why" }, reason(why), " ",
    typeof why.probability === "number" && interpolate(gettext("Your chance of solving it: %(chance)s."), { chance: chance(why.probability) }));
}

/** The end of a set: what went well first, then the way on. @param {Player} player  @param {Item[]} items */
export function summary(player, items) {
  const { responses, checked } = player.state;
  const kinds = items.map((item) => (checked[item.ref] ? verdict(item, responses[item.ref]) : "open"));
  const right = kinds.filter((kind) => kind === "right").length;
  const names = { right: gettext("correct"), partly: gettext("partly correct"), wrong: gettext("not yet"), skipped: gettext("looked at"), pending: gettext("waits for marking"), open: gettext("not done") };
  const icons = { right: "check", partly: "bulb", wrong: "bulb", skipped: "bulb", pending: "clock", open: "next" };
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, right ? interpolate(ngettext("%(n)s item solved", "%(n)s items solved", right), { n: right }) : gettext("You went through the whole set")),
    h("p", { class: "lead" }, !right ? gettext("What did not work today comes back another day.") : interpolate(ngettext("Of %(total)s item in this set. What did not work today comes back another day.", "Of %(total)s items in this set. What did not work today comes back another day.", items.length), { total: items.length })),
    h("ol", { class: "results" }, kinds.map((kind, index) => h("li", {},
      h("button", { type: "button", class: `results__row results__row--${kind}`, onclick: () => player.go(index) },
        h("span", { class: "results__number" }, String(index + 1)), icon(icons[kind]), names[kind])))),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button button--big", onclick: () => player.handIn("candidate") }, gettext("Finish practice"))));
}
