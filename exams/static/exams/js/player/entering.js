// @ts-check
// How does the pupil get from the start to the items? With what lies on this phone, or after fetching it.

import { paperLanguage } from "./messages.js";
import { pause } from "./patience.js";
import { setOut } from "./practising.js";
import { backOff } from "./sync.js";
import { checkTime } from "./time_up.js";

/** To the items: this language first, the other one while the pupil reads. @param {Player} player */
export async function enter(player) {
  if (!(await havePaper(player))) return;
  const paper = player.tools.papers.in(paperLanguage());
  setOut(player, paper);
  const place = player.row.place || { index: 0, view: "item" };
  checkTime(player);
  if (player.state.view !== "receipt") {
    player.go(Math.min(place.index, player.state.refs.length - 1));
    if (place.view === "overview" || place.view === "hand_in" || place.view === "summary") player.show(place.view);
  }
  if (player.sync) player.sync.flush();
  otherPaper(player);
}

/** @param {Player} player */
async function havePaper(player) {
  const { papers } = player.tools;
  for (let failures = 1; ; failures += 1) {
    try {
      await papers.load(paperLanguage(), player.opened);
      return true;
    } catch (error) {
      await otherPaper(player);
      if (papers.in(paperLanguage())) return true;
      if (error.status === 401 || error.status === 403) await player.tools.renew(player);
      player.dispatch({ type: "problem", problem: "paper" });
      await pause(backOff(failures, Math.random()));
    }
  }
}

/** So that the language can change without a network. @param {Player} player */
export async function otherPaper(player) {
  const { papers } = player.tools;
  for (const language of Object.keys(player.opened.papers)) {
    try {
      await papers.load(language, player.opened);
    } catch (later) { /* asked for again when the pupil changes the language */ }
  }
}
