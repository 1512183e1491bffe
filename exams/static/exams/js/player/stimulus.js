// @ts-check
// What several items are about: a text, a table, a map, which stands above or beside each of them.

import { h, prose } from "./dom.js";

/**
 * Open until the pupil folds it.
 * @param {{title: string, html: string}} content  @param {boolean} folded  @param {(folded: boolean) => void} onFold
 */
export function stimulus({ title, html }, folded, onFold) {
  const region = h("details", { class: "stimulus", open: !folded, ontoggle: () => onFold(!region.open) },
    h("summary", {}, prose("h2", title, { class: "stimulus__title", id: "stimulus-title" })),
    // Beside an item it may scroll by itself, which keyboards have to reach.
    prose("div", html, { class: "stimulus__text prose", role: "group", "aria-labelledby": "stimulus-title", tabindex: 0 }));
  return region;
}
