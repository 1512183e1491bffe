// @ts-check
// Has the time run out? Called once a second. The phone's own date may close the inputs, but never hands in.

import { finished } from "./state.js";

/** @param {Player} player */
export function checkTime(player) {
  const { state } = player;
  const { clock } = player.tools;
  if (state.sitting !== "started" || state.pausedAt !== null || finished(state) || state.takenOver || state.endsAt === null || !clock.known()) return;
  const over = clock.now() >= state.endsAt;
  if (over && !state.over) {
    player.settle();
    player.dispatch({ type: "time", over: true });
    player.show("receipt");
    if (player.sync) player.sync.flush(); // the reply's clock decides
  }
  if (over && clock.surelyOver(state.endsAt)) player.handIn("time");
  if (!over && state.over) {
    player.dispatch({ type: "time", over: false });
    if (state.refs.length) player.go(state.index);
  }
}
