// Are the same items shown in the same order whatever is reloaded, and is nothing chosen by what was not done?

import assert from "node:assert/strict";
import test from "node:test";

import { draw, nextOf, routeOf, similarTo } from "../../exams/static/exams/js/player/route.js";
import { START, goesOn, numberOf, reduce } from "../../exams/static/exams/js/player/state.js";
import { REFS, fixed, pool } from "./practice_papers.js";

const event = (kind, item, value) => ({ type: "event", event: { kind, item, value } });
const run = (...events) => events.reduce((state, one) => reduce(state, event(...one)), START);
const SITTING = "8f7c2a";

/** Works through a pool as the player does; `right(ref)` says which responses are right. */
function through(paper, right, steps = 99, sitting = SITTING) {
  const events = [];
  for (let n = 0; n < steps; n += 1) {
    const next = nextOf(paper, run(...events), sitting);
    if (!next) break;
    events.push(["seen", next.ref, next.how], ["response", next.ref, right(next.ref) ? "a" : "b"], ["check", next.ref]);
  }
  return { events, state: run(...events) };
}

test("a trial, and practice of an older kind, show every item", () => {
  const items = [{ ref: "ma-1.1" }, { ref: "ma-2.1" }];
  assert.deepEqual(routeOf({ items }, START), { refs: ["ma-1.1", "ma-2.1"], total: 2, extra: {} });
});

test("a set: what was chosen, in order; spares only when asked for, behind their item", () => {
  const paper = fixed();
  const [one, two, three, spareOfOne, spareOfTwo, second] = paper.items.map((item) => item.ref);
  assert.deepEqual(routeOf(paper, START), { refs: [one, two, three], total: 3, extra: {} });
  const state = run(["seen", one], ["seen", two], ["seen", spareOfTwo, { for: two }], ["seen", second, { for: one }], ["seen", spareOfOne, { for: one }]);
  assert.deepEqual(routeOf(paper, state), {
    refs: [one, second, spareOfOne, two, spareOfTwo, three], total: 3, extra: { [second]: one, [spareOfOne]: one, [spareOfTwo]: two },
  });
  assert.equal(nextOf(paper, state, SITTING), null, "nothing is chosen on the phone");
});

test("the number of an item in the set does not count what was asked for beside it", () => {
  const paper = fixed();
  const spare = paper.items[3].ref;
  const state = reduce(START, Object.assign({ type: "paper" }, routeOf(paper, run(["seen", spare]))));
  assert.deepEqual(state.refs.map((_, index) => numberOf(state, index)), [1, 1, 2, 3]);
  assert.equal(goesOn(state), false);
});

test("a pool gives as many items as were wanted, no family twice, and says how each was chosen", () => {
  const { state, events } = through(pool(6), () => true);
  const { refs, total } = routeOf(pool(6), state);
  assert.equal(refs.length, 6);
  assert.equal(total, 6);
  assert.equal(new Set(refs).size, 6);
  const families = refs.map((ref) => pool().items.find((item) => item.ref === ref).family).filter(Boolean);
  assert.equal(new Set(families).size, families.length);
  const hows = events.filter(([kind]) => kind === "seen").map(([, , how]) => how);
  assert.deepEqual(hows.map((how) => how.place), [0, 1, 2, 3, 4, 5]);
  hows.forEach((how) => assert.ok(how.propensity > 0 && how.propensity <= 1 && how.probability > 0 && how.reason && how.policy === "gain-2"));
});

test("the order is the same after a reload at any point, and in the other language", () => {
  const whole = through(pool(6), (ref) => ref > "ma-12");
  for (let n = 0; n <= 6; n += 1) {
    const before = through(pool(6), (ref) => ref > "ma-12", n);
    const english = Object.assign(pool(6), { language: "en" });
    assert.deepEqual(nextOf(english, before.state, SITTING), nextOf(pool(6), before.state, SITTING));
    assert.deepEqual(routeOf(pool(6), before.state).refs, routeOf(pool(6), whole.state).refs.slice(0, n));
  }
});

test("what comes next depends on what was right, and on the sitting only by its draws", () => {
  const weak = through(pool(8), () => false);
  const strong = through(pool(8), () => true);
  assert.notDeepEqual(routeOf(pool(8), weak.state).refs, routeOf(pool(8), strong.state).refs);
  const draws = Array.from({ length: 400 }, (_, place) => draw("abc", place));
  assert.ok(draws.every((u) => u >= 0 && u < 1));
  assert.ok(Math.abs(draws.reduce((sum, u) => sum + u, 0) / 400 - 0.5) < 0.05);
  assert.equal(draw("abc", 3), draws[3]);
});

test("a hint counts as not solved alone when the next item is chosen", () => {
  const { events } = through(pool(8), () => true, 1);
  const [[, first]] = events;
  const hinted = run(...events.slice(0, 2), ["hint", first], events[2]);
  const wrong = run(events[0], ["response", first, "b"], events[2]);
  assert.deepEqual(nextOf(pool(8), hinted, SITTING).how, nextOf(pool(8), wrong, SITTING).how);
  assert.notDeepEqual(nextOf(pool(8), hinted, SITTING).how.probability, nextOf(pool(8), run(...events), SITTING).how.probability);
});

test("a pool of few items ends when no idea is left", () => {
  const few = pool(10, ["ma-00", "ma-04", "ma-12", "ma-20"]); // three of one family
  assert.equal(routeOf(few, START).total, 2);
  assert.equal(routeOf(few, through(few, () => true).state).refs.length, 2);
});

test("a similar one: only after a miss, of a set its spares one after the other", () => {
  const paper = fixed();
  const [one, two, three, spareOfOne, , second] = paper.items.map((item) => item.ref);
  const missed = (ref) => [["seen", ref], ["response", ref, "b"], ["check", ref]];
  assert.equal(similarTo(paper, run(["seen", one], ["response", one, "b"]), one), null, "not checked yet");
  assert.equal(similarTo(paper, run(["seen", one], ["response", one, "a"], ["check", one]), one), null, "solved");
  assert.deepEqual(similarTo(paper, run(...missed(one)), one), { ref: spareOfOne, how: { for: one } });
  const helped = run(["seen", one], ["hint", one], ["response", one, "a"], ["check", one]);
  assert.deepEqual(similarTo(paper, helped, one), { ref: spareOfOne, how: { for: one } }, "not solved alone");
  assert.equal(similarTo(paper, run(...missed(three)), three), null, "there is none");
  assert.notEqual(similarTo(paper, run(...missed(two)), two), null);
  const again = Object.assign({}, run(...missed(one), ...missed(spareOfOne)), { extra: { [spareOfOne]: one } });
  assert.deepEqual(similarTo(paper, again, spareOfOne), { ref: second, how: { for: one } });
});

test("a similar one in a pool: other numbers first, else the same skill; it does not count towards the size", () => {
  const paper = pool(3);
  const state = run(["seen", "ma-04", { place: 0 }], ["response", "ma-04", "b"], ["check", "ma-04"]);
  const found = similarTo(paper, state, "ma-04");
  assert.deepEqual(found, { ref: "ma-12", how: { for: "ma-04" } });
  const alone = paper.items.find((item) => !item.family).ref;
  const other = similarTo(paper, run(["seen", alone], ["check", alone]), alone);
  const skill = (ref) => paper.items.find((item) => item.ref === ref).standard.code;
  assert.equal(skill(other.ref), skill(alone));
  const later = run(["seen", "ma-04", { place: 0 }], ["seen", "ma-12", found.how]);
  assert.deepEqual(routeOf(paper, later), { refs: ["ma-04", "ma-12"], total: 3, extra: { "ma-12": "ma-04" } });
  assert.equal(nextOf(paper, later, SITTING).how.place, 1);
});

test("another device goes on with the very same set", () => {
  const paper = pool(6);
  const { events, state } = through(paper, (ref) => ref > "ma-12", 3);
  const missed = routeOf(paper, state).refs.find((ref) => similarTo(paper, state, ref));
  const similar = similarTo(paper, state, missed);
  const all = [...events, ["seen", similar.ref, similar.how], ["hint", similar.ref]];
  const here = run(...all);
  const order = all.filter(([kind]) => kind === "seen").map(([, item, { for: root, place, reason, probability }]) => ({ item, value: root ? { for: root } : { place, reason, probability } }));
  const there = reduce(START, {
    type: "merge", responses: here.responses, seen: Object.keys(here.seen).sort(), flags: [], own: {},
    order, checked: Object.keys(here.checked).sort(), hinted: Object.keys(here.hinted),
  });
  assert.deepEqual(routeOf(paper, there), routeOf(paper, here));
  assert.deepEqual(routeOf(paper, there).extra, { [similar.ref]: missed });
  assert.deepEqual(nextOf(paper, there, SITTING), nextOf(paper, here, SITTING));
  assert.deepEqual([there.checked, there.hinted], [here.checked, here.hinted]);
});

test("similar items that use the pool up make the set shorter, from the moment they are shown", () => {
  const few = pool(10, ["ma-00", "ma-04", "ma-12", "ma-20", "ma-08", "ma-16"]);
  const events = [];
  const shorter = [];
  for (let next = nextOf(few, START, SITTING); next; next = nextOf(few, run(...events), SITTING)) {
    events.push(["seen", next.ref, next.how], ["response", next.ref, "b"], ["check", next.ref]);
    const similar = similarTo(few, run(...events), next.ref);
    if (similar) events.push(["seen", similar.ref, similar.how], ["check", similar.ref]);
    const { refs, total, extra } = routeOf(few, run(...events));
    const met = refs.filter((ref) => !extra[ref]).length;
    assert.equal(nextOf(few, run(...events), SITTING) === null, met === total);
    shorter.push(total);
  }
  assert.ok(shorter[shorter.length - 1] < routeOf(few, START).total, `${routeOf(few, START).total} -> ${shorter}`);
});

test("what another device has shown is part of the route", () => {
  const state = reduce(START, { type: "merge", responses: {}, seen: [REFS[2], REFS[5]], flags: [], own: {} });
  assert.deepEqual(routeOf(pool(), state).refs, [REFS[2], REFS[5]]);
});
