// @ts-check
// Which widget shows which kind of item?

import { render as choice } from "./choice.js";
import { render as cloze } from "./cloze.js";
import { render as extendedText } from "./extended_text.js";
import { render as hotspot } from "./hotspot.js";
import { render as match } from "./match.js";
import { render as multipleChoice } from "./multiple_choice.js";
import { render as order } from "./order.js";
import { render as selectWords } from "./select_words.js";
import { render as textEntry } from "./text_entry.js";
import { render as trueFalse } from "./true_false.js";

const WIDGETS = {
  choice, cloze, extended_text: extendedText, hotspot, match, multiple_choice: multipleChoice, order,
  select_words: selectWords, text_entry: textEntry, true_false: trueFalse,
};

/**
 * @param {Item} item  @param {any} value  @param {Change} onChange
 * @param {WidgetContext} ctx
 * @returns {HTMLElement}
 */
export function widget(item, value, onChange, ctx) {
  return WIDGETS[item.interaction](item, value === undefined ? null : value, onChange, ctx);
}
