// @ts-check
// How many half-points does a response earn? For practice feedback without a network.
//
// The rules of exams/response_processing.py, where they are explained; fixtures/vectors/responses.json
// holds both to them. Scores that count are always derived by the server.

import { foldKeepingCase, foldScript, withoutDiacritics } from "./transliterate.js";
import { isNear, keyNumber, readings } from "./typed_numbers.js";

const MAX_TEXT_LENGTH = 200;
const SELECTIONS = ["multiple_choice", "select_words", "hotspot"];
const BLANK = /^[\s\x1c-\x1f\x85\ufeff]*$/;

/** @typedef {boolean | null} Part true right, false wrong, null not filled */
/** @typedef {{ accept: string, correct?: string, value?: string, values?: string[], units?: string[],
 *   form?: string, tolerance?: string, case?: string, diacritics?: string }} Entry */
/** @typedef {{ interaction: string, half_points: number[], correct?: any, fields?: Record<string, Entry>,
 *   gaps?: Record<string, Entry> }} Key */
/** @typedef {{ halfPoints: number, maxHalfPoints: number, parts: Record<string, Part>,
 *   status: "answered" | "omitted" | "pending" }} ItemOutcome */

/**
 * The outcome of one response of any type and shape; never throws.
 * @param {Key} key
 * @param {unknown} value
 * @returns {ItemOutcome}
 */
export function scoreResponse(key, value) {
  const table = key.half_points;
  const omitted = isBlank(value) || isBlankContainer(value);
  const parts = partsOf(key, omitted ? null : value);
  const count = (/** @type {boolean} */ side) => Object.keys(parts).filter((part) => parts[part] === side).length;
  const right = SELECTIONS.includes(key.interaction) ? Math.max(0, count(true) - count(false)) : count(true);
  const pending = key.interaction === "extended_text" && typeof value === "string";
  return {
    halfPoints: omitted ? 0 : table[right],
    maxHalfPoints: table[table.length - 1],
    parts,
    status: omitted ? "omitted" : pending ? "pending" : "answered",
  };
}

/** @param {unknown} value */
function isBlank(value) {
  return typeof value === "string" ? BLANK.test(value) : value === null || value === undefined;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function isBlankContainer(value) {
  const inner = isRecord(value) ? Object.keys(value).map((name) => value[name]) : value;
  return Array.isArray(inner) && inner.every((part) => isBlank(part) || isEmptyContainer(part));
}

/** @param {unknown} value */
function isEmptyContainer(value) {
  return Array.isArray(value) ? !value.length : isRecord(value) && !Object.keys(value).length;
}

/** @param {Key} key @param {unknown} value @returns {Record<string, Part>} */
function partsOf(key, value) {
  switch (key.interaction) {
    case "choice":
      return { 1: value === null ? null : value === key.correct };
    case "order":
      return orderParts(key.correct, value);
    case "text_entry":
      return byPart(key.fields || {}, value, isRightEntry);
    case "cloze":
      return byPart(key.gaps || {}, value, isRightEntry);
    case "extended_text":
      return { 1: value === null || typeof value === "string" ? null : false };
    default:
      if (SELECTIONS.includes(key.interaction)) return selectionParts(key.correct, value);
      return byPart(key.correct, value, (given, right) => given === right);
  }
}

/** @param {string[]} correct @param {unknown} value */
function orderParts(correct, value) {
  /** @type {Record<string, Part>} */
  const parts = {};
  const given = Array.isArray(value) && value.length <= correct.length ? value : null;
  correct.forEach((right, index) => {
    if (given === null) {
      parts[index + 1] = value === null ? null : false;
    } else if (isBlank(given[index])) {
      parts[index + 1] = null;
    } else {
      // What is put in two places is in neither: no points for the same choice everywhere.
      parts[index + 1] = given[index] === right && given.filter((one) => one === right).length === 1;
    }
  });
  return parts;
}

/** @param {string[]} correct @param {unknown} value */
function selectionParts(correct, value) {
  /** @type {Record<string, Part>} */
  const parts = Object.create(null); // so that a tick named "__proto__" counts too
  const ticks = Array.isArray(value) && value.every((tick) => typeof tick === "string") ? value : null;
  correct.forEach((name) => {
    parts[name] = value !== null && !ticks ? false : null;
  });
  (ticks || []).forEach((tick, index) => {
    parts[tick] = correct.includes(tick) && ticks.lastIndexOf(tick) === index && parts[tick] === null;
  });
  return parts;
}

/**
 * @template T
 * @param {Record<string, T>} expected @param {unknown} value @param {(given: unknown, right: T) => boolean} isRight
 */
function byPart(expected, value, isRight) {
  /** @type {Record<string, Part>} */
  const parts = {};
  Object.keys(expected).forEach((part) => {
    if (isRecord(value)) {
      const given = Object.prototype.hasOwnProperty.call(value, part) ? value[part] : null;
      parts[part] = isBlank(given) ? null : isRight(given, expected[part]);
    } else {
      parts[part] = value === null ? null : false;
    }
  });
  return parts;
}

/** @param {unknown} given @param {Entry} entry */
function isRightEntry(given, entry) {
  if (typeof given !== "string") return false;
  if (entry.accept === "choice") return given === entry.correct;
  if (entry.accept === "text") return isText(given, entry);
  return readings(given, entry.units).some((reading) => isNumber(reading, entry));
}

/** @param {string} given @param {Entry} entry */
function isText(given, entry) {
  const text = given.trim();
  const fold = (/** @type {string} */ one) => {
    const folded = (entry.case === "exact" ? foldKeepingCase : foldScript)(one).replace(/\.+$/, "").trim();
    return entry.diacritics === "any" ? withoutDiacritics(folded) : folded;
  };
  return Array.from(text).length <= MAX_TEXT_LENGTH && (entry.values || []).map(fold).includes(fold(text));
}

/** @param {import("./typed_numbers.js").Reading} reading @param {Entry} entry */
function isNumber(reading, entry) {
  const target = keyNumber(entry.value || "");
  if (!isNear(reading.value, target, keyNumber(entry.tolerance || "0"))) return false;
  if (entry.form === "decimal") return reading.notation === "decimal";
  return entry.form === "reduced_fraction" && target.bottom > 1 ? reading.isReduced : true;
}
