// @ts-check
// A text with gaps: a native select or a field stands in each of them.

import { h, prose } from "../dom.js";
import { gettext, interpolate } from "../messages.js";
import { plainLine } from "../labels.js";
import { entry, foundOf } from "./entry.js";
import { mark } from "./several.js";
import { setInto } from "./whole.js";

/** So many letters of a choice show in a closed list on the narrowest phone. */
const FITS = 18;

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

  /** A closed list cuts what is long: then it stands in full below. @param {any} field  @param {any[]} choices */
  function inFull(field, choices) {
    if (choices.every((choice) => plainLine(choice.html).length <= FITS)) return;
    const said = h("span", { class: "cloze__chosen", "aria-hidden": "true" });
    const show = () => { said.textContent = field.value ? field.options[field.selectedIndex].text : ""; };
    field.addEventListener("change", show);
    field.parentNode.after(said);
    show();
  }

  Array.from(text.querySelectorAll("[data-gap]")).forEach((place, index) => {
    const gap = place.getAttribute("data-gap") || "";
    const kind = item.content.gaps[gap];
    const label = interpolate(gettext("Gap %(n)s"), { n: index + 1 });
    if (kind.kind === "choice") {
      const field = select(gap, kind.choices, label);
      setInto(place, field);
      const found = mark(foundOf(ctx.key, filled, gap), true);
      if (found) field.parentNode.after(found);
      inFull(field, kind.choices);
    } else {
      setInto(place, entry(kind, {
        label, value: filled[gap] || "", readOnly: ctx.readOnly, narrow: true, found: foundOf(ctx.key, filled, gap),
        onChange: (written, typing) => set(gap, written, typing),
      }));
    }
  });
  return text;
}
