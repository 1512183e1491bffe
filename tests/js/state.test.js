// Does the state follow from what happened, whatever the order of device, server and reload?

import assert from "node:assert/strict";
import test from "node:test";

import {
  START, answeredCount, finished, flagged, ownItems, paused, reduce, tidy, unanswered, writable,
} from "../../exams/static/exams/js/player/state.js";

const ITEMS = ["ma-1.1", "ma-2.1", "ma-3.1"];
const server = (sitting, endsAt = null, more = {}) => Object.assign({ type: "server", sitting, endsAt, pausedAt: null, receipt: null, takenOver: false, reopened: false }, more);
const event = (kind, item, value) => ({ type: "event", event: { kind, item, value } });
const run = (...actions) => actions.reduce(reduce, START);
const started = [{ type: "paper", refs: ITEMS }, server("started", 5000)];

test("blank is one thing: null", () => {
  [null, undefined, "", " \n", {}, [], { x: "" }, { x: "  ", y: null }].forEach((blank) => assert.equal(tidy(blank), null));
  assert.deepEqual(tidy({ y: "2", x: "" }), { y: "2" });
  assert.deepEqual(tidy({ 1: false }), { 1: false });
  assert.equal(tidy("b"), "b");
  assert.equal(tidy(" Прво саберем.\n"), " Прво саберем.\n");
  assert.equal(JSON.stringify(tidy({ b: "1", a: "2" })), JSON.stringify(tidy({ a: "2", b: "1" })));
});

test("the last response of an item counts; null takes it back", () => {
  const state = run(...started, event("response", "ma-1.1", "a"), event("response", "ma-1.1", "b"), event("response", "ma-2.1", "c"), event("response", "ma-2.1", null));
  assert.deepEqual(state.responses, { "ma-1.1": "b" });
  assert.deepEqual(unanswered(state), ["ma-2.1", "ma-3.1"]);
  assert.equal(answeredCount(state), 1);
});

test("what was first shown stays first, with what was said of it then", () => {
  const state = run(event("seen", "ma-2.1", { place: 0 }), event("seen", "ma-1.1"), event("seen", "ma-2.1", { place: 7 }),
    { type: "merge", responses: {}, seen: ["ma-1.1", "ma-2.1", "ma-3.1"], flags: [], own: {} });
  assert.deepEqual(Object.entries(state.seen), [["ma-2.1", { place: 0 }], ["ma-1.1", true], ["ma-3.1", true]]);
});

test("what another device showed, checked and hinted is known here, in the server's order", () => {
  const order = [{ item: "ma-3.1", value: { place: 0 } }, { item: "ma-1.1", value: null }, { item: "ma-2.1", value: { for: "ma-3.1" } }];
  const merge = { type: "merge", responses: { "ma-3.1": "b", "ma-2.1": "a" }, seen: ["ma-1.1", "ma-2.1", "ma-3.1"], order, checked: ["ma-1.1", "ma-3.1"], hinted: ["ma-2.1"], flags: [], own: { "ma-3.1": true, "ma-1.1": true } };
  const state = run(event("seen", "ma-9.1"), event("seen", "ma-3.1"), event("response", "ma-3.1", "a"), event("response", "ma-1.1", "c"), merge);
  assert.deepEqual(Object.keys(state.seen), ["ma-3.1", "ma-1.1", "ma-2.1", "ma-9.1"]);
  assert.deepEqual(state.seen["ma-2.1"], { for: "ma-3.1" });
  assert.deepEqual(state.checked, { "ma-1.1": true, "ma-3.1": true });
  assert.deepEqual(state.hinted, { "ma-2.1": true });
  assert.deepEqual(state.responses, { "ma-3.1": "b", "ma-2.1": "a" }, "what was given before the solution was seen");
  const mine = run(event("response", "ma-3.1", "a"), event("check", "ma-3.1"), merge);
  assert.equal(mine.responses["ma-3.1"], "a", "checked here");
});

test("a hint that was taken stays taken", () => {
  assert.deepEqual(run(event("hint", "ma-1.1"), event("response", "ma-1.1", "a")).hinted, { "ma-1.1": true });
});

test("flags go on and off", () => {
  const state = run(...started, event("flag", "ma-1.1", true), event("flag", "ma-3.1", true), event("flag", "ma-1.1", false));
  assert.deepEqual(flagged(state), ["ma-3.1"]);
});

test("the server fills only what this device has not said", () => {
  const events = [{ kind: "response", item: "ma-1.1", value: "b" }, { kind: "response", item: "ma-2.1", value: null }, { kind: "flag", item: "ma-1.1", value: false }];
  const state = run(
    ...started, ...events.map((one) => ({ type: "event", event: one })),
    { type: "merge", responses: { "ma-1.1": "old", "ma-2.1": "old", "ma-3.1": { x: "7" } }, seen: ["ma-3.1"], flags: ["ma-1.1", "ma-2.1"], own: ownItems(events) },
  );
  assert.deepEqual(state.responses, { "ma-1.1": "b", "ma-3.1": { x: "7" } });
  assert.deepEqual(flagged(state), ["ma-2.1"]);
});

test("nothing can be written before the start, after the hand-in, after the end, or when another device goes on", () => {
  assert.equal(writable(START), false);
  assert.equal(writable(run(...started)), true);
  assert.equal(writable(run(...started, event("hand_in", undefined, "candidate"))), false);
  assert.equal(writable(run(...started, { type: "time", over: true })), false);
  assert.equal(writable(run(...started, server("started", 5000, { takenOver: true }))), false);
  assert.equal(writable(run(...started, server("handed_in", 5000))), false);
});

test("while the clock stands still nothing can be read or written; what was handed in stays handed in", () => {
  const pausedNow = run(...started, server("started", 5000, { pausedAt: 3000 }));
  assert.equal(paused(pausedNow), true);
  assert.equal(writable(pausedNow), false);
  assert.equal(paused(reduce(pausedNow, server("started", 6000))), false);
  assert.equal(writable(reduce(pausedNow, server("started", 6000))), true);
  assert.equal(paused(reduce(pausedNow, event("hand_in", undefined, "candidate"))), false);
});

test("a grant after the end opens the inputs again; the same end repeated does not", () => {
  const over = run(...started, { type: "time", over: true });
  assert.equal(reduce(over, server("started", 5000)).over, true);
  assert.equal(writable(reduce(over, server("started", 9000))), true);
});

test("this device's own hand-in stands even while the server still says started", () => {
  const state = run(...started, event("hand_in", undefined, "time"), server("started", 5000));
  assert.equal(finished(state), true);
  assert.equal(state.handedIn, "time");
});

test("time added after a hand-in by the clock reopens; a hand-in by the pupil stands", () => {
  const handedIn = (cause) => run(...started, event("hand_in", undefined, cause), server("started", 9000, { reopened: true }));
  assert.equal(writable(handedIn("time")), true);
  assert.equal(writable(handedIn("candidate")), false);
});

test("a receipt once known is kept", () => {
  const receipt = { answered: 1, of: 3, code: "K7Q-4MD", handed_in_at: 1, final: false };
  const state = run(...started, server("handed_in", 5000, { receipt }), server("sealed", 5000));
  assert.deepEqual(state.receipt, receipt);
});

test("places stay inside the paper", () => {
  assert.equal(run(...started, { type: "go", index: 99 }).index, 2);
  assert.equal(run(...started, { type: "go", index: -4 }).index, 0);
});

test("reduce leaves what it was given alone", () => {
  const before = run(...started);
  const copy = JSON.stringify(before);
  reduce(before, event("response", "ma-1.1", "a"));
  assert.equal(JSON.stringify(before), copy);
});
