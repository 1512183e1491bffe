// @ts-check
// What do we know of the pupil after this set, on this phone? From what travelled with the paper and what was checked here.

import { scoreResponse } from "../response_processing.js";
import { GRID, interval, learnerOf, predicted, totals, updated } from "./estimator.js";

// When something may be said: scoring/evidence_rule.py, EvidenceRule.least and .widest.
const LEAST = 10;
const WIDEST = 0.8;
const POPULATION = GRID.map((theta) => Math.exp(-theta * theta / 2));

/** Between the quantiles that leave out 15 % on each side, each total spread evenly over its half-point. @param {number[]} pmf */
function width(pmf) {
  const quantile = (left) => {
    let at = 0;
    for (; at < pmf.length - 1 && left > pmf[at]; at += 1) left -= pmf[at];
    return at + left / pmf[at];
  };
  return quantile(0.85) - quantile(0.15);
}

/**
 * The category a response falls into; with a hint it was not solved alone. null: waits for a person.
 * @param {Item} item  @param {Parameters} parameters  @param {any} value  @param {boolean} hinted
 */
export function categoryOf(item, parameters, value, hinted) {
  const { status, halfPoints } = scoreResponse(item.solution.key, value === undefined ? null : value);
  if (status === "pending") return null;
  const reached = parameters.half_points.filter((points) => points <= halfPoints).length - 1;
  return hinted ? 0 : reached;
}

/**
 * `counted`: how many of the responses said something of the ability.
 * @param {Paper} paper of practice  @param {State} state  @param {string[]} refs in the order in which they were worked on
 */
export function learnerAfter(paper, state, refs) {
  const { model, policy } = /** @type {any} */ (paper.practice);
  let learner = learnerOf(model);
  let counted = 0;
  refs.filter((ref) => state.checked[ref] && model.items[ref]).forEach((ref) => {
    const item = /** @type {Item} */ (paper.items.find((one) => one.ref === ref));
    const known = Object.assign({ ref }, model.items[ref]);
    const category = categoryOf(item, known, state.responses[ref], Boolean(state.hinted[ref]));
    if (category === null) return;
    const before = learner.posterior;
    learner = updated(learner, known, category, policy.effects.growth);
    if (learner.posterior !== before) counted += 1;
  });
  return { learner, counted };
}

/**
 * How the prediction of the exam's points moves by this set.
 * @param {Paper} paper  @param {State} state  @param {string[]} refs
 * @returns {{before: Band | null, now: Band | null, of: number, needed: number} | null} `before`, `now`: null without
 *   evidence enough; `needed`: responses at least still missing for that, 0: not known; null: there is nothing to work it out from
 */
export function movement(paper, state, refs) {
  const { model } = paper.practice || { model: null };
  if (!model || typeof model.n_items !== "number" || !model.reference.length) return null;
  const { learner, counted } = learnerAfter(paper, state, refs);
  if (!counted) return null;
  const table = totals(model.reference);
  const before = model.n_items;
  const limit = WIDEST * width(predicted(POPULATION, table));
  const band = (posterior, n) => {
    const pmf = predicted(posterior, table);
    return n >= LEAST && width(pmf) <= limit ? interval(pmf) : null;
  };
  return {
    before: band(model.posterior, before), now: band(learner.posterior, before + counted),
    of: table[0].length - 1, needed: Math.max(0, LEAST - before - counted),
  };
}
