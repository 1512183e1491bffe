// @ts-check
// One item on the screen: where we are, what it is about, the task, the response.

import { widget } from "./interactions/registry.js";
import { button, fill, h, icon, prose } from "./dom.js";
import { gettext, interpolate, languageTag, paperLanguage } from "./messages.js";
import { feedback, hint, whyThis } from "./practice.js";
import { askHint, similarHere, trySimilar } from "./practising.js";
import { currentItem, numberOf, writable } from "./state.js";
import { stimulus } from "./stimulus.js";

/** @param {Player} player */
export function itemShown(player) {
  const paper = player.tools.papers.in(paperLanguage());
  return paper ? paper.items.find((item) => item.ref === currentItem(player.state)) : undefined;
}

/** @param {Player} player  @param {string} ref */
function flagButton(player, ref) {
  const button = h("button", { type: "button", class: "flag", onclick: () => { player.flag(ref); show(); } });
  const show = () => {
    const on = Boolean(player.state.flags[ref]);
    button.setAttribute("aria-pressed", String(on));
    fill(button, icon("flag"), on ? gettext("Marked") : gettext("Mark"));
  };
  show();
  return button;
}

/**
 * Task, response and, once it was checked, what there is to learn; for an author's preview too.
 * @param {Item} item  @param {any} value  @param {Change} onChange
 * @param {{readOnly: boolean, checked: boolean, hinted?: boolean, more?: any}} how `more`: what stands below, before and after the check
 */
export function task(item, value, onChange, { readOnly, checked, hinted, more }) {
  const id = `stem-${item.n}`;
  const stem = prose("div", item.content.stem, { class: "stem prose", id });
  return h("div", { class: "item__task" }, stem,
    widget(item, value, onChange, { readOnly, labelledBy: id, stem, key: checked ? item.solution.key : null }),
    checked ? feedback(item, value, hinted, more) : more);
}

/** @param {Player} player  @param {Item} item */
function stimulusOf(player, item) {
  const { papers } = player.tools;
  const id = item.content.stimulus;
  const content = id && (papers.in(paperLanguage()).stimuli || {})[id];
  const folded = player.row.folded || {};
  return content && stimulus(content, Boolean(folded[id]), (now) => {
    if (now !== Boolean(folded[id])) player.note({ folded: Object.assign(folded, { [id]: now }) }, false);
  });
}

/** What helps with it, before the check and after. @param {Player} player  @param {Item} item  @param {boolean} checked */
function help(player, item, checked) {
  const hinted = Boolean(player.state.hinted[item.ref]);
  const open = !checked && item.solution && item.solution.hint && (hinted || writable(player.state));
  if (open) return hint(item, hinted, () => askHint(player, item.ref));
  return checked && similarHere(player) && h("div", { class: "actions feedback__more" }, button(gettext("Try a similar one"), () => trySimilar(player), "button--secondary"));
}

/** @param {Player} player */
function title({ state }) {
  const root = state.extra[currentItem(state)];
  const number = numberOf(state, root ? state.refs.indexOf(root) : state.index);
  return h("h1", { class: "item__title", tabindex: "-1" },
    root ? interpolate(gettext("One more like item %(n)s"), { n: number }) : interpolate(gettext("Item %(n)s"), { n: number }),
    !root && h("span", { class: "item__of" }, ` ${interpolate(gettext("of %(total)s"), { total: state.total })}`));
}

/** @param {Player} player */
export function render(player) {
  const item = itemShown(player);
  if (!item) return h("p", {}, gettext("Loading…"));
  const { state } = player;
  const practice = player.opened.sitting.purpose === "practice";
  const checked = Boolean(practice && state.checked[item.ref]);
  const about = stimulusOf(player, item);
  return h("article", { class: about ? "item item--about" : "item", lang: languageTag(), "data-item": item.ref },
    h("div", { class: "item__head" },
      title(player),
      writable(state) && !practice && flagButton(player, item.ref)),
    practice && item.why && !state.extra[item.ref] && whyThis(item, state.seen[item.ref]), about,
    task(item, state.responses[item.ref], (value, typing) => player.respond(item.ref, value, typing), {
      readOnly: checked || !writable(state), checked, hinted: Boolean(state.hinted[item.ref]), more: practice && help(player, item, checked),
    }));
}
