// @ts-check
// Written responses: one labelled field per part.

import { h, prose } from "../dom.js";
import { spoken } from "../labels.js";
import { entry, foundOf } from "./entry.js";

/** @param {Item} item  @param {Object<string, string> | null} value
 *  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const typed = Object.assign({}, value);
  return h("div", { class: "fields", role: "group", "aria-labelledby": ctx.labelledBy },
    item.content.fields.map((field) => {
      const id = `field-${item.n}-${field.id}`;
      return h("div", { class: "written" },
        prose("label", field.label, { class: "written__label", for: id }),
        entry(field, {
          id,
          label: spoken(field.label) || undefined,
          value: typed[field.id] || "",
          readOnly: ctx.readOnly,
          found: foundOf(ctx.key, typed, field.id),
          onChange: (text, typing) => {
            typed[field.id] = text;
            onChange(Object.assign({}, typed), typing);
          },
        }));
    }));
}
