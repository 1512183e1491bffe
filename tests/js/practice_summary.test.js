// Is what a pupil reads at the end of a set true, and kind?

import assert from "node:assert/strict";
import test from "node:test";

import { setLanguage } from "../../exams/static/exams/js/player/messages.js";
import { headline, skills, wentThrough } from "../../exams/static/exams/js/player/practice_summary.js";
import { START, reduce } from "../../exams/static/exams/js/player/state.js";
import { categoryOf, movement } from "../../exams/static/exams/js/practice/learning.js";
import { GRID, learnerOf, updated } from "../../exams/static/exams/js/practice/estimator.js";
import { REFS, fixed, pool } from "./practice_papers.js";
import { itemOf, near } from "./vectors.js";

setLanguage("en");
const rows = (...kinds) => kinds.map((kind) => ({ kind }));
const run = (refs, ...events) => events.reduce((state, [kind, item, value]) => reduce(state, { type: "event", event: { kind, item, value } }), reduce(START, { type: "paper", refs }));
const worked = (ref, value) => [["seen", ref], ["response", ref, value], ["check", ref]];

test("praise where there is something to praise, and never blame", () => {
  assert.equal(headline(rows("right", "wrong", "right")), "2 items solved");
  assert.equal(headline(rows("partly", "wrong")), "1 item nearly there");
  assert.equal(headline(rows("helped")), "1 item nearly there");
  assert.equal(headline(rows("wrong", "wrong", "skipped")), "These were hard, and you stayed with them");
  assert.equal(headline(rows("open")), "Nothing checked yet");
  assert.equal(headline([]), "Nothing checked yet");
});

test("only items that were shown are spoken of", () => {
  const paper = fixed();
  const [one, two, three] = REFS;
  const state = run([one, two, three], ...worked(one, "a"), ["hint", two], ...worked(two, "a"));
  assert.deepEqual(wentThrough(state, paper.items).map(({ ref, kind }) => [ref, kind]), [[one, "right"], [two, "helped"]]);
  assert.deepEqual(wentThrough(run([one, two, three], ["seen", one]), paper.items).map(({ kind }) => kind), ["open"]);
});

test("a skill is spoken of once, by how its last item went", () => {
  const row = (title, kind) => ({ item: { standard: { title } }, kind });
  const all = [row("angles", "wrong"), row("fractions", "right"), row("angles", "right"), row("fractions", "partly"), row("lines", "open")];
  assert.deepEqual(skills(all, "right"), ["angles"]);
  assert.deepEqual(skills(all, "helped", "partly", "wrong", "skipped"), ["fractions"]);
  assert.deepEqual(skills(["a", "b", "c", "d"].map((title) => row(title, "right")), "right"), ["a", "b", "c"]);
});

test("a response falls into the category of its half-points; with a hint into none above zero", () => {
  const item = { solution: { key: { interaction: "true_false", half_points: [0, 0, 1, 2], correct: { 1: true, 2: false, 3: true } } } };
  const parameters = { half_points: [0, 1, 2] };
  const all = { 1: true, 2: false, 3: true };
  assert.equal(categoryOf(item, parameters, all, false), 2);
  assert.equal(categoryOf(item, parameters, { 1: true, 2: false, 3: false }, false), 1);
  assert.equal(categoryOf(item, { half_points: [0, 2] }, { 1: true, 2: false, 3: false }, false), 0);
  assert.equal(categoryOf(item, parameters, undefined, false), 0);
  assert.equal(categoryOf(item, parameters, all, true), 0);
  assert.equal(categoryOf({ solution: { key: { interaction: "extended_text", half_points: [0, 1, 2], longest: 600 } } }, parameters, "Прво", false), null);
});

test("the prediction moves by what was checked, and only with ten responses in all", () => {
  const paper = pool(5);
  const refs = REFS.slice(8, 12);
  const { model } = paper.practice;
  assert.ok(refs.every((ref) => !(ref in model.met)));
  const up = movement(paper, run(refs, ...refs.flatMap((ref) => worked(ref, "a"))), refs);
  const down = movement(paper, run(refs, ...refs.flatMap((ref) => worked(ref, "b"))), refs);
  assert.deepEqual(up.before, down.before);
  assert.ok(up.now.low > down.now.low && up.now.high > down.now.high);
  assert.ok(up.now.probability >= 0.7);
  assert.equal(up.of, 25);
  assert.equal(up.needed, 0);
  model.n_items = 7;
  const few = movement(paper, run(refs, ...worked(refs[0], "a"), ...worked(refs[1], "a")), refs);
  assert.deepEqual([few.before, few.now, few.needed], [null, null, 1]);
  const now = movement(paper, run(refs, ...refs.flatMap((ref) => worked(ref, "a"))), refs);
  assert.equal(now.before, null);
  assert.deepEqual(now.now, up.now);
});

test("what was met before in just this form says nothing new; nothing checked, nothing said", () => {
  const paper = pool(5);
  const known = Object.keys(paper.practice.model.met).find((key) => REFS.includes(key) && !paper.practice.model.items[key].family);
  assert.equal(movement(paper, run([known], ...worked(known, "a")), [known]), null);
  assert.equal(movement(paper, run(REFS, ["seen", REFS[0]], ["response", REFS[0], "a"]), REFS), null);
  assert.equal(movement({ items: paper.items }, run(REFS, ...worked(REFS[0], "a")), REFS), null, "papers of an older kind");
});

test("a range hardly narrower than anybody's is not said, however many responses there were", () => {
  const paper = pool(5);
  const { model } = paper.practice;
  const [ref] = REFS.slice(8);
  const checked = run([ref], ...worked(ref, "a"));
  const said = (sd) => {
    const weights = GRID.map((theta) => Math.exp(-((theta / sd) ** 2) / 2));
    const sum = weights.reduce((all, one) => all + one, 0);
    model.posterior = weights.map((one) => one / sum);
    return movement(paper, checked, [ref]);
  };
  const population = said(1);
  assert.deepEqual([population.before, population.needed], [null, 0]);
  assert.equal(said(0.74).before, null);
  assert.notEqual(said(0.6).before, null);
});

test("an item that waits for marking does not count", () => {
  const paper = pool(5);
  const [ref, other] = REFS.slice(8, 10);
  paper.items.find((item) => item.ref === ref).solution.key = { interaction: "extended_text", half_points: [0, 1, 2], longest: 600 };
  const found = movement(paper, run([ref, other], ...worked(ref, "Прво"), ...worked(other, "a")), [ref, other]);
  const { model } = paper.practice;
  const alone = movement(paper, run([other], ...worked(other, "a")), [other]);
  near(found.now, alone.now);
  assert.notDeepEqual(updated(learnerOf(model), itemOf(model, other), 1).posterior, model.posterior);
});
