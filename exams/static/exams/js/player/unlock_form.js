// @ts-check
// The field for the code that the invigilator reads out where phones do not reach the server.

import { announce, h } from "./dom.js";
import { clockTime, gettext, interpolate } from "./messages.js";
import { early, unlockSitting } from "./unlocking.js";

function sayings() {
  return {
    no_code: gettext("The code has 11 Latin letters and digits, like 7KQM-2D4X-9PT. Look whether one is missing."),
    wrong: gettext("This is not the code of your room. Listen once more and type it again; you can try as often as you like."),
    damaged: gettext("The code is right, but the exam on this phone is damaged. Tell your invigilator: you need another phone, or a network."),
  };
}

/** @param {Player} player */
export function unlockForm(player) {
  let sure = false;
  const error = h("p", { class: "field__error", id: "unlock-error", hidden: true });
  const input = h("input", {
    type: "text", id: "unlock-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 20,
    placeholder: "XXXX-XXXX-XXX", translate: "no", lang: "en", oninput: () => { error.hidden = true; },
  });
  const submit = h("button", { type: "submit", class: "button button--big" }, gettext("Unlock and start"));

  /** @param {string} text */
  function refuse(text) {
    error.textContent = text;
    error.hidden = false;
    input.setAttribute("aria-describedby", "unlock-error");
    announce(text);
  }

  async function send(event) {
    event.preventDefault();
    if (early(player) && !sure) {
      sure = true;
      return refuse(interpolate(gettext("By this phone's clock it is too early: the exam opens at %(time)s. If your invigilator has said that you may begin, press once more."),
        { time: clockTime(player.opened.sitting.opens_at) }));
    }
    submit.disabled = true;
    submit.textContent = gettext("One moment…");
    const outcome = await unlockSitting(player, input.value);
    if (outcome === "in") return undefined;
    submit.disabled = false;
    submit.textContent = gettext("Unlock and start");
    input.setAttribute("aria-invalid", "true");
    refuse(sayings()[outcome]);
    return input.focus();
  }

  return h("form", { class: "unlock", onsubmit: send },
    h("h2", { class: "unlock__title" }, gettext("Start without a network")),
    h("p", {}, gettext("The exam is already on this phone. Your invigilator has a code for your room: when it is read out, type it here.")),
    h("div", { class: "field field--code" }, h("label", { class: "field__label", for: "unlock-code" }, gettext("Code of your room")), error, input), submit);
}
