// @ts-check
// How are elements made, icons drawn and sentences spoken to a screen reader? The player's only touch of the page.

import { readFormulas } from "../formulas.js";
import { applyScript } from "../transliterate.js";
import { script } from "./messages.js";

/** @typedef {Node | string | null | false | undefined} Child */

/**
 * h("button", {class: "button", type: "button", onclick: run, hidden: false}, "Next")
 * @param {string} tag  @param {Object<string, any>} [attributes] functions become listeners; false and null are left out
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes).forEach((name) => {
    const value = attributes[name];
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  });
  put(element, children);
  return element;
}

/** @param {Element} parent  @param {(Child | Child[])[]} children */
export function put(parent, children) {
  children.forEach((child) => {
    if (child instanceof Array) put(parent, child);
    else if (child || child === "") parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  });
}

/** @param {Element} parent  @param {...(Child | Child[])} children */
export function fill(parent, ...children) {
  parent.textContent = "";
  put(parent, children);
}

/**
 * Compiled item text in the reader's script: HTML from our own paper, checked by its hash; never anything typed here.
 * @param {string} tag  @param {string} html  @param {Object<string, any>} [attributes]
 */
export function prose(tag, html, attributes = {}) {
  const element = h(tag, attributes);
  element.innerHTML = html;
  applyScript(element, script());
  readFormulas(element);
  // A wide table scrolls in its own frame, by keyboard too.
  Array.from(element.querySelectorAll(".table-scroll")).forEach((frame) => { frame.setAttribute("tabindex", "0"); });
  return element;
}

const ICONS = {
  phone: ["M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", "M11 18h2"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  up: ["M12 19V5", "M6 11l6-6 6 6"],
  down: ["M12 5v14", "M6 13l6 6 6-6"],
  back: ["M15 5l-7 7 7 7"],
  unfold: ["M6 9.5l6 6 6-6"],
  next: ["M9 5l7 7-7 7"],
  clock: ["M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z", "M12 8v4.5l3 2"],
  flag: ["M6 21V4", "M6 5h11l-2.5 4L17 13H6"],
  grid: ["M5 5h5v5H5z", "M14 5h5v5h-5z", "M5 14h5v5H5z", "M14 14h5v5h-5z"],
  menu: ["M5 7h14", "M5 12h14", "M5 17h14"],
  cross: ["M6 6l12 12", "M18 6L6 18"],
  missed: ["M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12z"],
  cloud: ["M7 18a4 4 0 0 1-.5-8A6 6 0 0 1 18 9.5 4.3 4.3 0 0 1 17.5 18z", "M4 4l16 16"],
  bulb: ["M9 18h6", "M10 21h4", "M12 3a6 6 0 0 0-3.5 10.9c.6.5 1 1.1 1 2.1h5c0-1 .4-1.600 1-2.100A6 6 0 0 0 12 3z"],
  pause: ["M9 6v12", "M15 6v12"],
  save: ["M12 20V8", "M7 12.5l5-5 5 5", "M5 4h14"],
};

/** A picture beside a word, never instead of one. @param {string} name */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  ICONS[name].forEach((path) => {
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    svg.appendChild(line);
  });
  return svg;
}

/** Says it once to a screen reader, politely; the focus stays where it is. @param {string} sentence */
export function announce(sentence) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = sentence; }, 50);
}

/** @param {string} label  @param {() => void} run  @param {string} [look] extra classes */
export function button(label, run, look = "") {
  return h("button", { type: "button", class: `button ${look}`.trim(), onclick: run }, label);
}
