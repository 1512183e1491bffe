// @ts-check
// One field a pupil types into, with the signs that a phone's number keyboard lacks.

import { scoreResponse } from "../../response_processing.js";
import { h } from "../dom.js";
import { gettext, inReaderScript } from "../messages.js";
import { mark } from "./several.js";

const LONGEST = 120;

/** What the check found of a part: "right", "wrong", "missed"; "" before it. @param {any} key  @param {any} value  @param {string} part */
export function foundOf(key, value, part) {
  if (!key) return "";
  const { parts } = scoreResponse(key, value);
  if (parts[part] === null) return "missed";
  return parts[part] ? "right" : "wrong";
}

/** Puts a sign where the cursor is, as if it had been typed. @param {HTMLInputElement} input  @param {string} sign */
function insert(input, sign) {
  const at = input.selectionStart === null ? input.value.length : input.selectionStart;
  const end = input.selectionEnd === null ? at : input.selectionEnd;
  if (input.value.length - (end - at) >= LONGEST) return;
  input.setRangeText(sign, at, end, "end");
  input.dispatchEvent(new Event("input"));
  input.focus();
}

/**
 * @param {{kind: string, unit?: string}} field
 * @param {{id?: string, label?: string, labelledBy?: string, value: string, readOnly: boolean, narrow?: boolean, found?: string,
 *          onChange: (text: string, typing: boolean) => void}} options
 */
export function entry(field, options) {
  const number = field.kind === "number";
  const input = h("input", {
    type: "text", class: "entry__input", id: options.id || null, value: options.value, maxlength: LONGEST,
    readonly: options.readOnly, inputmode: number ? "decimal" : null, autocomplete: "off", autocapitalize: "off",
    autocorrect: "off", spellcheck: "false", enterkeyhint: "done", size: number ? 8 : 14,
    "aria-label": options.label || null, "aria-labelledby": options.labelledBy || null,
    oninput: () => options.onChange(input.value, true),
    onchange: () => options.onChange(input.value, false),
  });
  const key = (sign, name) => h("button", {
    type: "button", class: "entry__key", "aria-label": name, disabled: options.readOnly, onclick: () => insert(input, sign),
  }, sign);
  return h("span", { class: options.narrow ? "entry entry--narrow" : "entry" },
    input,
    field.unit && h("span", { class: "entry__unit" }, inReaderScript(field.unit)),
    mark(options.found || "", options.narrow),
    number && h("span", { class: "entry__keys" }, key("−", gettext("Insert a minus sign")), key("/", gettext("Insert a fraction bar"))));
}
