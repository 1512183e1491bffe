// @ts-check
// All that are right: checkboxes as wide, tappable rows.

import { h } from "../dom.js";
import { optionLetter } from "../labels.js";
import { boxes, selection } from "./several.js";

/** @param {Item} item  @param {string[] | null} value  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const chosen = selection(item.content.choices.map((choice) => choice.id), value, onChange);
  return h("div", { class: "options", role: "group", "aria-labelledby": ctx.labelledBy }, boxes(item, chosen, ctx, optionLetter));
}
