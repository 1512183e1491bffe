// @ts-check
// What does one more response say of the ability, and the ability of the points on the exam? On the phone, by the same
// formulas as the server's (scoring/irt, scoring/readiness.py, scoring/practice/learning.py), held to
// fixtures/vectors/practice.json. The server's full estimate replaces this one when the sitting is scored.

const LOW = -5;
const STEP = 0.25;
const BETWEEN_DOMAINS = 0.5; // sd of the distance between two domains of a subject

/** Where abilities are looked at: 41 points. */
export const GRID = Array.from({ length: 41 }, (_, q) => LOW + STEP * q);

/** @param {ArrayLike<number>} one  @param {ArrayLike<number>} other */
export function dot(one, other) {
  let sum = 0;
  for (let q = 0; q < GRID.length; q += 1) sum += one[q] * other[q]; // a bank has thousands of items
  return sum;
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

/** Bayes' rule on the grid. @param {number[]} posterior  @param {number[]} likelihood */
export function times(posterior, likelihood) {
  const product = posterior.map((weight, q) => weight * likelihood[q]);
  const total = product.reduce((sum, value) => sum + value, 0);
  return product.map((value) => value / total);
}

const kernel = GRID.map((here) => {
  const row = GRID.map((there) => Math.exp(-0.5 * ((there - here) / BETWEEN_DOMAINS) ** 2));
  const total = row.reduce((sum, value) => sum + value, 0);
  return row.map((value) => value / total);
});

/** A likelihood in one domain, as far as it speaks of another. @param {number[]} likelihood */
export const blurred = (likelihood) => kernel.map((row) => dot(row, likelihood));

/** What is known of the pupil, as it travels with the paper. @param {Model} model  @returns {Learner} */
export const learnerOf = ({ posterior, domains, standards, met, verdicts }) => ({ posterior, domains, standards, met, verdicts: verdicts || {} });

/**
 * After a response of this category. A response for which a hint was asked comes as category 0.
 * @param {Learner} learner  @param {ModelItem} item  @param {number} category  @returns {Learner}
 */
export function updated(learner, item, category) {
  const likelihood = probabilities(item)[category];
  const elsewhere = blurred(likelihood);
  const domains = {};
  Object.keys(learner.domains).forEach((code) => {
    domains[code] = times(learner.domains[code], code === item.domain ? likelihood : elsewhere);
  });
  if (!(item.domain in domains)) domains[item.domain] = times(learner.posterior, likelihood);
  const [earned, possible] = learner.standards[item.standard] || [0, 0];
  const points = item.half_points[category];
  const most = Math.max(...item.half_points);
  return {
    posterior: times(learner.posterior, likelihood),
    domains,
    standards: Object.assign({}, learner.standards, { [item.standard]: [earned + points, possible + most] }),
    met: Object.assign({}, learner.met, { [item.family || item.ref]: { missed: points < most, due: false } }),
    verdicts: learner.verdicts,
  };
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
