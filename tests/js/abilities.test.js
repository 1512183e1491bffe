// Does the phone draw the same from what a few standards say of all the others? Their posteriors: next_item.test.js.

import assert from "node:assert/strict";
import test from "node:test";

import { abilities, moved } from "../../exams/static/exams/js/practice/abilities.js";
import { GRID, dot, learnerOf } from "../../exams/static/exams/js/practice/estimator.js";
import { bankOf } from "../../exams/static/exams/js/practice/next_item.js";
import { near, practice } from "./vectors.js";

test("an ability that has grown, also between two points of the grid and at its end", () => {
  assert.ok(practice.moved.length >= 4);
  practice.moved.forEach((one) => near(Array.from(moved(one.weights, one.by)), one.moved, `by ${one.by}`));
});

test("what was practised in one domain says nothing of the others", () => {
  const { model, policy } = practice.travelling.full;
  const bank = bankOf(model, policy);
  const learner = learnerOf(model);
  const means = (grown) => abilities(bank, Object.assign({}, learner, { grown }), policy.effects.standard_sd).domains.map((own) => dot(own, GRID));
  const [before, after] = [means({}), means({ geometry: 0.5 })];
  bank.domains.forEach((code, d) => near(after[d] - before[d], code === "geometry" ? 0.5 : 0, code));
});
