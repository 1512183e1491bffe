// @ts-check
// Places in a figure: tapped where they are drawn, or ticked in the list below it, which is the way for keyboards and
// screen readers. Both say the same at every moment.

import { h, icon } from "../dom.js";
import { SIGNS, boxes, finding, selection } from "./several.js";

const SIZE = 20; // of a sign, in units of the drawing
const ICON = 24;
const SPACE = "http://www.w3.org/2000/svg";

/** Puts a sign on the upper edge of a shape, clear of the number in its middle. @param {any} sign  @param {any} drawing  @param {Element} shape */
function stick(sign, drawing, shape) {
  const whole = drawing.getBoundingClientRect();
  if (!whole.width) return; // left again before its first frame: nobody sees it, and nothing can be measured
  const part = shape.getBoundingClientRect();
  const { x, y, width, height } = drawing.viewBox.baseVal;
  const unit = width / whole.width;
  const within = (at, length) => Math.max(1, Math.min(at * unit - SIZE / 2, length - SIZE - 1));
  const left = within(part.left + part.width / 2 - whole.left, width);
  sign.setAttribute("transform", `translate(${x + left} ${y + within(part.top - whole.top, height)}) scale(${SIZE / ICON})`);
  drawing.appendChild(sign);
}

/** @param {any} drawing  @param {string} id of a place  @param {() => string} state of it, as a sign or "on" or "" */
function painter(drawing, id, state) {
  /** @type {Element[]} */
  const shapes = Array.from(drawing.querySelectorAll(`[data-region="${id}"]`));
  const sign = document.createElementNS(SPACE, "g");
  const disc = document.createElementNS(SPACE, "circle");
  ["cx", "cy", "r"].forEach((name) => disc.setAttribute(name, String(ICON / 2)));
  requestAnimationFrame(() => shapes.length && stick(sign, drawing, shapes[0])); // once it is on the page it has a size
  return () => {
    const now = state();
    shapes.forEach((shape) => shape.setAttribute("data-state", now));
    sign.setAttribute("class", `place-sign is-${now}`);
    sign.textContent = "";
    if (!now) return;
    sign.appendChild(disc);
    Array.from(icon(SIGNS[now] || "check").childNodes).forEach((line) => sign.appendChild(line));
  };
}

/** @param {Item} item  @param {string[] | null} value  @param {Change} onChange  @param {WidgetContext} ctx */
export function render(item, value, onChange, ctx) {
  const ids = item.content.choices.map((choice) => choice.id);
  const chosen = selection(ids, value, onChange);
  const drawing = ctx.stem && ctx.stem.querySelector("svg");
  if (drawing) {
    drawing.setAttribute("class", ctx.readOnly ? "places" : "places is-open");
    ids.forEach((id) => {
      const state = () => (ctx.key ? finding(ctx.key, chosen, id) : chosen.has(id) ? "on" : "");
      chosen.watch(painter(drawing, id, state));
    });
    drawing.addEventListener("click", (event) => {
      const place = /** @type {Element} */ (event.target).closest("[data-region]");
      if (place && !ctx.readOnly) chosen.toggle(place.getAttribute("data-region") || "");
    });
  }
  return h("div", { class: "options options--places", role: "group", "aria-labelledby": ctx.labelledBy }, boxes(item, chosen, ctx, () => ""));
}
