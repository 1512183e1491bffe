// @ts-check
// Some of several: which are taken, how are they ticked in a list, and what did the check say about each?

import { h, icon, prose } from "../dom.js";
import { gettext } from "../messages.js";
import { spoken } from "../labels.js";

/**
 * What is taken, told as a whole list in the order of `ids`; null when nothing is left.
 * @param {string[]} ids  @param {any} value  @param {Change} onChange
 */
export function selection(ids, value, onChange) {
  let taken = value instanceof Array ? value : [];
  /** @type {(() => void)[]} */
  const watchers = [];
  return {
    count: () => taken.length,
    /** @param {string} id */
    has: (id) => taken.includes(id),
    /** @param {string} id */
    toggle(id) {
      taken = ids.filter((one) => (one === id) !== taken.includes(one));
      onChange(taken.length ? taken.slice() : null);
      watchers.forEach((show) => show());
    },
    /** Shown now and after every change. @param {() => void} show */
    watch(show) {
      watchers.push(show);
      show();
    },
  };
}

/** After the check. @param {any} key  @param {Chosen} chosen  @param {string} id */
export function finding(key, chosen, id) {
  if (!key) return "";
  if (key.correct.includes(id)) return chosen.has(id) ? "right" : "missed";
  return chosen.has(id) ? "wrong" : "";
}

export const SIGNS = { right: "check", wrong: "cross", missed: "missed" };

/** The sign and its word. @param {string} found by `finding`  @param {boolean} [inLine] between words, where only the sign is seen */
export function mark(found, inLine = false) {
  const words = { right: gettext("Correct"), wrong: gettext("Wrong"), missed: gettext("Missed") };
  return found && h("span", { class: `option__mark is-${found}` }, icon(SIGNS[found]), inLine ? h("span", { class: "visually-hidden" }, words[found]) : words[found]);
}

/** @param {Item} item  @param {Chosen} chosen  @param {WidgetContext} ctx  @param {(index: number) => string} letter */
export function boxes(item, chosen, ctx, letter) {
  return item.content.choices.map((choice, index) => {
    const box = h("input", {
      type: "checkbox", name: `choice ${item.ref}`, value: choice.id, disabled: ctx.readOnly,
      onchange: () => chosen.toggle(choice.id), "aria-label": spoken(choice.html, letter(index)),
    });
    chosen.watch(() => { box.checked = chosen.has(choice.id); });
    return h("label", { class: "option" }, box, h("span", { class: "option__letter option__letter--box" }, letter(index) || icon("check")),
      prose("span", choice.html, { class: "option__text" }), mark(finding(ctx.key, chosen, choice.id)));
  });
}
