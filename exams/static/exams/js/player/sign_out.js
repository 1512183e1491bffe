// @ts-check
// How does a pupil leave this phone so that the next one finds nothing? With a warning where something is unsent.

import { forgetAside } from "./aside.js";
import { button, fill, h } from "./dom.js";
import { gettext, interpolate, ngettext } from "./messages.js";

const OWED = "proba-sign-out"; // the cookie can only be taken back by the server: remembered until it answers

/** Forgets keys, papers, tickets and names of every sitting on this phone. @param {Store} store */
export async function lockAll(store) {
  const rows = await store.sittings();
  for (const row of rows) {
    forgetAside(row.id);
    await store.lock(row.id);
  }
}

/** @param {Port} port  @returns {Promise<boolean>} true: the server has taken the cookie back */
export async function tellServer(port) {
  try {
    await port.signOut();
    try { localStorage.removeItem(OWED); } catch (blocked) { /* nothing was remembered either */ }
    return true;
  } catch (unreachable) {
    try { localStorage.setItem(OWED, "1"); } catch (blocked) { /* the cookie ends by itself within the day */ }
    return false;
  }
}

/** Was somebody promised to be signed out while there was no network? */
export function signOutOwed() {
  try { return localStorage.getItem(OWED) === "1"; } catch (blocked) { return false; }
}

/** @param {Player} player */
async function leaveNow(player) {
  if (player.sync) player.sync.stop();
  player.left = true;
  await lockAll(player.tools.store);
  await tellServer(player.tools.port);
  window.location.assign("/sign-in/");
}

/** @param {Player} player */
export async function leavePhone(player) {
  player.settle();
  if (player.outbox) await player.outbox.writing;
  const { sync } = player;
  if (!sync || !sync.unsent) return leaveNow(player);
  sync.flush();
  const notice = document.getElementById("notice");
  if (!notice) return undefined;
  const close = () => { notice.hidden = true; };
  fill(notice,
    h("h2", { class: "notice__title", tabindex: "-1" }, gettext("Not everything is sent yet")),
    h("p", {}, interpolate(ngettext(
      "%(n)s change is only on this phone. If you sign out now, it is sent when you sign in here again.",
      "%(n)s changes are only on this phone. If you sign out now, they are sent when you sign in here again.", sync.unsent,
    ), { n: sync.unsent })),
    h("div", { class: "actions" },
      button(gettext("Stay here"), close), button(gettext("Sign out anyway"), () => leaveNow(player), "button--secondary")));
  notice.hidden = false;
  /** @type {HTMLElement} */ (notice.firstElementChild).focus();
  return undefined;
}
