// @ts-check
// Which item comes next? The rule and its sense: scoring/practice/policy.py, whose figures travel with the paper; the
// same numbers as there, held to fixtures/vectors/practice.json. Nothing here knows of a page or of a network.

import { GRID, dot, probabilities } from "./estimator.js";

const TIE = 1e-9; // values closer than this share of the best are equal

/** Expected share of the points at each ability. @param {Parameters} item  @param {number[][]} p by category */
function shareOf(item, p) {
  const most = Math.max(...item.half_points);
  return GRID.map((_, q) => item.half_points.reduce((sum, points, k) => sum + points * p[k][q], 0) / most);
}

/** Numbers names by their first appearance. @param {string[]} names */
function numbered(names) {
  const place = new Map();
  names.forEach((name) => place.has(name) || place.set(name, place.size));
  return place;
}

/** The share of a domain's points on the reference form. @param {ReferenceItem[]} items */
function referenceShare(items) {
  const most = items.map((item) => Math.max(...item.half_points));
  const total = most.reduce((sum, points) => sum + points, 0);
  const shares = items.map((item) => shareOf(item, probabilities(item)));
  return GRID.map((_, q) => shares.reduce((sum, share, j) => sum + share[q] * most[j], 0) / total);
}

/** How much of the share comes with a step up; between the points of the grid it runs straight. @param {number[]} share  @param {number} step */
function rise(share, step) {
  const last = GRID.length - 1;
  const spacing = (GRID[last] - GRID[0]) / last;
  return share.map((now, q) => {
    const at = Math.min(last, Math.max(0, q + step / spacing));
    const below = Math.floor(at);
    const above = Math.min(last, below + 1);
    return share[below] + (at - below) * (share[above] - share[below]) - now;
  });
}

/**
 * What every choice needs, computed once.
 * @param {Model} model
 */
export function bankOf(model) {
  const refs = Object.keys(model.items);
  const items = refs.map((ref) => Object.assign({ ref }, model.items[ref]));
  const domains = numbered(items.map((item) => item.domain));
  const standards = numbered(items.map((item) => item.standard));
  const shares = [];
  const wholes = items.map((item) => {
    const p = probabilities(item);
    const share = shareOf(item, p);
    shares.push(Float64Array.from(share));
    const most = Math.max(...item.half_points);
    return Float64Array.from(share, (_, q) => item.half_points.reduce((sum, points, k) => sum + (points === most ? p[k][q] : 0), 0));
  });
  const domainOf = items.map((item) => domains.get(item.domain));
  const standardOf = items.map((item) => standards.get(item.standard));
  const means = Array.from(standards.keys(), () => ({ share: new Float64Array(GRID.length), items: 0, domain: 0 }));
  items.forEach((_, j) => {
    const mean = means[standardOf[j]];
    if (!mean.items) mean.domain = domainOf[j];
    mean.items += 1;
    GRID.forEach((__, q) => { mean.share[q] += shares[j][q]; });
  });
  means.forEach((mean) => GRID.forEach((_, q) => { mean.share[q] /= mean.items; }));
  const codes = Array.from(standards.keys());
  const needs = codes.map((code) => Array.from(new Set(model.prerequisites[code] || []))
    .filter((before) => standards.has(before) && before !== code).map((before) => standards.get(before)));
  const references = {};
  numbered(model.reference.map((item) => item.domain)).forEach((_, code) => {
    references[code] = referenceShare(model.reference.filter((item) => item.domain === code));
  });
  return {
    items, shares, wholes, domainOf, standardOf, means, needs, references, halfPoints: model.half_points,
    domains: Array.from(domains.keys()), standards: codes, place: new Map(refs.map((ref, j) => [ref, j])),
  };
}

/** @typedef {ReturnType<typeof bankOf>} Bank */
/** @typedef {{taken: number[], place: number, size: number, allowed?: boolean[] | null}} Place `taken`: places in the bank of what the set holds */

/** Mean and sd of each item's share; the one loop that goes through a whole bank. @param {Bank} bank  @param {Float64Array[]} weights by domain */
function moments({ shares, domainOf }, weights) {
  const share = new Float64Array(shares.length);
  const unsure = new Float64Array(shares.length);
  for (let j = 0; j < shares.length; j += 1) {
    const own = shares[j];
    const weight = weights[domainOf[j]];
    let mean = 0;
    let square = 0;
    for (let q = 0; q < own.length; q += 1) {
      const part = weight[q] * own[q];
      mean += part;
      square += part * own[q];
    }
    share[j] = mean;
    unsure[j] = Math.sqrt(Math.max(0, square - mean * mean));
  }
  return { share, unsure };
}

/** What holds of each item before any place of a set is taken. @param {Bank} bank  @param {Learner} learner  @param {Policy} policy */
export function appraise(bank, learner, policy) {
  const weights = bank.domains.map((code) => Float64Array.from(learner.domains[code] || learner.posterior));
  const gains = bank.domains.map((code, d) => (
    bank.references[code] ? bank.halfPoints[code] * dot(weights[d], rise(bank.references[code], policy.step)) : 0));
  const { share, unsure } = moments(bank, weights);
  const mastery = bank.means.map((mean, s) => {
    const [earned, possible] = learner.standards[bank.standards[s]] || [0, 0];
    return (policy.standard_weight * dot(weights[mean.domain], mean.share) + earned) / (policy.standard_weight + possible);
  });
  const factor = mastery.map((one) => Math.min(1, Math.max(policy.prerequisite_floor, one / policy.prerequisite_share)));
  const ready = bank.needs.map((before) => before.reduce((product, s) => product * factor[s], 1));
  const needed = new Set([].concat(...bank.needs));
  const met = bank.items.map((item) => learner.met[item.family || item.ref]);
  return {
    weights, gains, mastery, share, unsure,
    claim: bank.domainOf.map((d) => gains[d] ** policy.focus),
    ready: bank.standardOf.map((s) => ready[s]),
    due: met.map((one) => Boolean(one && one.missed && one.due)),
    review: met.map((one) => (!one ? 1 : one.missed && one.due ? policy.due_factor : 0)),
    firstStep: bank.standardOf.map((s) => needed.has(s) && mastery[s] < policy.prerequisite_share),
  };
}

const BY_VERDICT = { not_yet: "weak_domain", known: "confirm_strength", shaky: "closes_gap" };

/**
 * The worth of each item at this place; 0: cannot be chosen.
 * @param {Bank} bank  @param {ReturnType<typeof appraise>} appraisal  @param {Policy} policy  @param {Place} where  @returns {number[]}
 */
export function values(bank, appraisal, policy, { taken, place, size, allowed }) {
  const families = new Set(taken.map((j) => bank.items[j].family).filter(Boolean));
  const held = new Set(taken);
  const standards = bank.standards.map(() => 0);
  const domains = bank.domains.map(() => 0);
  taken.forEach((j) => {
    standards[bank.standardOf[j]] += 1;
    domains[bank.domainOf[j]] += 1;
  });
  const target = place === 0 || place === size - 1 ? policy.ends_target : policy.target;
  const suits = bank.items.map((item, j) => {
    if (held.has(j) || families.has(item.family) || (allowed && !allowed[j])) return 0;
    const productive = Math.exp(-0.5 * ((appraisal.share[j] - target) / policy.width) ** 2);
    const variety = (1 + standards[bank.standardOf[j]]) * (1 + domains[bank.domainOf[j]]) ** policy.spread;
    return productive * (1 + policy.uncertainty_weight * appraisal.unsure[j]) * appraisal.ready[j] / variety;
  });
  const { claim, review } = appraisal;
  const ways = [(one, j) => claim[j] * one * review[j], (one, j) => one * review[j], (one, j) => claim[j] * one];
  return ways.map((way) => suits.map(way)).find((worth) => worth.some((one) => one > 0)) || suits;
}

/** The probability with which each is drawn. @param {number[]} worth  @param {Policy} policy */
export function chances(worth, policy) {
  const most = worth.reduce((best, one) => Math.max(best, one), 0);
  const best = worth.map((one) => one > 0 && one >= most * (1 - TIE));
  const fair = worth.map((one) => one > 0 && one >= most * policy.exploration_floor);
  const count = (flags) => flags.filter(Boolean).length || 1;
  const [bests, fairs] = [count(best), count(fair)];
  return worth.map((_, j) => (best[j] ? (1 - policy.exploration) / bests : 0) + (fair[j] ? policy.exploration / fairs : 0));
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
  const { domain, ref } = bank.items[index];
  const reason = appraisal.due[index] ? "review_due" : appraisal.firstStep[index] ? "first_step" : BY_VERDICT[learner.verdicts[domain]] || "find_out";
  return {
    index, ref, reason, share: appraisal.share[index], value: worth[index], propensity: chance[index],
    probability: dot(appraisal.weights[bank.domainOf[index]], bank.wholes[index]),
  };
}
