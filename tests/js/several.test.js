// Is a selection told as a whole, in the order of the item, and is each part of it found right, wrong or missed?

import assert from "node:assert/strict";
import test from "node:test";

import { finding, selection } from "../../exams/static/exams/js/player/interactions/several.js";

const chosen = (value) => {
  const told = [];
  return { told, selection: selection(["a", "b", "c", "d"], value, (now) => told.push(now)) };
};

test("every change tells the whole value, in the order of the content whatever the order of the taps", () => {
  const { told, selection: one } = chosen(null);
  ["c", "a", "d", "c"].forEach((id) => one.toggle(id));
  assert.deepEqual(told, [["c"], ["a", "c"], ["a", "c", "d"], ["a", "d"]]);
  assert.equal(one.count(), 2);
  assert.deepEqual(["a", "b", "c", "d"].map(one.has), [true, false, false, true]);
});

test("nothing left is no response", () => {
  const { told, selection: one } = chosen(["b"]);
  one.toggle("b");
  assert.deepEqual(told, [null]);
  assert.equal(one.count(), 0);
});

test("a list that was told is not changed by a later tap", () => {
  const { told, selection: one } = chosen(["a"]);
  one.toggle("b");
  told[0].push("junk");
  one.toggle("c");
  assert.deepEqual(told[1], ["a", "b", "c"]);
});

test("what is not of the item goes with the first change, and what is no list is nothing taken", () => {
  const { told, selection: one } = chosen(["z", "a"]);
  one.toggle("d");
  assert.deepEqual(told, [["a", "d"]]);
  for (const value of ["b", 7, true, { b: true }]) assert.equal(chosen(value).selection.count(), 0);
});

test("whoever shows the selection hears of it at once and after each change", () => {
  const { selection: one } = chosen(["b"]);
  const counts = [];
  one.watch(() => counts.push(one.count()));
  one.toggle("a");
  one.toggle("b");
  assert.deepEqual(counts, [1, 2, 1]);
});

test("after the check each is right, wrong, missed, or rightly left", () => {
  const { selection: one } = chosen(["a", "b"]);
  const key = { correct: ["a", "c"] };
  assert.deepEqual(["a", "b", "c", "d"].map((id) => finding(key, one, id)), ["right", "wrong", "missed", ""]);
  assert.equal(finding(null, one, "a"), "");
});
