// Does practice tell a pupil the right thing about a response?

import assert from "node:assert/strict";
import test from "node:test";

import { moved } from "../../exams/static/exams/js/player/interactions/order.js";
import { chance, misconceptions, verdict } from "../../exams/static/exams/js/player/practice.js";

const item = (interaction, key, filed) => ({
  ref: "ma-1.1", n: 1, interaction, max: 2, content: {},
  solution: { key: Object.assign({ interaction, half_points: [0, 2] }, key), misconceptions: filed, explanation: "" },
});

test("a choice: the misconception of the distractor taken", () => {
  const one = item("choice", { correct: "b" }, { a: "A", c: "C" });
  assert.equal(verdict(one, "b"), "right");
  assert.deepEqual(misconceptions(one, "b"), []);
  assert.equal(verdict(one, "c"), "wrong");
  assert.deepEqual(misconceptions(one, "c"), ["C"]);
  assert.equal(verdict(one, undefined), "skipped");
  assert.deepEqual(misconceptions(one, undefined), []);
});

test("true or false: what is behind the wrong ticks", () => {
  const one = item("true_false", { half_points: [0, 0, 1, 2], correct: { 1: true, 2: false, 3: true } }, { 1: "one", 2: "two", 3: "three" });
  assert.equal(verdict(one, { 1: true, 2: true, 3: true }), "partly");
  assert.deepEqual(misconceptions(one, { 1: true, 2: true, 3: true }), ["two"]);
});

test("a typed number is recognised however it is written", () => {
  const fields = { x: { accept: "number", value: "3.5" } };
  const one = item("text_entry", { fields }, { "x:12": "twelve", "x:0.5": "half" });
  assert.deepEqual(misconceptions(one, { x: " 12,0 " }), ["twelve"]);
  assert.deepEqual(misconceptions(one, { x: "1/2" }), ["half"]);
  assert.deepEqual(misconceptions(one, { x: "7" }), []);
  assert.equal(verdict(one, { x: "7/2" }), "right");
});

test("a typed word is recognised in either script, unless capitals are what is asked", () => {
  const fields = { x: { accept: "text", values: ["слатка"] }, y: { accept: "text", values: ["Ниш"], case: "exact" } };
  const one = item("text_entry", { half_points: [0, 1, 2], fields }, { "x:сладка": "by sound", "y:ниш": "capital" });
  assert.deepEqual(misconceptions(one, { x: " Sladka.", y: "niš" }), ["by sound", "capital"]);
  assert.deepEqual(misconceptions(one, { x: "slatki", y: "NIŠ" }), []);
});

test("matching, ordering, gaps", () => {
  const match = item("match", { half_points: [0, 1, 2], correct: { 1: "a", 2: "b" } }, { "1:c": "no", "2:a": "swap" });
  assert.deepEqual(misconceptions(match, { 1: "a", 2: "a" }), ["swap"]);
  assert.equal(verdict(match, { 1: "a", 2: "a" }), "partly");
  const order = item("order", { half_points: [0, 0, 1, 2], correct: ["c", "a", "b"] }, { "a,b,c": "backwards" });
  assert.deepEqual(misconceptions(order, ["a", "b", "c"]), ["backwards"]);
  const cloze = item("cloze", { half_points: [0, 1, 2], gaps: { 1: { accept: "choice", correct: "a" }, 2: { accept: "number", value: "4" } } }, { "1:b": "b", "2:8": "eight" });
  assert.deepEqual(misconceptions(cloze, { 1: "b", 2: "8" }), ["b", "eight"]);
});

test("selections: what is behind a tick that should not be there", () => {
  for (const interaction of ["multiple_choice", "select_words", "hotspot"]) {
    const one = item(interaction, { half_points: [0, 1, 2], correct: ["a", "d"] }, { b: "B", c: "C" });
    assert.deepEqual(misconceptions(one, ["a", "c", "d"]), ["C"]);
    assert.deepEqual(misconceptions(one, ["a"]), []);
    assert.deepEqual(misconceptions(one, undefined), []);
    assert.equal(verdict(one, ["a", "d"]), "right");
    assert.equal(verdict(one, ["a", "c", "d"]), "partly");
    assert.equal(verdict(one, ["b"]), "wrong");
    assert.equal(verdict(one, []), "skipped");
  }
});

test("a written text waits for people", () => {
  const one = item("extended_text", { half_points: [0, 1, 2], longest: 600 }, {});
  assert.equal(verdict(one, "Прво саберем."), "pending");
  assert.deepEqual(misconceptions(one, "Прво саберем."), []);
  assert.equal(verdict(one, undefined), "skipped");
});

test("a probability is said as people say it, and never as certainty", () => {
  assert.deepEqual([0.01, 0.14, 0.71, 0.99].map(chance), ["about 1 in 10", "about 1 in 10", "about 7 in 10", "about 9 in 10"]);
});

test("a line moves to its new place, the others close up", () => {
  assert.deepEqual(moved(["a", "b", "c", "d"], 0, 2), ["b", "c", "a", "d"]);
  assert.deepEqual(moved(["a", "b", "c", "d"], 3, 0), ["d", "a", "b", "c"]);
  assert.deepEqual(moved(["a", "b"], 1, 1), ["a", "b"]);
});
