// Does the player say what is so: where responses are, what the key is, what a sign beside a gap means?

import "./small_page.js";
import assert from "node:assert/strict";
import test from "node:test";

import { setLanguage } from "../../exams/static/exams/js/player/messages.js";
import { mark } from "../../exams/static/exams/js/player/interactions/several.js";
import { BEHIND } from "../../exams/static/exams/js/player/interactions/whole.js";
import { NoticeBar } from "../../exams/static/exams/js/player/notice_bar.js";
import { feedback } from "../../exams/static/exams/js/player/practice.js";
import { SaveIndicator } from "../../exams/static/exams/js/player/save_indicator.js";
import { START } from "../../exams/static/exams/js/player/state.js";

setLanguage("en");

const saving = (now) => {
  const indicator = new SaveIndicator();
  indicator.update(now);
  return indicator.element.textContent;
};

test("without a network nothing is said to be sent", () => {
  const offline = { connected: false, failed: false };
  assert.equal(saving({ state: "sending", connected: true, failed: false }), "Sending…");
  assert.equal(saving(Object.assign({ state: "sending" }, offline)), "Saving on this phone…No network");
  assert.equal(saving(Object.assign({ state: "kept" }, offline)), "Kept on this phoneNo network");
});

test("a phone that cannot keep anything says neither that it has, nor that it does", () => {
  const failed = { connected: false, failed: true };
  for (const state of ["kept", "sending"]) {
    assert.equal(saving(Object.assign({ state }, failed)), "Sending…Keep this page open");
  }
});

const pairs = {
  ref: "ma-1.1", n: 1, interaction: "match", max: 2,
  content: {
    rows: [{ id: "1", html: "the reciprocal of 7/8" }, { id: "2", html: "It is −4." }],
    choices: [{ id: "a", html: "−1/4" }, { id: "b", html: "8/7" }],
  },
  solution: {
    key: { interaction: "match", half_points: [0, 1, 2], correct: { 1: "b", 2: "a" } }, explanation: "",
    key_text: "the reciprocal of 7/8 – 8/7; It is −4 – −1/4",
  },
};

test("pairs of the key stand one below the other, with an arrow", () => {
  const [key] = feedback(pairs, { 1: "a" }).ofClass("feedback__key");
  assert.equal(key.textContent, "Correct answer<li>the reciprocal of 7/8 →\u00a08/7</li><li>It is −4 →\u00a0−1/4</li>");
  assert.deepEqual(key.children.map((child) => child.localName), ["span", "ol"]);
  assert.deepEqual(feedback(pairs, { 1: "b", 2: "a" }).ofClass("feedback__key"), []);
});

test("every other key is one line", () => {
  const key = { interaction: "choice", half_points: [0, 2], correct: "b" };
  const one = { ref: "ma-2.1", n: 1, interaction: "choice", max: 2, content: {}, solution: { key, explanation: "", key_text: "−4" } };
  assert.equal(feedback(one, "a").ofClass("feedback__key")[0].textContent, "Correct answer−4");
});

test("between the words of a sentence a sign stands alone, for the eye", () => {
  for (const [found, word] of [["right", "Correct"], ["wrong", "Wrong"], ["missed", "Missed"]]) {
    const [sign, said] = mark(found, true).children;
    assert.equal(sign.localName, "svg");
    assert.equal(said.className, "visually-hidden");
    assert.equal(said.textContent, word);
    assert.equal(mark(found).textContent, word);
    assert.deepEqual(mark(found).ofClass("visually-hidden"), []);
  }
  assert.equal(mark("", true), "");
});

test("a gap takes along what is tied to it, unless that is long", () => {
  const behind = (text) => (BEHIND.exec(text) || [""])[0];
  assert.equal(behind("\u00a0cm. Then"), "\u00a0cm.");
  assert.equal(behind("\u00a0Al₂(SO₄)₃ + x"), "\u00a0Al₂(SO₄)₃");
  assert.equal(behind("\u00a0CH₃CH₂CH₂CH₂COOH +"), "");
  assert.equal(behind("), and"), "),");
  assert.equal(behind(" next"), "");
});

test("the word before a solution stands until something else is done, and is said anew after that", () => {
  const bar = new NoticeBar(document.createElement("aside"));
  const player = {
    state: Object.assign({}, START, { view: "item", refs: ["ma-1.1", "ma-2.1"], index: 0 }),
    outbox: { last: 4 }, row: {}, news: null,
  };
  assert.equal(bar.warn(player), true);
  bar.draw(player);
  assert.equal(bar.element.hidden, false);
  assert.equal(bar.warn(player), false, "pressed twice in a row: the solution");

  player.outbox.last = 5; // a hint
  bar.draw(player);
  assert.equal(bar.element.hidden, true);
  assert.equal(bar.warn(player), true);
  assert.equal(bar.element.hidden, false);

  player.state = Object.assign({}, player.state, { index: 1 });
  bar.draw(player);
  assert.equal(bar.element.hidden, true);
});
