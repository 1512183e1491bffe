// Is what the server changes said once, in words, and nothing else?

import assert from "node:assert/strict";
import test from "node:test";

import { clockTime, setLanguage } from "../../exams/static/exams/js/player/messages.js";
import { newsOf, sentenceOf } from "../../exams/static/exams/js/player/news.js";
import { START, pace } from "../../exams/static/exams/js/player/state.js";

setLanguage("en");
const MINUTE = 60000;
const END = 1790000000000;
const at = (more) => Object.assign({ sitting: "started", endsAt: END, pausedAt: null, opensAt: 0 }, more);
const said = (before, after) => { const news = newsOf(at(before), at(after)); return news && sentenceOf(news); };
const until = clockTime(END + 5 * MINUTE);

test("a grant, with the new end", () => {
  assert.equal(said({}, { endsAt: END + 5 * MINUTE }), `5 minutes were added: you now have until ${until}.`);
  assert.equal(said({}, { endsAt: END + MINUTE }), `1 minute was added: you now have until ${clockTime(END + MINUTE)}.`);
});

test("seconds are nobody's gift, and less time is not news", () => {
  assert.equal(said({}, { endsAt: END + 2000 }), null);
  assert.equal(said({}, { endsAt: END - 5 * MINUTE }), null);
  assert.equal(said({}, {}), null);
});

test("a pause begins and ends; the end that moved with it is not a grant", () => {
  assert.equal(newsOf(at({}), at({ pausedAt: 5 })).kind, "paused");
  assert.equal(said({ pausedAt: 5 }, { endsAt: END + 5 * MINUTE }), `The pause is over: you now have until ${until}.`);
});

test("time given during a pause is told without an end, which is still to move", () => {
  assert.equal(said({ pausedAt: 5 }, { pausedAt: 5, endsAt: END + 5 * MINUTE }), "5 minutes were added.");
});

test("opened again", () => {
  assert.equal(said({ sitting: "handed_in" }, { endsAt: END + 5 * MINUTE }), `Your exam was opened again: you have until ${until}.`);
  assert.equal(newsOf(at({}), at({ sitting: "handed_in" })), null);
});

test("a start is no news, another opening time is", () => {
  assert.equal(newsOf(at({ sitting: "ready", endsAt: null }), at({})), null);
  assert.equal(said({ sitting: "ready", endsAt: null }, { sitting: "ready", endsAt: null, opensAt: END }), `The exam now opens at ${clockTime(END)}.`);
});

test("heartbeats: a minute, and a quarter of it in a pause and shortly before the opening", () => {
  const state = (more) => Object.assign({}, START, more);
  assert.equal(pace(state({ sitting: "started" }), -1), 60000);
  assert.equal(pace(state({ sitting: "started", pausedAt: 1 }), -1), 15000);
  assert.equal(pace(state({}), 11 * MINUTE), 60000);
  assert.equal(pace(state({}), 10 * MINUTE), 15000);
  assert.equal(pace(state({}), 1), 15000);
  assert.equal(pace(state({}), 0), 60000);
});
