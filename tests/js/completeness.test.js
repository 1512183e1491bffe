// Is a half-done item told from a done one, whatever kind it is?

import assert from "node:assert/strict";
import test from "node:test";

import { isPartial, partial } from "../../exams/static/exams/js/player/completeness.js";
import { START, reduce } from "../../exams/static/exams/js/player/state.js";

const ITEMS = {
  text_entry: { content: { fields: [{ id: "x" }, { id: "y" }] }, half: { x: "3" }, whole: { x: "3", y: "4" } },
  true_false: { content: { statements: [{ id: "1" }, { id: "2" }] }, half: { 2: false }, whole: { 1: true, 2: false } },
  match: { content: { rows: [{ id: "1" }, { id: "2" }] }, half: { 1: "c" }, whole: { 1: "c", 2: "a" } },
  cloze: { content: { gaps: { 1: {}, 2: {} } }, half: { 1: "b" }, whole: { 1: "b", 2: "12" } },
};

test("items of several parts", () => {
  Object.entries(ITEMS).forEach(([interaction, { content, half, whole }]) => {
    const item = { interaction, content };
    assert.deepEqual([isPartial(item, undefined), isPartial(item, half), isPartial(item, whole)], [false, true, false], interaction);
  });
});

test("what is one whole is never half done", () => {
  [["choice", "b"], ["order", ["a", "b"]], ["multiple_choice", ["a"]], ["select_words", ["a"]], ["hotspot", ["a"]], ["extended_text", "Прво"]].forEach(([interaction, value]) => {
    assert.equal(isPartial({ interaction, content: {} }, value), false);
  });
});

test("of the items on the screen, in their order", () => {
  const paper = { items: Object.entries(ITEMS).map(([interaction, { content }]) => ({ ref: interaction, interaction, content })) };
  const state = Object.entries(ITEMS).reduce((known, [item, { half, whole }]) => (
    reduce(known, { type: "event", event: { kind: "response", item, value: item === "match" ? whole : half } })
  ), reduce(START, { type: "paper", refs: ["match", "cloze", "text_entry"] }));
  assert.deepEqual(partial({ state }, paper), ["cloze", "text_entry"]);
  assert.deepEqual(partial({ state }, null), []);
});
