// @ts-check
// Which items are shown, in which order? All of a trial's; of a practice set those chosen beforehand, and behind a missed
// one its parallel item if it was asked for; of a pool the ones the phone has chosen so far, and which it chooses next.
// Everything follows from the paper and from what happened, so a reload, another tab or another language changes nothing.

import { bankOf, nextItem } from "../practice/next_item.js";
import { learnerAfter } from "../practice/learning.js";
import { utf8 } from "./bytes.js";
import { verdict } from "./practice.js";
import { sha256 } from "./sha256.js";

/** @param {Paper} paper */
export const isPocket = (paper) => Boolean(paper.practice && paper.practice.mode === "pocket");

/** What "seen" said when the item was first shown. @param {State} state  @param {string} ref */
const told = (state, ref) => (typeof state.seen[ref] === "object" ? state.seen[ref] : {});

/** @param {Paper} paper  @param {State} state  @returns {Route} */
export function routeOf(paper, state) {
  const here = new Set(paper.items.map((item) => item.ref));
  const seen = Object.keys(state.seen).filter((ref) => here.has(ref));
  const extra = {};
  if (isPocket(paper)) {
    seen.forEach((ref) => { if (told(state, ref).for) extra[ref] = told(state, ref).for; });
    // What was asked for beside another uses up an idea too: then the set is shorter than was wanted.
    const ideas = (items) => new Set(items.map((item) => item.family || item.ref)).size;
    const left = ideas(paper.items) - ideas(paper.items.filter((item) => item.ref in state.seen));
    const total = Math.min(/** @type {any} */ (paper.practice).size, seen.filter((ref) => !extra[ref]).length + left);
    return { refs: seen, total, extra };
  }
  const mains = paper.items.filter((item) => item.role !== "spare").map((item) => item.ref);
  const refs = [];
  mains.forEach((main) => {
    refs.push(main);
    seen.filter((ref) => spareFor(paper, ref) === main).forEach((ref) => {
      extra[ref] = main;
      refs.push(ref);
    });
  });
  return { refs, total: mains.length, extra };
}

/** The item beside which this one lies; "" if it is no spare. @param {Paper} paper  @param {string} ref */
function spareFor(paper, ref) {
  const item = paper.items.find((one) => one.ref === ref);
  return (item && item.role === "spare" && item.for) || "";
}

/** Even in [0, 1), the same whenever this place of this sitting is asked about. @param {string} sitting  @param {number} place */
export function draw(sitting, place) {
  const bytes = sha256(utf8(`${sitting}/${place}`));
  return (((bytes[0] * 256 + bytes[1]) * 256 + bytes[2]) * 256 + bytes[3]) / 4294967296;
}

/**
 * The next item of a pool, given what happened so far, and how it was chosen; null: the set is complete.
 * @param {Paper} paper  @param {State} state  @param {string} sitting
 */
export function nextOf(paper, state, sitting) {
  const { refs, total, extra } = routeOf(paper, state);
  const place = refs.filter((ref) => !extra[ref]).length;
  if (!isPocket(paper) || place >= total) return null;
  const { model, policy } = /** @type {any} */ (paper.practice);
  const bank = bankOf(model, policy);
  const taken = refs.filter((ref) => bank.place.has(ref)).map((ref) => /** @type {number} */ (bank.place.get(ref)));
  const here = new Set(paper.items.map((item) => item.ref));
  const allowed = bank.items.map((item) => here.has(item.ref));
  const choice = nextItem(bank, learnerAfter(paper, state, refs).learner, policy, { taken, place, size: total, u: draw(sitting, place), allowed });
  if (!choice) return null;
  const rounded = (number) => Number(number.toPrecision(4));
  return {
    ref: choice.ref,
    how: { place, reason: choice.reason, probability: rounded(choice.probability), propensity: rounded(choice.propensity), policy: policy.version },
  };
}

/** Checked, and not solved alone? @param {Item} item  @param {State} state */
function missed(item, { checked, responses, hinted }) {
  if (!item.solution || !checked[item.ref]) return false;
  const kind = verdict(item, responses[item.ref]);
  return kind === "right" ? Boolean(hinted[item.ref]) : kind !== "pending";
}

/**
 * A parallel item for one that was checked and not solved alone: with other numbers if there is one, else of the same skill.
 * @param {Paper} paper  @param {State} state  @param {string} ref
 * @returns {{ref: string, how: {for: string}} | null}
 */
export function similarTo(paper, state, ref) {
  const item = paper.items.find((one) => one.ref === ref);
  if (!item || !missed(item, state)) return null;
  const root = state.extra[ref] || ref;
  const fresh = paper.items.filter((one) => !(one.ref in state.seen) && one.ref !== ref);
  const standard = (one) => (one.standard || {}).code;
  const found = isPocket(paper)
    ? fresh.find((one) => one.family && one.family === item.family) || fresh.find((one) => standard(one) && standard(one) === standard(item))
    : fresh.find((one) => one.role === "spare" && one.for === root);
  return found ? { ref: found.ref, how: { for: root } } : null;
}
