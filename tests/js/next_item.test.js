// Does the phone choose what the server would choose, for the same reasons and with the same chances?

import assert from "node:assert/strict";
import test from "node:test";

import { learnerOf, updated } from "../../exams/static/exams/js/practice/estimator.js";
import { appraise, bankOf, chances, nextItem, values } from "../../exams/static/exams/js/practice/next_item.js";
import { itemOf, near, practice } from "./vectors.js";

const situations = Object.entries(practice.travelling).map(([name, { policy, model }]) => [name, { policy, model, bank: bankOf(model, policy), learner: learnerOf(model) }]);
const by = new Map(situations);

test("what each item is worth before any place is taken", () => {
  Object.entries(practice.tables).forEach(([name, wanted]) => {
    const { policy, bank, learner } = by.get(name);
    const found = appraise(bank, learner, policy);
    bank.domains.forEach((code, d) => near(found.gains[d], wanted.gains[code], `${name} ${code}`));
    bank.standards.forEach((code, s) => near(found.mastery[s], wanted.mastery[code], `${name} ${code}`));
    bank.domains.forEach((code, d) => near(Array.from(found.known.domains[d]), wanted.domains[code], `${name} ${code}`));
    bank.standards.forEach((code, s) => near(Array.from(found.known.standards[s]), wanted.standards[code], `${name} ${code}`));
    bank.items.forEach(({ ref }, j) => {
      const { share, learnt, gain, ready, review, first_step: firstStep, due } = wanted.items[ref];
      near(
        { share: found.share[j], learnt: found.learnt[j], gain: found.gain[j], ready: found.ready[bank.standardOf[j]], review: found.review[j], firstStep: found.firstStep[bank.standardOf[j]], due: found.due[j] },
        { share, learnt, gain, ready, review, firstStep, due }, `${name} ${ref}`,
      );
    });
  });
});

/** One vector of a choice, for a learner as of then. */
function check(one, learner) {
  const { policy, bank } = by.get(one.learner);
  const where = {
    taken: one.taken.map((ref) => bank.place.get(ref)), place: one.place, size: one.size, u: one.u,
    allowed: one.allowed && bank.items.map(({ ref }) => one.allowed.includes(ref)),
  };
  const worth = values(bank, appraise(bank, learner, policy), policy, where);
  bank.items.forEach(({ ref }, j) => near(worth[j], one.values[ref], `${one.learner} ${ref}`));
  const chance = chances(worth, policy);
  near(Object.fromEntries(bank.items.map(({ ref }, j) => [ref, chance[j]]).filter(([, p]) => p > 0)), one.chances, one.learner);
  const found = nextItem(bank, learner, policy, where);
  const { ref: item, reason, probability, share, value, propensity } = found || {};
  near(found && { item, reason, probability, share, value, propensity }, one.choice, JSON.stringify([one.learner, one.taken, one.u]));
}

test("every choice of the vectors, with its reason and its chance", () => {
  assert.ok(practice.choices.length >= 50);
  assert.ok(practice.choices.some((one) => one.choice === null), "nothing left is among them");
  practice.choices.forEach((one) => check(one, by.get(one.learner).learner));
});

test("the choice after responses: the estimate moves, and with it what comes next", () => {
  practice.updates.forEach(({ learner, responses, then }) => {
    const { model, policy } = by.get(learner);
    check(then, responses.reduce((known, [ref, category]) => updated(known, itemOf(model, ref), category, policy.effects.growth), learnerOf(model)));
  });
});
