// @ts-check
// One of several: radio buttons as wide, tappable rows.

import { h, icon, prose } from "../dom.js";
import { gettext } from "../messages.js";
import { optionLetter, spoken } from "../labels.js";

/** Says in words what the colour says. @param {string} id  @param {any} value  @param {any} key */
function mark(id, value, key) {
  if (!key) return null;
  if (id === key.correct) return h("span", { class: "option__mark is-right" }, icon("check"), gettext("Correct"));
  return id === value ? h("span", { class: "option__mark is-wrong" }, icon("cross"), gettext("Your answer")) : null;
}

/** @param {Item} item  @param {string | null} value  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  return h("div", { class: "options", role: "radiogroup", "aria-labelledby": ctx.labelledBy },
    item.content.choices.map((choice, index) => h("label", { class: "option" },
      h("input", {
        type: "radio", name: `choice ${item.ref}`, value: choice.id, checked: choice.id === value,
        disabled: ctx.readOnly, onchange: () => onChange(choice.id), "aria-label": spoken(choice.html, optionLetter(index)),
      }),
      h("span", { class: "option__letter" }, optionLetter(index)),
      prose("span", choice.html, { class: "option__text" }),
      mark(choice.id, value, ctx.key))));
}
