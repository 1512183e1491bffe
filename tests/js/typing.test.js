// When does what is typed become a response?

import assert from "node:assert/strict";
import test from "node:test";

import { Typing, pauseOf } from "../../exams/static/exams/js/player/typing.js";

function typing() {
  const written = [];
  return { written, typing: new Typing((item, value) => written.push([item, value])) };
}

test("on leaving the field at once, while typing only when settled, and the same value once", () => {
  const { written, typing: one } = typing();
  one.take("a", { x: "1" }, true);
  one.take("a", { x: "12" }, true);
  assert.deepEqual(written, []);
  one.settle();
  assert.deepEqual(written, [["a", { x: "12" }]]);
  one.known("a", { x: "12" });
  one.take("a", { x: "12" }, false);
  assert.equal(written.length, 1);
});

test("another item settles the one before", () => {
  const { written, typing: one } = typing();
  one.take("a", "Текст", true);
  one.take("b", ["1"], false);
  assert.deepEqual(written, [["a", "Текст"], ["b", ["1"]]]);
});

test("a short entry is written after 300 ms, a text after two seconds, and ten after its first letter at the latest", () => {
  assert.equal(pauseOf({ x: "1" }, 0), 300);
  assert.equal(pauseOf({ x: "1" }, 60000), 300);
  assert.deepEqual([0, 7900, 9300, 10000, 60000].map((waited) => pauseOf("Текст", waited)), [2000, 2000, 700, 0, 0]);
});

test("a second draft of a text waits until ten seconds after the first, however slowly somebody types", () => {
  assert.deepEqual([9000, 3000, 500, -4000].map((rest) => pauseOf("Текст", 0, rest)), [9000, 3000, 2000, 2000]);
  assert.equal(pauseOf("Текст", 9500, 100), 500);
  assert.equal(pauseOf({ x: "1" }, 0, 9000), 300);
  const { written, typing: one } = typing();
  one.take("a", "Т", true);
  one.settle();
  assert.ok(one.drafted.a > 0);
  one.take("a", "Те", false);
  assert.deepEqual(written, [["a", "Т"], ["a", "Те"]]);
});

test("however long somebody types without a pause, the wait is counted from the first letter", () => {
  const { typing: one } = typing();
  one.take("a", "Т", true);
  const { since } = one.waiting;
  one.take("a", "Те", true);
  assert.equal(one.waiting.since, since);
  one.settle();
  assert.equal(one.waiting, null);
});
