// @ts-check
// Something to press in a sentence, with the signs that touch it, which may begin or end no line, and with the
// word that a no-break space ties to it, unless both together would be wider than the narrowest phone.

import { h, put } from "../dom.js";

/** What stays with a place from the text behind it. */
export const BEHIND = /^(?:\u00a0\S{1,12}(?!\S)|[^\s\p{L}\p{N}]+)/u;

/** Cuts the signs beside a place off their text. @param {any} text  @param {RegExp} signs */
function beside(text, signs) {
  const found = text && text.nodeType === 3 && signs.exec(text.nodeValue);
  if (!found) return "";
  text.nodeValue = text.nodeValue.slice(0, found.index) + text.nodeValue.slice(found.index + found[0].length);
  return found[0];
}

/** Puts the element where the place was. @param {Element} place  @param {Element} element */
export function setInto(place, element) {
  const whole = h("span", { class: "whole" });
  const before = beside(place.previousSibling, /[^\s\p{L}\p{N}]+$/u);
  const after = beside(place.nextSibling, BEHIND);
  place.replaceWith(whole);
  put(whole, [before, element, after]);
}
