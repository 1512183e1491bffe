// @ts-check
// The card's code, asked for in place: the exam stays where it is.

import { announce, h } from "./dom.js";
import { gettext } from "./messages.js";
import { signInAgain } from "./opening.js";

function sayings() {
  return {
    unknown_card: gettext("There is no such code. Look at your card and try again."),
    someone_else: gettext("That card belongs to somebody else. This exam needs your own card."),
    network: gettext("The server did not answer. Your answers are kept; try again in a moment."),
  };
}

/** @param {Player} player  @param {() => void} onDone */
export function cardInput(player, onDone) {
  const error = h("p", { class: "field__error", id: "card-error", hidden: true });
  const input = h("input", {
    type: "text", id: "card-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 24,
    placeholder: "XXXX-XXXX-XXXX", translate: "no",
  });
  const submit = h("button", { type: "submit", class: "button" }, gettext("Sign in"));

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    const outcome = await signInAgain(player, input.value);
    submit.disabled = false;
    if (outcome === "in") return onDone();
    error.textContent = sayings()[outcome];
    error.hidden = false;
    input.setAttribute("aria-describedby", "card-error");
    input.setAttribute("aria-invalid", "true");
    announce(error.textContent);
    input.focus();
    return undefined;
  }

  return h("form", { class: "card-input", onsubmit: send },
    h("div", { class: "field field--code" }, h("label", { class: "field__label", for: "card-code" }, gettext("Code from your card")), error, input), submit);
}
