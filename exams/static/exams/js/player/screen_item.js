// @ts-check
// One item on the screen: where we are, what it is about, the task, the response.

import { widget } from "./interactions/registry.js";
import { fill, h, icon, prose } from "./dom.js";
import { gettext, interpolate, languageTag, paperLanguage } from "./messages.js";
import { feedback, whyThis } from "./practice.js";
import { currentItem, writable } from "./state.js";
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
 * @param {Item} item  @param {any} value  @param {Change} onChange  @param {{readOnly: boolean, checked: boolean}} how
 */
export function task(item, value, onChange, { readOnly, checked }) {
  const id = `stem-${item.n}`;
  const stem = prose("div", item.content.stem, { class: "stem prose", id });
  return h("div", { class: "item__task" }, stem,
    widget(item, value, onChange, { readOnly, labelledBy: id, stem, key: checked ? item.solution.key : null }),
    checked && feedback(item, value));
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

/** @param {Player} player */
export function render(player) {
  const item = itemShown(player);
  if (!item) return h("p", {}, gettext("Loading…"));
  const { state } = player;
  const practice = player.opened.sitting.purpose === "practice";
  const checked = Boolean(practice && state.checked[item.ref]);
  const about = stimulusOf(player, item);
  return h("article", { class: about ? "item item--about" : "item", lang: languageTag() },
    h("div", { class: "item__head" },
      h("h1", { class: "item__title", tabindex: "-1" },
        interpolate(gettext("Item %(n)s"), { n: state.index + 1 }),
        h("span", { class: "item__of" }, ` ${interpolate(gettext("of %(total)s"), { total: state.refs.length })}`)),
      writable(state) && !practice && flagButton(player, item.ref)),
    practice && item.why && whyThis(item), about,
    task(item, state.responses[item.ref], (value, typing) => player.respond(item.ref, value, typing), { readOnly: checked || !writable(state), checked }));
}
