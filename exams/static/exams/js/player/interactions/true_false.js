// @ts-check
// True or false, statement by statement: two radio buttons each.

import { h, icon, prose } from "../dom.js";
import { gettext } from "../messages.js";

/** @param {Item} item  @param {Object<string, boolean> | null} value
 *  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const ticked = Object.assign({}, value);

  /** @param {string} id  @param {boolean} truth  @param {string} word */
  function pill(id, truth, word) {
    const right = ctx.key && ctx.key.correct[id] === truth;
    return h("label", { class: `pill ${right ? "is-right" : ""}`.trim() },
      h("input", {
        type: "radio", name: `truth ${item.ref} ${id}`, value: String(truth), checked: ticked[id] === truth,
        disabled: ctx.readOnly,
        onchange: () => {
          ticked[id] = truth;
          onChange(Object.assign({}, ticked));
        },
      }),
      h("span", {}, right && icon("check"), word));
  }

  return h("div", { class: "statements", role: "group", "aria-labelledby": ctx.labelledBy },
    item.content.statements.map((statement) => {
      const label = `statement-${item.n}-${statement.id}`;
      return h("div", { class: "statement", role: "radiogroup", "aria-labelledby": label },
        prose("div", statement.html, { class: "statement__text", id: label }),
        h("div", { class: "pills" }, pill(statement.id, true, gettext("True")), pill(statement.id, false, gettext("False"))));
    }));
}
