// What does the check say about one typed part?

import assert from "node:assert/strict";
import test from "node:test";

import { foundOf } from "../../exams/static/exams/js/player/interactions/entry.js";

const KEY = {
  interaction: "text_entry", half_points: [0, 0, 1, 2],
  fields: { x: { accept: "number", value: "3.5" }, y: { accept: "text", values: ["реч"] }, z: { accept: "number", value: "2" } },
};

test("each part for itself: right, wrong, missed; nothing before the check", () => {
  const value = { x: "7/2", y: "slovo" };
  assert.deepEqual(["x", "y", "z"].map((part) => foundOf(KEY, value, part)), ["right", "wrong", "missed"]);
  assert.equal(foundOf(null, value, "x"), "");
  assert.equal(foundOf(KEY, {}, "x"), "missed");
});
