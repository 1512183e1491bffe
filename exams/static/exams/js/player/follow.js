// @ts-check
// Which screen does the server's word call for? Closed by the invigilator, cancelled, opened again, started after all.

import { enter } from "./entering.js";
import { finished, writable } from "./state.js";

/** @param {Player} player */
export function follow(player) {
  const { view, sitting, refs, index, takenOver } = player.state;
  if (sitting === "voided") player.dispatch({ type: "problem", problem: "voided" });
  else if (finished(player.state) && view !== "receipt") player.show("receipt");
  else if (writable(player.state) && view === "receipt" && refs.length) player.go(index);
  // Opened again after a reload had shown the receipt, or a start whose reply was lost: the items are still to come.
  else if (sitting === "started" && !finished(player.state) && !takenOver && !refs.length && (view === "waiting" || view === "receipt")) enter(player);
}
