// @ts-check
// How does the player say this in the reader's language? English message ids; Serbian Cyrillic from the catalog
// in the page; Latin derived from it. Everything is on the phone, so the language can change without a network.

import { toLatin } from "../transliterate.js";

export const LANGUAGES = ["sr", "sr-latn", "en"];
const COOKIE = "django_language";
const YEAR = 365 * 24 * 3600;

/** @typedef {Object<string, string | string[]>} Catalog msgid → translation, or its three plural forms */

/** @type {Catalog} */
let catalog = {};
let language = "sr";

/** @param {{catalog?: Catalog}} config */
export function configure(config) {
  catalog = config.catalog || {};
}

/** @param {string} cookies  @param {string | null} remembered */
export function chosenLanguage(cookies, remembered) {
  const found = /(?:^|;\s*)django_language=([a-z-]+)/i.exec(cookies);
  const wanted = (found ? found[1] : remembered || "").toLowerCase();
  return LANGUAGES.indexOf(wanted) < 0 ? "sr" : wanted;
}

/** Reads the choice where the server's pages keep it. */
export function restoreLanguage() {
  /** @type {string | null} */
  let remembered = null;
  try { remembered = localStorage.getItem(COOKIE); } catch (blocked) { /* storage is switched off: the cookie is enough */ }
  setLanguage(chosenLanguage(document.cookie, remembered));
}

/** @param {string} code */
export function rememberLanguage(code) {
  setLanguage(code);
  document.cookie = `${COOKIE}=${code}; path=/; max-age=${YEAR}; SameSite=Lax`;
  try { localStorage.setItem(COOKIE, code); } catch (blocked) { /* as above */ }
}

/** @param {string} code */
export function setLanguage(code) {
  language = code;
}

export const currentLanguage = () => language;

/** The language papers are written in; both Serbian scripts share one paper. */
export const paperLanguage = () => (language === "en" ? "en" : "sr");

/** The script a paper's text is to be shown in, in the words of transliterate.js. */
export const script = () => (language === "sr-latn" ? "latin" : "cyrillic");

/** A value for the lang attribute. */
export const languageTag = () => ({ sr: "sr-Cyrl", "sr-latn": "sr-Latn", en: "en" })[language];

/** Which of the three Serbian forms goes with n: 1 поен, 2 поена (few), 5 поена (many). @param {number} n */
export function pluralForm(n) {
  const tens = n % 100;
  const ones = n % 10;
  if (ones === 1 && tens !== 11) return 0;
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 1 : 2;
}

/** Stored Serbian text in the script that is read now. @param {string} serbian */
export const inReaderScript = (serbian) => (language === "sr" ? serbian : toLatin(serbian));

/** @param {string} msgid */
export function gettext(msgid) {
  const found = language === "en" ? undefined : catalog[msgid];
  if (!found || found instanceof Array) return msgid;
  return inReaderScript(found);
}

/** @param {string} one  @param {string} many  @param {number} n */
export function ngettext(one, many, n) {
  const found = language === "en" ? undefined : catalog[one];
  if (found instanceof Array && found[pluralForm(n)]) return inReaderScript(found[pluralForm(n)]);
  return n === 1 ? one : many;
}

/** Fills %(name)s. @param {string} format  @param {Object<string, string | number>} values */
export function interpolate(format, values) {
  return format.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** People and classes are stored in Cyrillic; readers of Latin letters see them in Latin. @param {string} name */
export const properName = (name) => (language === "sr" ? name : toLatin(name));

/** A clock time, written as the server's pages write it. @param {number} at ms */
export function clockTime(at) {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
