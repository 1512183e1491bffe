// @ts-check
// A text of the pupil's own: a field that grows with it, and how much of the room is used.

import { announce, h } from "../dom.js";
import { gettext, interpolate } from "../messages.js";

const LOOSE = /[\0\p{Cs}]/gu; // half a picture sign, cut off at the end of the room: no server could read the text with it

/** @param {Item} item  @param {string | null} value  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const { longest } = item.content;
  const count = h("p", { class: "long-text__count muted number", id: `count-${item.n}` });
  const field = h("textarea", {
    class: "long-text__field", rows: 6, maxlength: longest, readonly: ctx.readOnly, autocomplete: "off", autocorrect: "off", spellcheck: "false",
    "aria-labelledby": ctx.labelledBy, "aria-describedby": count.id, oninput: () => changed(true), onchange: () => changed(false),
  });
  const frame = h("div", { class: "long-text" }, field);

  function show() {
    frame.setAttribute("data-text", field.value); // its copy in CSS makes the room
    count.textContent = interpolate(gettext("%(n)s of %(total)s"), { n: field.value.length, total: longest });
  }

  function changed(typing) {
    show();
    const text = field.value.replace(LOOSE, "");
    onChange(text.trim() ? text : null, typing);
    if (typing && field.value.length >= longest) announce(gettext("The text cannot be any longer."));
  }

  field.value = typeof value === "string" ? value : "";
  show();
  return h("div", {}, frame, count);
}
