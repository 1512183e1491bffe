// @ts-check
// Where are my answers now? Always visible, never in the way: an icon, a word and a colour.

import { announce, fill, h, icon } from "./dom.js";
import { gettext } from "./messages.js";

/** Words of the three states; "kept" may be shown only for what the phone has written to its storage. */
function words({ state, connected, failed }) {
  if (state === "saved") return { icon: "check", text: gettext("Saved") };
  if (state === "sending" && !connected && !failed) return { icon: "phone", text: gettext("Saving on this phone…") };
  if (state === "sending" || failed) return { icon: "save", text: gettext("Sending…") };
  return { icon: "phone", text: gettext("Kept on this phone") };
}

export class SaveIndicator {
  constructor() {
    this.element = h("p", { class: "saving" });
    this.shown = "";
    this.wasConnected = true;
  }

  /** @param {{state: SaveState, connected: boolean, failed: boolean}} now failed: the phone cannot keep anything */
  update(now) {
    const key = JSON.stringify([now, gettext("Saved")]);
    if (key === this.shown) return;
    this.shown = key;
    const said = words(now);
    this.element.className = `saving saving--${now.state}`;
    fill(this.element, icon(said.icon), h("span", {}, said.text,
      !now.connected && h("span", { class: "saving__hint" }, now.failed ? gettext("Keep this page open") : gettext("No network"))));
    this.speak(now);
  }

  /** One sentence per drop and one when it is over; no more. @param {{state: string, connected: boolean}} now */
  speak(now) {
    if (this.wasConnected && !now.connected) {
      this.wasConnected = false;
      announce(gettext("No network. Your answers are kept on this phone. Go on working."));
    } else if (!this.wasConnected && now.connected && now.state === "saved") {
      this.wasConnected = true;
      announce(gettext("The network is back. Everything is saved."));
    }
  }
}
