// @ts-check
// The clock stands still: why, what about my answers, what do I do? Nothing; it goes on by itself.

import { h, icon } from "./dom.js";
import { gettext, interpolate } from "./messages.js";
import { remaining, timeLeft } from "./timer.js";

/** @param {Player} player */
export function render(player) {
  const left = remaining(player.state, player.tools.clock);
  return h("section", { class: "page paused" },
    h("p", { class: "paused__sign", "aria-hidden": "true" }, icon("pause")),
    h("h1", { tabindex: "-1" }, gettext("Paused")),
    h("p", { class: "lead" }, gettext("Your invigilator has stopped the clock. Look up and listen.")),
    left !== null && h("p", {}, interpolate(gettext("You still have %(time)s when it goes on."), { time: timeLeft(left) })),
    h("p", {}, gettext("Your answers are kept. The items come back by themselves; leave this page open.")));
}
