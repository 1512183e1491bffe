// @ts-check
// Which ability on each domain and standard follows from what the pupil responded? As in scoring/practice/abilities.py:
// what a standard says goes up to its domain and to the subject, and from there down to the others.

import { GRID, SPACING, times } from "./estimator.js";

const BETWEEN_DOMAINS = 0.5; // sd of the abilities in the domains around that in the subject
const LEAST = 1e-9; // of what one level says to another: nothing is impossible for good

const SIZE = GRID.length;
const ONES = GRID.map(() => 1);
const kernels = new Map();

/** To sum 1. @param {ArrayLike<number>} weights */
const scaled = (weights) => times(weights, ONES);

/** @param {number[][]} rows */
const flat = (rows) => Float64Array.from([].concat(...rows));

/** From a level, `sd` away from the one above, `up` to that and back `down`; what likelihoods `said` above. @param {number} sd */
function kernel(sd) {
  if (!kernels.has(sd)) {
    const rows = GRID.map((here) => scaled(GRID.map((there) => Math.exp(-0.5 * ((there - here) / sd) ** 2))));
    kernels.set(sd, { up: flat(rows), down: flat(GRID.map((_, q) => rows.map((row) => row[q]))), said: new WeakMap() });
  }
  return kernels.get(sd);
}

/** A phone spends most of a choice here, hence the plain loops. @param {Float64Array} way  @param {ArrayLike<number>} from */
function through(way, from) {
  const weights = Float64Array.from(from);
  const found = new Float64Array(SIZE);
  for (let r = 0; r < SIZE; r += 1) {
    let sum = 0;
    for (let q = 0; q < SIZE; q += 1) sum += way[SIZE * r + q] * weights[q];
    found[r] = sum;
  }
  return found;
}

/** @param {ArrayLike<number>} message */
function log(message) {
  const top = Math.max(...Array.from(message));
  return GRID.map((_, q) => Math.log(Math.max(message[q] / top, LEAST)));
}

/** @param {number[]} told */
function exp(told) {
  const top = Math.max(...told);
  return told.map((one) => Math.exp(one - top));
}

/** @param {number[]} one  @param {number[]} other */
const plus = (one, other, sign = 1) => one.map((value, q) => value + sign * other[q]);

/** Weights moved up by so much ability; at the end mass stays. @param {ArrayLike<number>} weights  @param {number} by */
export function moved(weights, by) {
  const last = GRID.length - 1;
  const found = new Float64Array(GRID.length);
  for (let q = 0; q <= last; q += 1) {
    const at = Math.min(last, q + by / SPACING);
    const below = Math.min(last - 1, Math.floor(at));
    found[below] += weights[q] * (1 - at + below);
    found[below + 1] += weights[q] * (at - below);
  }
  return found;
}

/**
 * Today's posteriors of every domain and standard of the bank, in its order.
 * @param {{domains: string[], standards: string[], homes: number[]}} bank  @param {Learner} learner  @param {number} sd of the
 *   abilities on the standards around that in their domain
 * @returns {{domains: Float64Array[], standards: Float64Array[]}}
 */
export function abilities({ domains, standards, homes }, learner, sd) {
  const above = kernel(BETWEEN_DOMAINS);
  const { up, down, said } = kernel(sd);
  const told = {}; // log-likelihoods of the domains
  const messages = {};
  const heard = {}; // what the domains say of the subject
  Object.keys(learner.around).forEach((code) => { told[code] = log(learner.around[code]); });
  Object.keys(learner.evidence).forEach((code) => {
    const { domain, likelihood } = learner.evidence[code];
    if (!said.has(likelihood)) said.set(likelihood, log(through(up, likelihood)));
    messages[code] = said.get(likelihood);
    told[domain] = told[domain] ? plus(told[domain], messages[code]) : messages[code];
  });
  let together = GRID.map((theta) => -0.5 * theta * theta);
  Object.keys(told).forEach((code) => {
    heard[code] = log(through(above.up, exp(told[code])));
    together = plus(together, heard[code]);
  });
  const outside = domains.map((code) => through(above.down, exp(heard[code] ? plus(together, heard[code], -1) : together)));
  const found = domains.map((code, d) => scaled(told[code] ? times(outside[d], exp(told[code])) : outside[d]));
  const grown = domains.map((code) => learner.grown[code] || 0);
  const alike = found.map((own, d) => moved(through(down, own), grown[d])); // on a standard without a response
  return {
    domains: found.map((own, d) => moved(own, grown[d])),
    standards: standards.map((code, s) => {
      const d = homes[s];
      if (!messages[code]) return alike[d];
      const others = times(outside[d], exp(plus(told[domains[d]], messages[code], -1)));
      return moved(times(through(down, others), learner.evidence[code].likelihood), grown[d]);
    }),
  };
}
