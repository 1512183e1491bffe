// @ts-check
// What does one more response say of the ability, and the ability of the points on the exam? On the phone, by the same
// formulas as the server's (scoring/irt, scoring/readiness.py, scoring/practice/learning.py), held to
// fixtures/vectors/practice.json. The server's full estimate replaces this one when the sitting is scored.

const LOW = -5;

export const SPACING = 0.25;

/** Where abilities are looked at: 41 points. */
export const GRID = Array.from({ length: 41 }, (_, q) => LOW + SPACING * q);

/** @param {ArrayLike<number>} one  @param {ArrayLike<number>} other */
export function dot(one, other) {
  let sum = 0;
  for (let q = 0; q < GRID.length; q += 1) sum += one[q] * other[q]; // a bank has thousands of items
  return sum;
}

/** A value between two neighbours in a row runs straight; beyond the ends it stays. @param {ArrayLike<number>} row  @param {number} at */
export function between(row, at) {
  const last = row.length - 1;
  const inside = Math.min(last, Math.max(0, at));
  const below = Math.floor(inside);
  return row[below] + (inside - below) * (row[Math.min(last, below + 1)] - row[below]);
}

/**
 * P(category | ability) at each point, by category: generalised partial credit over the difficulties of the steps; an
 * item with one step may be guessed (c).
 * @param {Parameters} item  @returns {number[][]}
 */
export function probabilities({ a, c, steps }) {
  const rows = [0].concat(steps).map(() => new Array(GRID.length));
  GRID.forEach((theta, q) => {
    const climbed = [0];
    steps.forEach((difficulty, k) => climbed.push(climbed[k] + a * (theta - difficulty)));
    const top = Math.max(...climbed);
    const weights = climbed.map((sum) => Math.exp(sum - top));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, k) => { rows[k][q] = (1 - c) * weight / total + (k === 1 ? c : 0); });
  });
  return rows;
}

/** Bayes' rule on the grid. @param {ArrayLike<number>} posterior  @param {ArrayLike<number>} likelihood  @returns {number[]} */
export function times(posterior, likelihood) {
  const total = dot(posterior, likelihood);
  return GRID.map((_, q) => posterior[q] * likelihood[q] / total);
}

/** What is known of the pupil, as it travels with the paper. @param {Model} model  @returns {Learner} */
export const learnerOf = ({ posterior, evidence, around, grown, met, verdicts }) => ({ posterior, evidence, around, grown, met, verdicts });

/**
 * After a response of this category, explained since, by which the domain grows by `growth`. One for which a hint was
 * asked comes as category 0. One to an item met before in just this form says nothing new: memory is not ability.
 * @param {Learner} learner  @param {ModelItem} item  @param {number} category  @param {number} growth  @returns {Learner}
 */
export function updated(learner, item, category, growth) {
  const { domain, standard, half_points: points } = item;
  const key = item.family || item.ref;
  const met = Object.assign({}, learner.met, { [key]: { missed: points[category] < Math.max(...points), due: false, confirm: false } });
  if (!item.family && learner.met[key]) return Object.assign({}, learner, { met });
  const likelihood = probabilities(item)[category];
  const grown = learner.grown[domain] || 0;
  // What the response says of the ability as it was before any practice.
  const then = GRID.map((_, q) => between(likelihood, q + grown / SPACING));
  const before = learner.evidence[standard];
  const together = before ? then.map((one, q) => one * before.likelihood[q]) : then;
  const top = Math.max(...together);
  return Object.assign({}, learner, {
    posterior: times(learner.posterior, likelihood),
    evidence: Object.assign({}, learner.evidence, { [standard]: { domain, likelihood: together.map((one) => one / top) } }),
    grown: Object.assign({}, learner.grown, { [domain]: grown + growth }),
    met,
  });
}

/** P(total of half-points | ability) of a form, by point of the grid: Lord and Wingersky (1984). @param {Parameters[]} form */
export function totals(form) {
  let table = GRID.map(() => [1]);
  form.forEach((item) => {
    const p = probabilities(item);
    const most = Math.max(...item.half_points);
    table = table.map((row, q) => {
      const next = new Array(row.length + most).fill(0);
      item.half_points.forEach((points, k) => row.forEach((mass, total) => { next[total + points] += mass * p[k][q]; }));
      return next;
    });
  });
  return table;
}

/** Probability of each total of half-points. @param {number[]} posterior  @param {number[][]} table */
export function predicted(posterior, table) {
  const pmf = table[0].map((_, total) => posterior.reduce((sum, weight, q) => sum + weight * table[q][total], 0));
  const sum = pmf.reduce((all, mass) => all + mass, 0);
  return pmf.map((mass) => mass / sum);
}

/**
 * The shortest run of whole points that holds at least `mass`; of equals the one that holds most, then the lowest.
 * @param {number[]} pmf  @returns {{low: number, high: number, probability: number}} half-points, both ends included
 */
export function interval(pmf, mass = 0.7) {
  const last = pmf.length - 1;
  const whole = pmf.map((_, total) => total).filter((total) => total === last || total % 2 === 0);
  const below = [0];
  pmf.forEach((one, total) => below.push(below[total] + one));
  let best = { low: 0, high: last, probability: below[last + 1] };
  whole.forEach((low) => whole.forEach((high) => {
    const probability = high < low ? 0 : below[high + 1] - below[low];
    const shorter = best.high - best.low - (high - low);
    if (probability >= mass - 1e-12 && (shorter > 0 || (shorter === 0 && probability > best.probability))) best = { low, high, probability };
  }));
  return best;
}
