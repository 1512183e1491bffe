// @ts-check
// What does a pupil do in practice beyond a trial: go on to an item chosen only now, try a similar one, ask for a hint?

import { paperLanguage } from "./messages.js";
import { nextOf, routeOf, similarTo } from "./route.js";
import { currentItem, goesOn, reduce, writable } from "./state.js";

const paperOf = (player) => player.tools.papers.in(paperLanguage());

/** The items as far as they are known; of a pool the first is chosen now. @param {Player} player  @param {Paper} paper */
export function setOut(player, paper) {
  const route = routeOf(paper, player.state);
  player.dispatch(Object.assign({ type: /** @type {"paper"} */ ("paper") }, route));
  if (!route.refs.length) onward(player);
}

/** To an item that was not shown yet: its place is the one it has once it was. @param {Player} player */
function goTo(player, { ref, how }) {
  const then = reduce(player.state, { type: "event", event: { kind: "seen", item: ref, value: how } });
  player.told[ref] = how;
  player.dispatch(Object.assign({ type: /** @type {"paper"} */ ("paper") }, routeOf(paperOf(player), then)));
  player.go(player.state.refs.indexOf(ref));
}

/**
 * Behind the last item that is here: the next of a pool. Chosen by what was checked up to now, and the same again if
 * the page dies before it is noted.
 * @param {Player} player
 * @returns {boolean} false: the set is complete
 */
export function onward(player) {
  const { state } = player;
  const next = goesOn(state) && writable(state) && nextOf(paperOf(player), state, player.row.id);
  if (next) goTo(player, next);
  return Boolean(next);
}

/** Is there a parallel item to the one that is shown? @param {Player} player */
export const similarHere = (player) => (
  writable(player.state) ? similarTo(paperOf(player), player.state, currentItem(player.state)) : null
);

/** Directly behind the missed one; of a pool, at the end, for there everything stands in the order of its showing. @param {Player} player */
export function trySimilar(player) {
  const similar = similarHere(player);
  if (similar) goTo(player, similar);
}

/** @param {Player} player  @param {string} ref */
export function askHint(player, ref) {
  if (!writable(player.state) || player.state.checked[ref] || player.state.hinted[ref]) return;
  player.settle();
  player.put({ kind: "hint", item: ref });
}
