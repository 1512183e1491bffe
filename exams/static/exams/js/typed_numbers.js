// @ts-check
// Which numbers can a pupil have meant by what stands in a field?
//
// The rules of exams/typed_numbers.py, where they are explained. Fractions are pairs of whole numbers of
// at most fifteen digits, so that everything here is exact without BigInt, which old phones lack.

import { foldScript } from "./transliterate.js";

const MAX_LENGTH = 64;
const MAX_DIGITS = 15;

/** @typedef {{ top: number, bottom: number }} Ratio in lowest terms, bottom above 0 */
/** @typedef {{ value: Ratio, notation: "decimal" | "fraction", isReduced: boolean }} Reading */

/** @type {[RegExp, string][]} */
const CHARACTERS = [
  [/[\u200b\u2060\ufeff]/g, ""],
  [/[\u00a0\u2002\u2003\u2007-\u200a\u202f\t\n\r]/g, " "],
  [/[\u2212\u2010-\u2013\uff0d\ufe63]/g, "-"],
  [/[\u2044\u2215]/g, "/"],
  [/[\u00ba\u02da\u2218]/g, "°"],
];
/** @type {Record<string, string>} */
const VULGAR = {
  "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
  "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
};

const ENTRY = /^([+-]?) *([0-9.,][0-9 .,/]*)([^]*)$/;
const WHOLE = /^[0-9]+$/;
const DECIMAL = /^([0-9]*)[.,]([0-9]+)$/;
const BLANKED = /^([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[.,]([0-9]+))?$/;
const POINTED = /^([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?$/;
const COMMAED = /^([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?$/;
const RATIO = /^([0-9 ]+)\/([0-9 ]+)$/;
const MIXED = /^([0-9]+) ([0-9]+)\/([0-9]+)$/;

/**
 * Every sensible reading of a typed number; none if it is no number or too long.
 * @param {string} text
 * @param {string[]} [units] a unit after the number that counts as nothing
 * @returns {Reading[]}
 */
export function readings(text, units) {
  const trimmed = text.trim();
  if (Array.from(trimmed).length > MAX_LENGTH) return [];
  const match = ENTRY.exec(normalised(trimmed));
  if (!match || !isUnit(match[3], units || [])) return [];
  let body = match[2].replace(/ +/g, " ").trim().replace(/ *([.,/]) */g, "$1");
  if (body.endsWith(".")) body = body.slice(0, -1);
  if (body.replace(/[^0-9]/g, "").length > MAX_DIGITS) return [];
  const found = unsigned(body);
  if (match[1] === "-") found.forEach((reading) => (reading.value.top = 0 - reading.value.top));
  return found;
}

/** @param {string} text */
function normalised(text) {
  const plain = CHARACTERS.reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), text);
  return plain.replace(/[¼-¾⅓-⅞]/g, (sign) => (VULGAR[sign] ? ` ${VULGAR[sign]}` : sign)).trim();
}

/** @param {string} rest @param {string[]} units */
function isUnit(rest, units) {
  const folded = foldUnit(rest);
  return !folded || units.some((unit) => leadingWords(unit).includes(folded));
}

/** The unit as a whole and its first words. @param {string} unit */
function leadingWords(unit) {
  const words = unit.split(/\s+/);
  return words.map((_, index) => foldUnit(words.slice(0, index + 1).join(" ")));
}

/** @param {string} text */
const foldUnit = (text) => foldScript(text).replace(/[ ^.]/g, "").replace(/π/g, "pi");

/** @param {string} body @returns {Reading[]} */
function unsigned(body) {
  /** @type {Reading[]} */
  const found = [];
  if (WHOLE.test(body)) found.push(decimal(body, ""));
  const plain = DECIMAL.exec(body);
  if (plain) found.push(decimal(plain[1], plain[2]));
  [BLANKED, POINTED, COMMAED].forEach((pattern) => {
    const match = pattern.exec(body);
    if (match) found.push(decimal(match[1].replace(/[^0-9]/g, ""), match[2] || ""));
  });
  const ratio = RATIO.exec(body);
  if (ratio) {
    const top = groupedWhole(ratio[1]);
    const bottom = groupedWhole(ratio[2]);
    if (top !== null && bottom) found.push(fraction(0, top, bottom));
  }
  const mixed = MIXED.exec(body);
  if (mixed && Number(mixed[2]) < Number(mixed[3])) {
    found.push(fraction(Number(mixed[1]), Number(mixed[2]), Number(mixed[3])));
  }
  return found;
}

/** @param {string} whole @param {string} decimals @returns {Reading} */
function decimal(whole, decimals) {
  const value = reduced(Number(whole + decimals), 10 ** decimals.length);
  return { value, notation: "decimal", isReduced: false };
}

/** @param {number} whole @param {number} top @param {number} bottom @returns {Reading} */
function fraction(whole, top, bottom) {
  const value = reduced(whole * bottom + top, bottom);
  return { value, notation: "fraction", isReduced: gcd(top, bottom) === 1 && bottom > 1 };
}

/** @param {string} text */
function groupedWhole(text) {
  if (WHOLE.test(text)) return Number(text);
  const match = BLANKED.exec(text);
  return match && match[2] === undefined ? Number(text.replace(/ /g, "")) : null;
}

/** @param {number} a @param {number} b @returns {number} */
function gcd(a, b) {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

/** @param {number} top @param {number} bottom @returns {Ratio} */
function reduced(top, bottom) {
  const common = gcd(top, bottom) || 1;
  return { top: top / common, bottom: bottom / common };
}

/**
 * The exact number of a key: "3.5", "-2", "7/4".
 * @param {string} text
 * @returns {Ratio}
 */
export function keyNumber(text) {
  const [top, bottom] = text.split("/");
  if (bottom) return reduced(Number(top), Number(bottom));
  const decimals = text.split(".")[1] || "";
  return reduced(Number(text.replace(".", "")), 10 ** decimals.length);
}

/**
 * Whether `value` is within `tolerance` of `target`, exactly.
 * @param {Ratio} value @param {Ratio} target @param {Ratio} tolerance
 */
export function isNear(value, target, tolerance) {
  const bottom = target.bottom * tolerance.bottom;
  const middle = target.top * tolerance.bottom;
  const reach = tolerance.top * target.bottom;
  return (
    compare(value, { top: middle - reach, bottom }) >= 0 && compare(value, { top: middle + reach, bottom }) <= 0
  );
}

/**
 * Below, at or above 0 as a < b, a = b, a > b: whole parts first, then the reciprocals of the rests,
 * so that no product grows beyond what a number holds exactly.
 * @param {Ratio} a @param {Ratio} b @returns {number}
 */
function compare(a, b) {
  const restA = ((a.top % a.bottom) + a.bottom) % a.bottom;
  const restB = ((b.top % b.bottom) + b.bottom) % b.bottom;
  const wholes = (a.top - restA) / a.bottom - (b.top - restB) / b.bottom;
  if (wholes || !restA || !restB) return wholes || restA - restB;
  return compare({ top: b.bottom, bottom: restB }, { top: a.bottom, bottom: restA });
}
