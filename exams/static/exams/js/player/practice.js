// @ts-check
// What does a pupil learn from this response, at once and without a network? Only released items come with keys.

import { scoreResponse } from "../response_processing.js";
import { button, fill, h, icon, prose } from "./dom.js";
import { gettext, inReaderScript, interpolate } from "./messages.js";

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

function heading(kind, hinted) {
  if (kind === "right" && hinted) return { icon: "check", text: gettext("Correct, with a hint") };
  if (kind === "right") return { icon: "check", text: gettext("Correct") };
  if (kind === "partly") return { icon: "bulb", text: gettext("Partly correct") };
  if (kind === "skipped") return { icon: "bulb", text: gettext("Here is how it works") };
  if (kind === "pending") return { icon: "clock", text: gettext("Your text is kept. A teacher will mark it.") };
  return { icon: "bulb", text: gettext("Not yet") };
}

/** Items that show the right side of each part themselves: once more in words would be a wall of text. */
const SELF_MARKED = ["true_false", "multiple_choice", "select_words", "hotspot"];

/** The right response in words; pairs one below the other. @param {Item} item */
function keyOf({ interaction, content, solution }) {
  if (interaction !== "match") return inReaderScript(solution.key_text);
  const right = (row) => content.choices.find((choice) => choice.id === solution.key.correct[row.id]);
  return prose("ol", content.rows.map((row) => `<li>${row.html.replace(/\.$/, "")} →\u00a0${right(row).html}</li>`).join(""));
}

/** @param {Item} item  @param {any} value  @param {boolean} [hinted]  @param {any} [more] what can be done about it */
export function feedback(item, value, hinted = false, more = null) {
  const kind = verdict(item, value);
  const said = heading(kind, hinted);
  const wrong = kind === "right" ? [] : misconceptions(item, value);
  return h("section", { class: `feedback feedback--${kind}`, "aria-labelledby": "feedback-title" },
    h("h2", { class: "feedback__title", id: "feedback-title", tabindex: "-1" }, icon(said.icon), said.text),
    wrong.map((html) => prose("div", html, { class: "feedback__misconception prose" })),
    kind !== "right" && !SELF_MARKED.includes(item.interaction) && item.solution.key_text && h(item.interaction === "match" ? "div" : "p", { class: "feedback__key" },
      h("span", { class: "feedback__label" }, gettext("Correct answer")), keyOf(item)),
    h("h3", { class: "feedback__label" }, gettext("Why")),
    prose("div", item.solution.explanation, { class: "prose" }), more);
}

/**
 * Before the check: a first step to hold on to. It stays, and counts as not solved alone.
 * @param {Item} item  @param {boolean} shown  @param {() => void} ask
 */
export function hint(item, shown, ask) {
  const place = h("div", { class: "hint" });
  const show = () => fill(place,
    h("h2", { class: "hint__title", tabindex: "-1" }, icon("bulb"), gettext("Hint")),
    prose("div", item.solution.hint, { class: "prose" }),
    h("p", { class: "muted small" }, gettext("With a hint it does not count as solved on your own, and it comes back another day.")));
  const take = () => {
    ask();
    show();
    /** @type {HTMLElement} */ (place.querySelector("h2")).focus({ preventScroll: true });
  };
  if (shown) show();
  else fill(place, button(gettext("Hint"), take, "button--quiet"));
  return place;
}

/** A probability as people say it. @param {number} probability */
export function chance(probability) {
  return interpolate(gettext("about %(n)s in 10"), { n: Math.max(1, Math.min(9, Math.round(probability * 10))) });
}

/** Why it was chosen (scoring/practice/reasons.py), in the words of the set's page; of "any" there is nothing to say. */
const REASONS = {
  review_due: () => gettext("Points were missing here on another day: today is a good day for another go."),
  first_step: () => gettext("First steps: what you need next is built on this."),
  find_out: () => gettext("We have seen too little of you here to say where you stand."),
  weak_domain: () => gettext("You are not there yet: every item you work through brings you closer."),
  closes_gap: () => gettext("You are close: a little practice closes the gap."),
  stretch: () => gettext("One step further than what you are already sure of."),
  confirm_strength: () => gettext("You know this, and it stays that way when you use it."),
  review_missed: () => gettext("You have met it before and points were missing: worth another go."),
};

function reason(why) {
  const domain = why.domain ? interpolate(gettext("From %(domain)s."), { domain: inReaderScript(why.domain.title) }) : "";
  const saying = Object.prototype.hasOwnProperty.call(REASONS, why.reason) && REASONS[why.reason];
  return saying ? `${domain} ${saying()}` : domain;
}

/** @param {Item} item  @param {any} [how] how this phone chose it, from a pool */
export function whyThis(item, how) {
  const why = how && how.reason ? Object.assign({}, item.why, how) : item.why;
  return h("p", { class: "why" }, reason(why), " ",
    typeof why.probability === "number" && interpolate(gettext("Your chance of solving it: %(chance)s."), { chance: chance(why.probability) }));
}
