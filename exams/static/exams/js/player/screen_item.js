// @ts-check
// One item on the screen: where we are, the task, the response.

import { widget } from "./interactions/registry.js";
import { fill, h, icon, prose } from "./dom.js";
import { gettext, interpolate, languageTag, paperLanguage } from "./messages.js";
import { feedback, whyThis } from "./practice.js";
import { currentItem, writable } from "./state.js";

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

/** @param {Player} player */
export function render(player) {
  const item = itemShown(player);
  if (!item) return h("p", {}, gettext("Loading…"));
  const { state } = player;
  const practice = player.opened.sitting.purpose === "practice";
  const checked = Boolean(practice && state.checked[item.ref]);
  const stem = `stem-${item.n}`;
  const context = { readOnly: checked || !writable(state), labelledBy: stem, key: checked ? item.solution.key : null };
  return h("article", { class: "item", lang: languageTag() },
    h("div", { class: "item__head" },
      h("h1", { class: "item__title", tabindex: "-1" },
        interpolate(gettext("Item %(n)s"), { n: state.index + 1 }),
        h("span", { class: "item__of" }, ` ${interpolate(gettext("of %(total)s"), { total: state.refs.length })}`)),
      writable(state) && !practice && flagButton(player, item.ref)),
    practice && item.why && whyThis(item),
    prose("div", item.content.stem, { class: "stem prose", id: stem }),
    widget(item, state.responses[item.ref], (value, typing) => player.respond(item.ref, value, typing), context),
    checked && feedback(item, state.responses[item.ref]));
}
