// @ts-check
// Which choice belongs to which row? Tap a row, its choices unfold; tap one, they fold again. Keyboard likewise.

import { fill, h, icon, prose } from "../dom.js";
import { gettext, interpolate } from "../messages.js";
import { optionLetter, spoken } from "../labels.js";

/** @param {Item} item  @param {Object<string, string> | null} value
 *  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const taken = Object.assign({}, value);
  const { rows, choices } = item.content;
  /** @type {{button: any, panel: any, show: () => void, fold: (open: boolean) => void}[]} */
  const slots = [];

  const usedBy = (choice, row) => rows.findIndex((other) => other.id !== row && taken[other.id] === choice);

  /** @param {{id: string}} row  @param {number} at */
  function pick(row, at, id) {
    if (id === null) delete taken[row.id];
    else taken[row.id] = id;
    onChange(Object.keys(taken).length ? Object.assign({}, taken) : null);
    slots.forEach((slot) => slot.show());
    slots[at].fold(false);
    slots[at].button.focus();
  }

  function option(row, at, choice, index) {
    const used = usedBy(choice.id, row.id);
    return h("button", {
      type: "button", class: "option option--button", "aria-pressed": String(taken[row.id] === choice.id),
      "aria-label": spoken(choice.html, optionLetter(index)), onclick: () => pick(row, at, choice.id),
    },
      h("span", { class: "option__letter" }, optionLetter(index)),
      prose("span", choice.html, { class: "option__text" }),
      used >= 0 && h("span", { class: "option__note" }, interpolate(gettext("already in row %(n)s"), { n: used + 1 })));
  }

  function slotOf(row, at) {
    const panel = h("div", { class: "match__choices", id: `match-${item.n}-${row.id}`, hidden: true });
    const button = h("button", {
      type: "button", class: "match__slot", "aria-expanded": "false", "aria-controls": panel.id, disabled: ctx.readOnly,
      "aria-describedby": `row-${item.n}-${row.id}`,
      onclick: () => slots.forEach((slot, other) => slot.fold(other === at && slot.panel.hidden)),
    });
    const show = () => {
      const index = choices.findIndex((choice) => choice.id === taken[row.id]);
      const right = ctx.key && ctx.key.correct[row.id] === taken[row.id];
      button.className = `match__slot ${index < 0 ? "is-empty" : ""} ${ctx.key ? (right ? "is-right" : "is-wrong") : ""}`;
      fill(button,
        index >= 0 && h("span", { class: "option__letter" }, optionLetter(index)),
        index >= 0 ? prose("span", choices[index].html, { class: "option__text" }) : h("span", { class: "option__text" }, ctx.readOnly ? gettext("No answer") : gettext("Choose")),
        ctx.key ? icon(right ? "check" : "cross") : icon("unfold"));
    };
    const fold = (open) => {
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      if (!open) return;
      fill(panel, choices.map((choice, index) => option(row, at, choice, index)),
        taken[row.id] && h("button", { type: "button", class: "button button--quiet", onclick: () => pick(row, at, null) }, gettext("Leave this row empty")));
    };
    slots[at] = { button, panel, show, fold };
    show();
    return h("div", { class: "match__row" },
      h("div", { class: "match__prompt" }, h("span", { class: "match__number" }, `${at + 1}.`),
        prose("span", row.html, { id: `row-${item.n}-${row.id}` })),
      button, panel);
  }

  return h("div", { class: "match", role: "group", "aria-labelledby": ctx.labelledBy }, rows.map(slotOf));
}
