// Does every kept event reach the server, whatever the network and the server do in between?

import assert from "node:assert/strict";
import test from "node:test";

import { NOTHING_SENT, advance, compose, owed } from "../../exams/static/exams/js/player/batch.js";
import { Outbox } from "../../exams/static/exams/js/player/outbox.js";
import { PortError } from "../../exams/static/exams/js/player/port.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { Sync, backOff } from "../../exams/static/exams/js/player/sync.js";
import { IntakePeer, manualTimers } from "./intake_peer.js";

const clock = { reading: () => ({ clock: "c1", mono: 1, wall: 2 }) };

function setUp(more = {}) {
  const timers = manualTimers();
  const peer = new IntakePeer();
  const outbox = new Outbox({ store: memoryStore(), sitting: "s", device: "d", key: null, clock });
  const heard = [];
  const ticket = { now: "t1" };
  const sync = new Sync(Object.assign({
    port: peer, outbox, clock, timers, random: () => 0.5, ticket: () => ticket.now,
    onSaved: (reply) => heard.push(reply), renew: async () => false, onChange: () => undefined,
  }, more), { acked: 0, generation: "g1" });
  const answer = async (value = "b", item = "ma-1.1") => {
    await outbox.append({ kind: "response", item, value }).kept;
    sync.changed();
  };
  const answers = async (count) => { for (let i = 0; i < count; i += 1) await answer(String(i), `ma-${i}.1`); };
  const complete = () => {
    assert.deepEqual(Array.from({ length: outbox.last }, (_, i) => peer.journal.get(i + 1)), outbox.lines);
    assert.equal(sync.state, "saved");
    assert.equal(peer.conflicts, 0);
  };
  return { timers, peer, outbox, sync, heard, ticket, answer, answers, complete };
}

test("a change is sent two seconds after the last one, and at most five after the first", async () => {
  const { timers, peer, answer, complete } = setUp();
  await answer();
  await timers.run(1900);
  assert.equal(peer.bodies.length, 0);
  await timers.run(200);
  assert.equal(peer.bodies.length, 1);
  for (let i = 0; i < 5; i += 1) {
    await answer(String(i));
    await timers.run(1200);
  }
  assert.equal(peer.bodies.length, 2);
  await timers.run(2000);
  complete();
});

test("an item left behind is sent at once", async () => {
  const { timers, sync, answer, complete } = setUp();
  await answer();
  assert.equal(sync.state, "kept");
  sync.flush();
  await timers.run(1);
  complete();
});

test("asked to hurry during a request that leaves nothing to send: the next change does not wait for a heartbeat", async () => {
  const held = [];
  const { timers, peer, sync, answer, complete } = setUp({ onChange: () => { if (sync.flying && !held.length) held.push(sync.flush()); } });
  await answer();
  await timers.run(2100);
  assert.equal(held.length, 1);
  assert.equal(sync.state, "saved");
  const before = peer.bodies.length;
  await timers.run(1);
  await answer("c");
  await timers.run(2100);
  assert.ok(peer.bodies.length > before);
  complete();
});

test("the header tells device, clocks and the last number; a line goes as it is", async () => {
  const { timers, peer, outbox, answer } = setUp();
  await answer();
  await timers.run(2001);
  const [head, line] = peer.bodies[0].split("\n");
  assert.deepEqual(JSON.parse(head), { v: 1, device: "d", clock: "c1", mono: 1, wall: 2, last: 1, store_generation: "g1", notice: 0 });
  assert.equal(line, outbox.lines[0]);
  assert.ok(Buffer.byteLength(peer.bodies[0]) <= 400, `${Buffer.byteLength(peer.bodies[0])} bytes`);
});

test("heartbeats every 40 to 80 seconds, none while saving", async () => {
  const { timers, peer, sync, answer } = setUp();
  sync.flush();
  await timers.run(1);
  await timers.run(59000);
  assert.equal(peer.bodies.length, 1);
  await timers.run(2000);
  assert.equal(peer.bodies.length, 2);
  assert.equal(peer.bodies[1].includes("\n"), false);
  await answer();
  await timers.run(3000);
  assert.equal(peer.bodies.length, 3);
  await timers.run(50000);
  assert.equal(peer.bodies.length, 3);
});

test("a thirty-minute outage: tried again for ever, at most 15 seconds apart, and then complete", async () => {
  const { timers, peer, sync, answers, complete } = setUp();
  peer.fate = () => "lost";
  await answers(10);
  await timers.run(30 * 60000);
  assert.equal(sync.connected, false);
  assert.equal(sync.state, "kept");
  assert.ok(peer.bodies.length >= 120 && peer.bodies.length < 300, `${peer.bodies.length} tries`);
  peer.fate = () => "through";
  await timers.run(15000);
  complete();
});

test("lost replies do no harm: the same bytes again", async () => {
  const { timers, peer, answers, complete } = setUp();
  peer.fate = (number) => (number < 4 ? "reply lost" : "through");
  await answers(5);
  await timers.run(60000);
  assert.ok(peer.bodies.length >= 4);
  complete();
});

test("any mixture of losses ends complete", async () => {
  let seed = 7;
  const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647; };
  for (let round = 0; round < 60; round += 1) {
    const { timers, peer, sync, answer, complete } = setUp({ random });
    const kinds = ["through", "lost", "reply lost", new PortError(503, "busy", { retryAfter: 2000 }), new PortError(500, "x")];
    peer.fate = () => kinds[Math.floor(random() * kinds.length)];
    peer.tellsGaps = random() < 0.7;
    for (let i = 0; i < 30; i += 1) {
      await answer(String(i), `ma-${i % 4}.1`);
      if (random() < 0.3) sync.flush();
      if (random() < 0.1) sync.leave();
      if (random() < 0.1) peer.restoreTo(Math.floor(random() * peer.mark()), `g${i}`);
      await timers.run(Math.floor(random() * 4000));
    }
    peer.fate = () => "through";
    await timers.run(240000);
    complete();
  }
});

test("Retry-After is kept to even by a flush", async () => {
  const { timers, peer, sync, answer, complete } = setUp();
  peer.fate = (number) => (number === 1 ? new PortError(503, "busy", { retryAfter: 30000 }) : "through");
  await answer();
  sync.flush();
  await timers.run(1);
  sync.flush();
  await timers.run(29000);
  assert.equal(peer.bodies.length, 1);
  await timers.run(10000);
  complete();
});

test("back-off grows to a minute with full jitter", () => {
  assert.deepEqual([1, 2, 3, 6, 20].map((failures) => backOff(failures, 0)), [1000, 1000, 1000, 1000, 1000]);
  assert.deepEqual([1, 2, 3, 6, 20].map((failures) => backOff(failures, 1)), [2000, 4000, 8000, 60000, 60000]);
});

test("a restored store is filled again: falling mark and new generation", async () => {
  const { timers, peer, sync, answers, complete } = setUp();
  await answers(20);
  await timers.run(5000);
  complete();
  peer.restoreTo(8, "g2");
  sync.flush(); // a heartbeat is enough to find out
  await timers.run(10);
  complete();
  assert.equal(sync.generation, "g2");
});

test("holes in what the server has are filled, from its mark on", async () => {
  const { timers, peer, sync, answers, complete } = setUp();
  await answers(10);
  await timers.run(5000);
  [3, 4, 8].forEach((seq) => peer.journal.delete(seq));
  sync.flush();
  await timers.run(10);
  complete();
  const resent = peer.bodies[peer.bodies.length - 1].split("\n").slice(1).map((line) => JSON.parse(line).seq);
  assert.deepEqual(resent, [3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a gap left by a lost request is closed without sending again what lies above it", async () => {
  const { timers, peer, outbox, sync, answers, complete } = setUp();
  await answers(2);
  await timers.run(5000);
  await answers(4);
  peer.journal.set(5, outbox.lines[4]); // a request on leaving got through, the one before it did not
  peer.journal.set(6, outbox.lines[5]);
  sync.mark = { acked: 2, reached: 6, gaps: [[3, 4]] };
  sync.flush();
  await timers.run(10);
  complete();
  const sent = peer.bodies[peer.bodies.length - 1].split("\n").slice(1).map((line) => JSON.parse(line).seq);
  assert.deepEqual(sent, [3, 4]);
});

test("too large: halved until it fits", async () => {
  const { timers, peer, sync, answers, complete } = setUp();
  peer.maxBytes = 1500;
  await answers(40);
  sync.flush();
  await timers.run(100);
  complete();
});

test("more than the limits go in several requests", async () => {
  const { timers, peer, answers, complete } = setUp();
  await answers(450);
  await timers.run(6000);
  complete();
  assert.deepEqual(peer.bodies.map((body) => body.split("\n").length - 1), [200, 200, 50]);
});

test("a body stays under the limit with two-byte letters", () => {
  const line = JSON.stringify({ value: "ш".repeat(1000) });
  const { body, count } = compose({ v: 1 }, Array(100).fill(line), Array.from({ length: 100 }, (_, i) => i + 1), { bytes: 65536, events: 200 });
  assert.ok(Buffer.byteLength(body) <= 65536);
  assert.equal(count, Math.floor((65536 - 7) / (Buffer.byteLength(line) + 1)));
});

test("a refused ticket asks once, waits, and goes on with the new one", async () => {
  let asked = 0;
  const { timers, peer, sync, ticket, answer, complete } = setUp({ renew: async () => { asked += 1; return false; } });
  peer.tickets = new Set(["t2"]);
  await answer();
  await timers.run(120000);
  assert.equal(asked, 1);
  assert.equal(peer.bodies.length, 1);
  await answer("c");
  await timers.run(120000);
  assert.equal(peer.bodies.length, 1);
  ticket.now = "t2";
  sync.opened({ acked_upto: 0, store_generation: "g1" });
  sync.flush();
  await timers.run(10);
  complete();
});

test("a ticket that can be renewed quietly is, and nothing waits", async () => {
  const { timers, peer, ticket, answer, complete } = setUp({ renew: async () => { ticket.now = "t2"; return true; } });
  peer.tickets = new Set(["t2"]);
  await answer();
  await timers.run(2500);
  complete();
});

test("on leaving, everything goes in one request that outlives the page", async () => {
  const kept = [];
  const { peer, sync, answers, timers, complete } = setUp();
  const save = peer.save.bind(peer);
  peer.save = (ticket, body, leaving) => { kept.push(leaving); return save(ticket, body); };
  await answers(3);
  sync.leave();
  await timers.run(0);
  assert.deepEqual(kept, [true]);
  complete();
});

test("an older answer that arrives late does not move the mark back", () => {
  const { sync } = setUp();
  const reply = (acked_upto) => ({ acked_upto, gaps: [], epoch: 1, state: "started", ends_at: null, server_now: 1, store_generation: "g1", notices: [], receipt: null });
  sync.received(reply(9), { count: 4, upto: 9 }, 2);
  sync.received(reply(5), { count: 5, upto: 5 }, 1);
  assert.equal(sync.mark.acked, 9);
});

test("marks and what is owed", () => {
  const after = (mark, acked_upto, gaps, upto, anew = false) => advance(mark, { acked_upto, gaps }, upto, anew);
  const sent = after(NOTHING_SENT, 2, [[3, 4]], 10);
  assert.deepEqual(owed(sent, 12), [3, 4, 11, 12]);
  assert.deepEqual(owed(after(sent, 10, [], 4), 12), [11, 12]);
  assert.deepEqual(owed(after({ acked: 10, reached: 10, gaps: [] }, 4, [], 0), 10), [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(owed(after({ acked: 10, reached: 10, gaps: [] }, 4, [[5, 10]], 11), 11), [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(owed(after({ acked: 10, reached: 10, gaps: [] }, 10, [], 0, true), 10), []);
});
