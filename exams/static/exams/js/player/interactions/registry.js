// @ts-check
// Which widget shows which kind of item?

import { render as choice } from "./choice.js";
import { render as cloze } from "./cloze.js";
import { render as match } from "./match.js";
import { render as order } from "./order.js";
import { render as textEntry } from "./text_entry.js";
import { render as trueFalse } from "./true_false.js";

const WIDGETS = { choice, cloze, match, order, text_entry: textEntry, true_false: trueFalse };

/**
 * @param {Item} item  @param {any} value  @param {Change} onChange
 * @param {WidgetContext} ctx
 * @returns {HTMLElement}
 */
export function widget(item, value, onChange, ctx) {
  return WIDGETS[item.interaction](item, value === undefined ? null : value, onChange, ctx);
}
