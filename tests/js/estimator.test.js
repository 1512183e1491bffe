// Does the phone know as much after a response as the server would?

import assert from "node:assert/strict";
import test from "node:test";

import { GRID, dot, interval, learnerOf, predicted, probabilities, times, totals, updated } from "../../exams/static/exams/js/practice/estimator.js";
import { itemOf, near, practice } from "./vectors.js";

test("the same grid", () => near(GRID, practice.grid));

test("probabilities of categories: partial credit, and guessing", () => {
  assert.ok(practice.probabilities.length >= 5);
  practice.probabilities.forEach((one) => {
    const rows = probabilities(one);
    const at = one.rows.filter(({ x }) => GRID.includes(x));
    assert.ok(at.length >= 3);
    at.forEach(({ x, p }) => near(rows.map((row) => row[GRID.indexOf(x)]), p, `${JSON.stringify(one.steps)} at ${x}`));
  });
});

test("posteriors", () => {
  const { model } = practice.travelling.full;
  practice.posteriors.forEach(({ items, categories, prior, posterior, mean, sd }) => {
    const found = items.reduce((known, ref, n) => times(known, probabilities(model.items[ref])[categories[n]]), prior);
    near(found, posterior);
    near(dot(found, GRID), mean);
    near(Math.sqrt(found.reduce((sum, weight, q) => sum + weight * (GRID[q] - mean) ** 2, 0)), sd);
  });
});

test("the distribution of points on the exam and its shortest interval", () => {
  practice.predictions.forEach(({ learner, posterior, distribution_row: row, pmf, low, high, probability, mass }) => {
    const table = totals(practice.travelling[learner].model.reference);
    near(table[row.q], row.p);
    const found = predicted(posterior, table);
    near(found, pmf);
    near(interval(found, mass), { low, high, probability });
  });
});

test("an interval ends at whole points, an odd maximum included; of equals the lower one", () => {
  assert.deepEqual(interval([0.25, 0, 0.25, 0, 0.25, 0.25], 0.5), { low: 4, high: 5, probability: 0.5 });
  assert.deepEqual(interval([0.25, 0, 0.25, 0, 0.25, 0, 0.25], 0.5), { low: 0, high: 2, probability: 0.5 });
  assert.deepEqual(interval([0.5, 0.5], 1), { low: 0, high: 1, probability: 1 });
});

test("what is known after each response", () => {
  assert.ok(practice.updates.length >= 10);
  practice.updates.forEach(({ learner, responses, posterior, evidence, grown, met }) => {
    const { model, policy } = practice.travelling[learner];
    const found = responses.reduce((known, [ref, category]) => updated(known, itemOf(model, ref), category, policy.effects.growth), learnerOf(model));
    near({ posterior: found.posterior, evidence: found.evidence, grown: found.grown, met: found.met }, { posterior, evidence, grown, met });
  });
});

test("an item met before in just this form says nothing of the ability, and is remembered as it went this time", () => {
  const { model } = practice.travelling.full;
  const before = learnerOf(model);
  const [known, other] = ["ma-03", "ma-04"].map((ref) => itemOf(model, ref));
  assert.equal(known.family, "");
  const again = updated(before, known, 0, 0.02);
  assert.deepEqual([again.posterior, again.evidence, again.grown], [before.posterior, before.evidence, before.grown]);
  assert.deepEqual(again.met, Object.assign({}, before.met, { "ma-03": { missed: true, due: false, confirm: false } }));
  assert.ok(other.family in before.met);
  assert.notDeepEqual(updated(before, other, 0, 0.02).posterior, before.posterior, "other numbers in one template speak");
});
