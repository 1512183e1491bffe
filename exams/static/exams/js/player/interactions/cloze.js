// @ts-check
// A text with gaps: a native select or a field stands in each of them.

import { h, prose } from "../dom.js";
import { gettext, interpolate } from "../messages.js";
import { plainLine } from "../labels.js";
import { entry } from "./entry.js";
import { setInto } from "./whole.js";

/** @param {Item} item  @param {Object<string, string> | null} value
 *  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const filled = Object.assign({}, value);
  const text = prose("div", item.content.text, { class: "cloze prose", role: "group", "aria-labelledby": ctx.labelledBy });

  const set = (gap, written, typing) => {
    if (written === "") delete filled[gap];
    else filled[gap] = written;
    onChange(Object.keys(filled).length ? Object.assign({}, filled) : null, typing);
  };

  function select(gap, choices, label) {
    const field = h("select", { class: "cloze__select", "aria-label": label, disabled: ctx.readOnly, onchange: () => set(gap, field.value, false) },
      h("option", { value: "" }, gettext("choose…")),
      choices.map((choice) => h("option", { value: choice.id, selected: filled[gap] === choice.id }, plainLine(choice.html))));
    return field;
  }

  Array.from(text.querySelectorAll("[data-gap]")).forEach((place, index) => {
    const gap = place.getAttribute("data-gap") || "";
    const kind = item.content.gaps[gap];
    const label = interpolate(gettext("Gap %(n)s"), { n: index + 1 });
    setInto(place, kind.kind === "choice" ? select(gap, kind.choices, label) : entry(kind, {
      label, value: filled[gap] || "", readOnly: ctx.readOnly, narrow: true,
      onChange: (written, typing) => set(gap, written, typing),
    }));
  });
  return text;
}
