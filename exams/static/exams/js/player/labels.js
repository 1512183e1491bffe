// @ts-check
// Which letter stands before the n-th option, and how is compiled text read as one plain line?

import { currentLanguage, inReaderScript } from "./messages.js";

/** A label is the same letter in both scripts (what a teacher calls "в" is "v"), in English its own alphabet. */
const LETTERS = { sr: "абвгдђежз", "sr-latn": ["a", "b", "v", "g", "d", "đ", "e", "ž", "z"], en: "abcdefghi" };

/** @param {number} index */
export const optionLetter = (index) => LETTERS[currentLanguage()][index];

/**
 * What a screen reader says where text holds a formula, in place of reading signs one by one; null: the text itself.
 * @param {string} html  @param {string} [before] the option's letter or number
 */
export function spoken(html, before = "") {
  return html.indexOf("<math") < 0 ? null : `${before} ${plainLine(html)}`.trim();
}

/**
 * For places that hold no markup, such as the entries of a native select: formulas as their plain-text reading.
 * @param {string} html compiled option text
 */
export function plainLine(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  Array.from(holder.content.querySelectorAll("math")).forEach((formula) => {
    formula.replaceWith(document.createTextNode(formula.getAttribute("alttext") || formula.textContent || ""));
  });
  return inReaderScript((holder.content.textContent || "").replace(/\s+/g, " ").trim());
}
