// @ts-check
// Which item comes next? The rule and its sense: scoring/practice/policy.py, whose figures travel with the paper; the
// same numbers as there, held to fixtures/vectors/practice.json. Nothing here knows of a page or of a network.

import { abilities } from "./abilities.js";
import { GRID, SPACING, between, dot, probabilities } from "./estimator.js";
import { reasonFor } from "./reasons.js";

const TIE = 1e-9; // values closer than this share of the best are equal
const KNOT = 0.15; // what an item brings is given for its share of 0.15, 0.3 ... 0.9

/** What is expected at each ability when each category is worth so much. @param {Parameters} item  @param {number[]} worth */
function expected(item, worth) {
  const p = probabilities(item);
  return Float64Array.from(GRID, (_, q) => worth.reduce((sum, one, k) => sum + one * p[k][q], 0));
}

/** Numbers names by their first appearance. @param {string[]} names */
function numbered(names) {
  const place = new Map();
  names.forEach((name) => place.has(name) || place.set(name, place.size));
  return place;
}

/** Half-points on the reference form at each ability, by what `name` says of its items. @param {ReferenceItem[]} items  @param {"domain" | "standard"} name */
function asked(items, name) {
  const found = {};
  items.forEach((item) => {
    const own = found[item[name]] || new Float64Array(GRID.length);
    found[item[name]] = own;
    expected(item, item.half_points).forEach((points, q) => { own[q] += points; });
  });
  return found;
}

/** How much more comes with a unit of ability, taken over `step`; 0 of what the form does not ask. @param {Float64Array | undefined} points  @param {number} step */
const rise = (points, step) => Float64Array.from(GRID, (_, q) => (points ? (between(points, q + step / SPACING) - points[q]) / step : 0));

/**
 * What every choice by this rule needs, computed once. `wide`: half-points by ability that a unit more of it in each domain
 * brings on the exam, `narrow`: on each standard.
 * @param {Model} model  @param {Policy} policy
 */
export function bankOf(model, { step, repeats }) {
  const refs = Object.keys(model.items);
  const items = refs.map((ref) => Object.assign({ ref }, model.items[ref]));
  const domains = numbered(items.map((item) => item.domain));
  const standards = numbered(items.map((item) => item.standard));
  const codes = Array.from(standards.keys());
  const home = new Map(items.map((item) => [item.standard, item.domain]));
  const shares = new Float64Array(items.length * GRID.length);
  items.forEach((item, j) => {
    const most = Math.max(...item.half_points);
    shares.set(expected(item, item.half_points.map((points) => points / most)), j * GRID.length);
  });
  const [byDomain, byStandard] = [asked(model.reference, "domain"), asked(model.reference, "standard")];
  return {
    items, shares,
    keys: items.map((item) => item.family || item.ref),
    domainOf: items.map((item) => domains.get(item.domain)),
    standardOf: items.map((item) => standards.get(item.standard)),
    domains: Array.from(domains.keys()),
    standards: codes,
    homes: codes.map((code) => domains.get(home.get(code))),
    needs: codes.map((code) => Array.from(new Set(model.prerequisites[code] || []))
      .filter((before) => standards.has(before) && before !== code).map((before) => standards.get(before))),
    wide: Array.from(domains.keys(), (code) => rise(byDomain[code], step)),
    narrow: codes.map((code) => {
      const anywhere = rise(byDomain[home.get(code)], step);
      return rise(byStandard[code], step).map((own, q) => repeats * own + (1 - repeats) * anywhere[q] / (model.breadth[home.get(code)] || 1));
    }),
    place: new Map(refs.map((ref, j) => [ref, j])),
  };
}

/** @typedef {ReturnType<typeof bankOf>} Bank */
/** @typedef {{taken: number[], place: number, size: number, allowed?: boolean[] | null}} Place `taken`: places in the bank of what the set holds */

/** The share of its points that each item is expected to bring; alone, so that browsers soon make it fast. @param {Bank} bank  @param {Float64Array[]} known by standard */
function expectedShares({ shares, standardOf }, known) {
  const size = GRID.length;
  return Float64Array.from(standardOf, (s, j) => {
    const weight = known[s];
    let sum = 0;
    for (let q = 0; q < size; q += 1) sum += weight[q] * shares[size * j + q];
    return sum;
  });
}

/** What holds of each item before any place of a set is taken. @param {Bank} bank  @param {Learner} learner  @param {Policy} policy */
export function appraise(bank, learner, policy) {
  const { standardOf, domainOf, keys } = bank;
  const { effects } = policy;
  const known = abilities(bank, learner, effects.standard_sd);
  const gains = bank.wide.map((own, d) => dot(known.domains[d], own));
  const ownGains = bank.narrow.map((own, s) => dot(known.standards[s], own));
  const share = expectedShares(bank, known.standards);
  const [learnt, gain, review] = [share, share, share].map(() => new Float64Array(share.length));
  const due = keys.map(() => false);
  const mastery = bank.standards.map(() => 0);
  const sizes = bank.standards.map(() => 0);
  keys.forEach((key, j) => {
    const s = standardOf[j];
    const beta = between(effects.domain, share[j] / KNOT - 1);
    const gamma = between(effects.standard, share[j] / KNOT - 1);
    const met = learner.met[key];
    due[j] = Boolean(met && met.missed && met.due);
    review[j] = !met ? 1 : !due[j] ? 0 : met.confirm ? policy.confirm_factor : policy.due_factor;
    learnt[j] = beta + gamma;
    gain[j] = beta * gains[domainOf[j]] + gamma * ownGains[s];
    mastery[s] += share[j];
    sizes[s] += 1;
  });
  sizes.forEach((n, s) => { mastery[s] /= n; });
  const factor = mastery.map((one) => Math.min(1, Math.max(policy.prerequisite_floor, one / policy.prerequisite_share)));
  const needed = new Set([].concat(...bank.needs));
  return {
    known, gains, mastery, share, learnt, gain, review, due,
    ready: bank.needs.map((before) => before.reduce((product, s) => product * factor[s], 1)),
    firstStep: mastery.map((one, s) => needed.has(s) && one < policy.prerequisite_share),
  };
}

/**
 * The worth of each item at this place; 0: cannot be chosen.
 * @param {Bank} bank  @param {ReturnType<typeof appraise>} appraisal  @param {Policy} policy  @param {Place} where  @returns {number[]}
 */
export function values(bank, appraisal, policy, { taken, place, size, allowed }) {
  const families = new Set(taken.map((j) => bank.items[j].family).filter(Boolean));
  const standards = bank.standards.map(() => 0);
  const domains = bank.domains.map(() => 0);
  taken.forEach((j) => {
    standards[bank.standardOf[j]] += 1;
    domains[bank.domainOf[j]] += 1;
  });
  const ends = place === 0 || place === size - 1;
  const { share, gain, learnt, review } = appraisal;
  const ofStandard = standards.map((n, s) => appraisal.ready[s] / (1 + n) ** policy.standard_spread);
  const ofDomain = domains.map((n) => (1 + n) ** policy.spread);
  const suits = bank.items.map((item, j) => {
    if ((item.family && families.has(item.family)) || (allowed && !allowed[j])) return 0;
    const own = ofStandard[bank.standardOf[j]] / ofDomain[bank.domainOf[j]];
    return ends ? own * share[j] ** policy.ends_ease : own;
  });
  taken.forEach((j) => { suits[j] = 0; });
  const ways = [(j) => gain[j] * review[j], (j) => learnt[j] * review[j], (j) => gain[j], (j) => learnt[j]];
  let worth = suits;
  ways.some((way) => {
    worth = suits.map((one, j) => one * way(j));
    return worth.some((one) => one > 0);
  });
  return worth;
}

/** The probability with which each is drawn. @param {number[]} worth  @param {Policy} policy */
export function chances(worth, { exploration, exploration_floor: floor }) {
  const most = worth.reduce((best, one) => Math.max(best, one), 0);
  const [best, fair] = [most * (1 - TIE), most * floor];
  let [bests, fairs] = [0, 0];
  worth.forEach((one) => {
    if (one > 0 && one >= best) bests += 1;
    if (one > 0 && one >= fair) fairs += 1;
  });
  return worth.map((one) => (one > 0 ? (one >= best ? (1 - exploration) / bests : 0) + (one >= fair ? exploration / fairs : 0) : 0));
}

/**
 * The item for place `place` (from 0) of a set of `size`; null: none is left.
 * @param {Bank} bank  @param {Learner} learner  @param {Policy} policy  @param {Place & {u: number}} where `u`: a number
 *   even in [0, 1) that decides the draw
 * @returns {Choice | null}
 */
export function nextItem(bank, learner, policy, where) {
  const appraisal = appraise(bank, learner, policy);
  const worth = values(bank, appraisal, policy, where);
  const chance = chances(worth, policy);
  let index = -1;
  let sum = 0;
  for (let j = 0; j < chance.length && !(index >= 0 && sum > where.u); j += 1) {
    if (chance[j] > 0) {
      index = j; // the last possible one takes what rounding left of the chances
      sum += chance[j];
    }
  }
  if (index < 0) return null;
  const item = bank.items[index];
  const most = Math.max(...item.half_points);
  const whole = expected(item, item.half_points.map((points) => Number(points === most)));
  const probability = dot(appraisal.known.standards[bank.standardOf[index]], whole);
  const reason = reasonFor({
    probability, due: appraisal.due[index], met: learner.met[bank.keys[index]],
    anyAlike: policy.exploration >= 1 && policy.exploration_floor <= 0,
    firstStep: appraisal.firstStep[bank.standardOf[index]], verdict: learner.verdicts[item.domain],
  });
  return { index, ref: item.ref, reason, share: appraisal.share[index], value: worth[index], propensity: chance[index], probability };
}
