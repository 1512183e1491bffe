// @ts-check
// How do the answers get to the teacher when the network does not come back? By themselves as soon as it does;
// until then as codes on the screen or as a file. Nothing here stops, hides or replaces sending.

import { Codes } from "./codes.js";
import { announce, button, h, icon } from "./dom.js";
import { canEnclose, envelopeOf, fileName, isClear } from "./envelope.js";
import { gettext, interpolate } from "./messages.js";
import { framesOf } from "./qr_frames.js";

const PATIENCE = 60000;

/** May a file be shared here? @param {File} file */
const shareable = (file) => typeof navigator.canShare === "function" && navigator.canShare({ files: [file] });

/** For how long has the server not answered, while something waits for it? */
export class Silence {
  constructor() {
    this.since = -1;
    this.answered = 0;
    this.long = false; // stays until everything is delivered: what somebody is reading must not jump away
  }

  /** @param {{unsent: number, answered: number}} sync  @param {number} now by the monotonic clock */
  listen(sync, now) {
    if (!sync.unsent) {
      this.since = -1;
      this.long = false;
    } else if (this.since < 0 || sync.answered !== this.answered) this.since = now;
    else if (now - this.since >= PATIENCE) this.long = true;
    this.answered = sync.answered;
    return this.long;
  }
}

class HandOver {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.silence = new Silence();
    /** @type {Codes | null} */
    this.codes = null;
    /** @type {"" | "saved" | "failed"} */
    this.told = "";
    this.working = false;
    this.offered = false;
  }

  /** What a screen shows of this; looked at every second. */
  key() {
    const { sync, opened, tools } = this.player;
    const trial = Boolean(sync && opened && opened.sitting.purpose !== "practice" && canEnclose(opened.hand_in_key));
    const offered = trial && sync !== null && this.silence.listen(sync, tools.clock.mono());
    if (offered && !this.offered) announce(gettext("No connection for a minute. You can wait, or give your answers to your teacher in another way."));
    this.offered = offered;
    if (!offered) this.close();
    return offered ? `${this.codes ? "codes" : "offer"} ${this.told}` : "";
  }

  close() {
    if (this.codes) this.codes.stop();
    this.codes = null;
    this.told = "";
  }

  redraw() {
    this.player.tools.render(this.player);
  }

  /** Makes the envelope once for what is asked. @param {(envelope: string) => Promise<void> | void} use */
  async withEnvelope(use) {
    if (this.working) return;
    this.working = true;
    try {
      await use(await envelopeOf(this.player));
    } catch (impossible) {
      this.told = "failed";
    }
    this.working = false;
    this.redraw();
  }

  /** @param {string} envelope */
  show(envelope) {
    this.told = "";
    this.codes = new Codes(framesOf(envelope));
    this.codes.play();
    window.scrollTo(0, 0);
  }

  /** @param {string} envelope */
  save(envelope) {
    const address = URL.createObjectURL(new Blob([envelope], { type: "text/plain" }));
    const link = h("a", { href: address, download: fileName(this.player.row.id), hidden: true });
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    this.told = "saved";
  }

  /** @param {string} envelope */
  async share(envelope) {
    const file = new File([envelope], fileName(this.player.row.id), { type: "text/plain" });
    try {
      await navigator.share({ files: [file] });
    } catch (changedTheirMind) { /* the sheet was closed, and nothing is lost */ }
  }

  /** On the receipt, below how things stand. */
  section() {
    if (!this.offered) return null;
    const does = (use) => () => this.withEnvelope(use);
    return h("section", { class: "hand-over" },
      h("h2", { class: "hand-over__title" }, gettext("Still no connection?")),
      h("p", {}, gettext("You can just wait. If your teacher wants your answers now, there are two other ways, and you may use both:")),
      h("div", { class: "hand-over__ways" },
        button(gettext("Show codes to the teacher"), does((envelope) => this.show(envelope)), "button--secondary"),
        button(gettext("Save a file"), does((envelope) => this.save(envelope)), "button--secondary"),
        shareable(new File([""], "proba.txt", { type: "text/plain" })) && button(gettext("Share the file"), does((envelope) => this.share(envelope)), "button--secondary")),
      this.said(),
      h("p", { class: "muted small" }, isClear()
        ? gettext("On this page the file and the codes cannot be encrypted: give them to your teacher and to nobody else.")
        : gettext("The file and the codes are encrypted: nobody on the way can read or change your answers.")));
  }

  said() {
    if (this.told === "saved") {
      return h("p", { class: "hand-over__said", role: "status" }, icon("check"), h("span", {}, h("b", {}, fileName(this.player.row.id)), " ",
        gettext("lies where your downloads are. Give this file to your teacher. Sending goes on by itself.")));
    }
    if (this.told === "failed") {
      return h("p", { class: "hand-over__said", role: "alert" }, gettext("This did not work on this phone. Your answers are safe: keep this page open and tell your teacher."));
    }
    return null;
  }

  /** Instead of the receipt, while codes are shown. @param {string} receipt */
  screen(receipt) {
    if (!this.codes) return null;
    return h("section", { class: "page codes-page" },
      h("h1", { tabindex: "-1" }, gettext("Codes for your teacher")),
      this.codes.words(),
      h("p", {}, gettext("Hold the screen, as bright as you can make it, in front of your teacher's camera. The codes go round and round until all of them are read.")),
      receipt && h("p", { class: "muted" }, interpolate(gettext("Your receipt: %(code)s."), { code: receipt }), " ", gettext("Sending goes on by itself.")),
      h("div", { class: "actions" }, button(gettext("Back to the receipt"), () => { this.close(); this.redraw(); }, "button--secondary")));
  }
}

/** @type {WeakMap<Player, HandOver>} */
const found = new WeakMap();

/** The one of this page. @param {Player} player  @returns {HandOver} */
export function handOverOf(player) {
  const held = found.get(player) || new HandOver(player);
  found.set(player, held);
  return held;
}
