// @ts-check
// How does an item look to a pupil, while an author is at work on it? The player's own widgets, writable, without a
// sitting: nothing is kept and nothing is sent. The page around it has, in this order or any other:
//
//   <script type="application/json" id="player-config">{"catalog": {…}}</script>  as the player's shell has it
//   <script type="application/json" id="item">{…}</script>  one item in one language, as a paper has it:
//       {"ref", "n", "interaction", "max", "content", "solution"}, `content` as in ItemText, with the stimulus whole;
//       `solution` with its "key", as a practice paper has it, on pages for authors only
//   <div data-preview="sr-latn"></div>  where the item goes, and for whom: sr, sr-latn or en
//   <output data-preview-value></output>  shows the current value as JSON, null for none (may be left out)
//   <output data-preview-earns></output>  says how many points that earns; only with a solution (may be left out)
//   <button type="button" data-preview-check></button>  shows what practice would say and the marks; pressed again, it
//       is writable again; hidden without a solution (may be left out)
//   <div class="visually-hidden" id="live" role="status" aria-live="polite"></div>
//   <script type="module" src="{% static 'exams/js/preview.js' %}"></script>
//
// with class="player" on an element around it, and tokens.css, base.css, components.css and player.css.

import { fill, h } from "./player/dom.js";
import { configure, gettext, interpolate, languageTag, setLanguage } from "./player/messages.js";
import { outcome } from "./player/practice.js";
import { task } from "./player/screen_item.js";
import { tidy } from "./player/state.js";
import { stimulus } from "./player/stimulus.js";

/** @param {string} id */
const json = (id) => JSON.parse((document.getElementById(id) || {}).textContent || "{}");

/** @param {number} halfPoints */
const points = (halfPoints) => (halfPoints % 2 ? `${Math.floor(halfPoints / 2) || ""}½` : String(halfPoints / 2));

/** What response processing says, for the author. @param {Item} item  @param {any} value */
function earned(item, value) {
  const { status, halfPoints, maxHalfPoints } = outcome(item, value);
  const words = status === "pending" ? gettext("up to %(maximum)s, marked by people") : gettext("%(points)s of %(maximum)s");
  return interpolate(words, { points: points(halfPoints), maximum: points(maxHalfPoints) });
}

/** @param {HTMLElement} place */
function preview(place) {
  const item = json("item");
  const shown = document.querySelector("[data-preview-value]");
  const earns = document.querySelector("[data-preview-earns]");
  /** @type {HTMLElement | null} */
  const check = document.querySelector("[data-preview-check]");
  const about = item.content.stimulus;
  let value = null;
  let checked = false;
  let folded = false;

  function tell() {
    if (shown) shown.textContent = JSON.stringify(value);
    if (earns && item.solution) earns.textContent = earned(item, value);
  }

  function draw() {
    const region = about && about.html && stimulus(about, folded, (now) => { folded = now; });
    fill(place, h("article", { class: "item", lang: languageTag() }, region,
      task(item, value, (now) => { value = tidy(now); tell(); }, { readOnly: checked, checked })));
    if (check) check.setAttribute("aria-pressed", String(checked));
  }

  if (check) {
    check.hidden = !item.solution;
    check.addEventListener("click", () => {
      checked = !checked;
      draw();
      const title = document.getElementById("feedback-title");
      if (title) title.focus();
    });
  }
  draw();
  tell();
}

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-preview]"));
if (place) {
  configure(json("player-config"));
  setLanguage(place.getAttribute("data-preview") || "sr");
  preview(place);
}
