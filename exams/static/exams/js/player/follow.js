// @ts-check
// Which screen does the server's word call for? Closed by the invigilator, cancelled, opened again.

import { finished, writable } from "./state.js";

/** @param {Player} player */
export function follow(player) {
  const { view, sitting, refs, index } = player.state;
  if (sitting === "voided") player.dispatch({ type: "problem", problem: "voided" });
  else if (finished(player.state) && view !== "receipt") player.show("receipt");
  else if (writable(player.state) && view === "receipt" && refs.length) player.go(index);
}
