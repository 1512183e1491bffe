// How much time is left after sleep, skew, slow replies, a reload and a grant?

import assert from "node:assert/strict";
import test from "node:test";

import { Clock } from "../../exams/static/exams/js/player/clock.js";
import { announcementDue } from "../../exams/static/exams/js/player/timer.js";

const SERVER = 1790000000000;
const MINUTE = 60000;

/** A phone whose two clocks a test can move apart. */
function phone(wallError = 0) {
  const time = { mono: 5000, wall: SERVER + wallError };
  const clock = new Clock({ mono: () => time.mono, wall: () => time.wall, id: "c1" });
  const pass = (ms) => { time.mono += ms; time.wall += ms; };
  /** A reply that took `rtt` and was written half-way, by a server clock at `server`. */
  const reply = (server, rtt = 0) => { pass(rtt); clock.anchor(server, time.mono - rtt, time.mono); };
  return { time, clock, pass, reply };
}

test("a phone whose date is a day off shows the server's time", () => {
  [-86400000, -3600000, 3600000, 86400000].forEach((error) => {
    const { clock, pass, reply } = phone(error);
    reply(SERVER);
    pass(10 * MINUTE);
    assert.equal(clock.remaining(SERVER + 60 * MINUTE), 50 * MINUTE);
  });
});

test("half of the round trip is added", () => {
  const { clock, reply } = phone();
  reply(SERVER + 400, 800);
  assert.equal(clock.now(), SERVER + 800);
});

test("sleep stops the monotonic clock; the wall clock bridges it until the next reply", () => {
  const { clock, time, pass, reply } = phone();
  reply(SERVER);
  pass(MINUTE);
  time.wall += 20 * MINUTE; // asleep
  assert.equal(clock.remaining(SERVER + 60 * MINUTE), 39 * MINUTE);
  assert.equal(clock.doubtful(), true);
  reply(SERVER + 21 * MINUTE);
  assert.equal(clock.doubtful(), false);
  assert.equal(clock.remaining(SERVER + 60 * MINUTE), 39 * MINUTE);
});

test("a date that jumps forward may close the inputs but is never sure, and the next reply gives the time back", () => {
  const { clock, time, pass, reply } = phone();
  const end = SERVER + 60 * MINUTE;
  reply(SERVER);
  pass(10 * MINUTE);
  time.wall += 3600000;
  assert.equal(clock.remaining(end), 0);
  assert.equal(clock.surelyOver(end), false);
  reply(SERVER + 10 * MINUTE);
  assert.equal(clock.remaining(end), 50 * MINUTE);
});

test("a date set back does not give time", () => {
  const { clock, time, pass, reply } = phone();
  reply(SERVER);
  pass(30 * MINUTE);
  time.wall -= 3600000;
  assert.equal(clock.remaining(SERVER + 60 * MINUTE), 30 * MINUTE);
  pass(30 * MINUTE);
  assert.equal(clock.surelyOver(SERVER + 60 * MINUTE), true);
});

test("the time left never grows between replies, whatever their delay; a grant is the exception", () => {
  const { clock, pass, reply } = phone();
  const end = SERVER + 60 * MINUTE;
  reply(SERVER);
  let before = clock.remaining(end);
  let server = SERVER;
  for (let i = 0; i < 200; i += 1) {
    const rtt = (i * 397) % 1900;
    const early = (i * 131) % (rtt + 1); // the server writes its time anywhere within the round trip
    pass(5000);
    server += 5000 + rtt;
    reply(server - rtt + early, rtt);
    const now = clock.remaining(end);
    assert.ok(now <= before, `grew by ${now - before} at ${i}`);
    before = now;
  }
  assert.ok(Math.abs(end - server - before) <= 2000);
  assert.equal(clock.remaining(end + 5 * MINUTE), before + 5 * MINUTE);
});

test("a very slow reply does not replace a good anchor, unless that is old", () => {
  const { clock, pass, reply } = phone();
  reply(SERVER, 100);
  const good = clock.anchored;
  pass(1000);
  reply(SERVER + 8000, 7000);
  assert.equal(clock.anchored, good);
  pass(4 * MINUTE);
  reply(SERVER + 5 * MINUTE, 7000);
  assert.notEqual(clock.anchored, good);
});

test("a reload without a network goes on from what was kept, and never back", () => {
  const first = phone(3600000);
  first.reply(SERVER);
  first.pass(10 * MINUTE);
  const saved = first.clock.saved();
  const second = phone(3600000);
  second.time.wall = first.time.wall + 2 * MINUTE;
  second.clock.restore(saved);
  assert.equal(second.clock.remaining(SERVER + 60 * MINUTE), 48 * MINUTE);
  assert.equal(second.clock.surelyOver(SERVER), false);
  const setBack = phone();
  setBack.time.wall = saved.wall - 5 * MINUTE;
  setBack.clock.restore(saved);
  assert.equal(setBack.clock.remaining(SERVER + 60 * MINUTE), 50 * MINUTE);
});

test("a screen reader hears of the time four times", () => {
  const said = [];
  let before = null;
  for (let left = 61 * MINUTE; left >= 0; left -= 700) {
    const due = announcementDue(before, left);
    if (due !== null) said.push(due);
    before = left;
  }
  assert.deepEqual(said, [30, 10, 5, 1]);
  assert.equal(announcementDue(null, 20 * MINUTE), null);
  assert.equal(announcementDue(40 * MINUTE, 4 * MINUTE), 5);
});
