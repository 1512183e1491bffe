// @ts-check
// Words in a text: each that may be meant is a button in its sentence.

import { h, icon, prose } from "../dom.js";
import { gettext, interpolate } from "../messages.js";
import { SIGNS, finding, mark, selection } from "./several.js";
import { setInto } from "./whole.js";

/** @param {Item} item  @param {string[] | null} value  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const text = prose("div", item.content.text, { class: "words prose", role: "group", "aria-labelledby": ctx.labelledBy });
  /** @type {Element[]} */
  const places = Array.from(text.querySelectorAll("[data-word]"));
  const idOf = (place) => place.getAttribute("data-word");
  const chosen = selection(places.map(idOf), value, onChange);
  const count = h("p", { class: "words__count muted number" });
  const all = new Set();

  places.forEach((place) => {
    const id = idOf(place);
    const found = finding(ctx.key, chosen, id);
    const said = mark(found);
    if (said) said.className = "visually-hidden";
    const word = h("button", {
      type: "button", class: `word is-${found}`, "data-word": id, disabled: ctx.readOnly, onclick: () => chosen.toggle(id),
    }, Array.from(place.childNodes), said && [icon(SIGNS[found]), said]);
    chosen.watch(() => word.setAttribute("aria-pressed", String(chosen.has(id))));
    setInto(place, word);
    all.add(found);
  });

  chosen.watch(() => { count.textContent = interpolate(gettext("Selected: %(n)s"), { n: chosen.count() }); });
  return h("div", {}, text, ctx.key ? h("p", { class: "words__legend" }, Object.keys(SIGNS).filter((found) => all.has(found)).map(mark)) : count);
}
