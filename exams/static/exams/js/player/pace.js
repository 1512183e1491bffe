// @ts-check
// How often does a phone with nothing to send ask how things stand? More often where something is about to change.

const CALM = 60000;
const EAGER = 15000;
const SOON = 600000;

/**
 * @param {State} state  @param {number} untilOpen ms until the sitting may be started
 * @returns {number} ms, on average
 */
export function pace(state, untilOpen) {
  if (state.pausedAt !== null) return EAGER;
  return state.sitting === "ready" && untilOpen > 0 && untilOpen <= SOON ? EAGER : CALM;
}
