// @ts-check
// In which order? Arrows move a line one place; a tap on a line picks it up and a tap on another puts it there.

import { announce, fill, h, icon, prose } from "../dom.js";
import { gettext, interpolate } from "../messages.js";
import { plainLine, spoken } from "../labels.js";

/**
 * The list with the element at `from` moved to `to`.
 * @template T @param {T[]} list  @param {number} from  @param {number} to  @returns {T[]}
 */
export function moved(list, from, to) {
  const rest = list.filter((_, index) => index !== from);
  return rest.slice(0, to).concat([list[from]], rest.slice(to));
}

/** @param {Item} item  @param {string[] | null} value
 *  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const { choices } = item.content;
  let order = value || choices.map((choice) => choice.id);
  let answered = value !== null;
  let picked = -1;
  const list = h("ol", { class: "order", "aria-labelledby": ctx.labelledBy });
  const hint = h("p", { class: "order__hint" });
  const textOf = (id) => choices.find((choice) => choice.id === id).html;

  function place(from, to, focus) {
    const id = order[from];
    if (to < 0 || to >= order.length) return;
    order = moved(order, from, to);
    answered = true;
    picked = -1;
    onChange(order.slice());
    show();
    const row = list.children[to];
    const wanted = row.querySelector(focus);
    (wanted && !wanted.disabled ? wanted : row.querySelector(".order__line")).focus();
    announce(interpolate(gettext("%(line)s is now number %(n)s of %(total)s"), { line: plainLine(textOf(id)), n: to + 1, total: order.length }));
  }

  function tap(at) {
    if (picked >= 0 && picked !== at) return place(picked, at, ".order__line");
    picked = picked === at ? -1 : at;
    show();
    list.children[at].querySelector(".order__line").focus();
    if (picked >= 0) announce(gettext("Picked up. Tap the place where it belongs."));
    return undefined;
  }

  const arrow = (name, label, at, to) => h("button", {
    type: "button", class: `order__arrow order__arrow--${name}`, "aria-label": interpolate(label, { line: plainLine(textOf(order[at])) }),
    disabled: ctx.readOnly || to < 0 || to >= order.length, onclick: () => place(at, to, `.order__arrow--${name}`),
  }, icon(name));

  function row(id, at) {
    const right = ctx.key && ctx.key.correct[at] === id;
    return h("li", { class: `order__row ${at === picked ? "is-picked" : ""} ${ctx.key ? (right ? "is-right" : "is-wrong") : ""}` },
      h("button", { type: "button", class: "order__line", "aria-pressed": String(at === picked), "aria-label": spoken(textOf(id), String(at + 1)), disabled: ctx.readOnly, onclick: () => tap(at) },
        h("span", { class: "option__letter" }, String(at + 1)), prose("span", textOf(id), { class: "option__text" }),
        ctx.key && icon(right ? "check" : "cross")),
      !ctx.readOnly && arrow("up", gettext("Move up: %(line)s"), at, at - 1),
      !ctx.readOnly && arrow("down", gettext("Move down: %(line)s"), at, at + 1));
  }

  function show() {
    fill(list, order.map(row));
    hint.textContent = picked >= 0 ? gettext("Now tap the place where it belongs.") : gettext("Move the lines with the arrows, or tap a line and then its new place.");
    keep.hidden = answered || ctx.readOnly;
  }

  const keep = h("button", {
    type: "button", class: "button button--secondary",
    onclick: () => {
      answered = true;
      onChange(order.slice());
      show();
      list.querySelector("button").focus();
      announce(gettext("This order is your answer."));
    },
  }, gettext("This order is right"));
  show();
  return h("div", { class: "ordering" }, !ctx.readOnly && hint, list, keep);
}
