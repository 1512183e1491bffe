// Does the server's word arrive: pause, grant, announcement, another opening time, a start whose reply was lost?

import assert from "node:assert/strict";
import test from "node:test";

import { paused, writable } from "../../exams/static/exams/js/player/state.js";
import { checkTime } from "../../exams/static/exams/js/player/time_up.js";
import { remaining } from "../../exams/static/exams/js/player/timer.js";
import { MINUTE, SERVER, openedReply, phone } from "./player_peer.js";

const END = SERVER + 60 * MINUTE;
const running = () => openedReply({ state: "started", started_at: SERVER, ends_at: END });
const ITEMS = ["ma-102.1"];

async function working() {
  const found = await phone({ opened: running() });
  found.player.dispatch({ type: "paper", refs: ITEMS });
  found.player.go(0);
  return found;
}

test("a pause hides the items, keeps what was being typed and stops the clock; the next contact goes on", async () => {
  const { player, peer, pass, contact, clock, end } = await working();
  player.respond(ITEMS[0], "b", true); // still in the field
  pass(10 * MINUTE);
  Object.assign(peer, { now: SERVER + 10 * MINUTE, pausedAt: SERVER + 9 * MINUTE });
  await contact();
  assert.equal(paused(player.state), true);
  assert.equal(writable(player.state), false);
  assert.equal(player.state.responses[ITEMS[0]], "b");
  assert.equal(player.news.kind, "paused");
  assert.equal(remaining(player.state, clock), 51 * MINUTE);
  pass(90 * MINUTE); // longer than the whole exam
  checkTime(player);
  assert.equal(player.state.over, false);
  assert.equal(remaining(player.state, clock), 51 * MINUTE);
  player.respond(ITEMS[0], "c");
  assert.equal(player.state.responses[ITEMS[0]], "b", "nothing is taken while the clock stands still");
  Object.assign(peer, { now: SERVER + 100 * MINUTE, pausedAt: null, endsAt: END + 91 * MINUTE });
  await contact();
  assert.equal(writable(player.state), true);
  assert.deepEqual(player.news, { kind: "resumed", until: END + 91 * MINUTE });
  assert.equal(remaining(player.state, clock), 51 * MINUTE);
  end();
});

test("a pause is kept: after a reload without a network it is still there", async () => {
  const first = await working();
  Object.assign(first.peer, { pausedAt: SERVER });
  await first.contact();
  await first.player.note({});
  first.end();
  const again = await phone({ opened: (await first.store.sittings())[0].opened, store: first.store, fresh: false });
  assert.equal(paused(again.player.state), true);
  again.end();
});

test("a grant is told once", async () => {
  const { player, peer, contact, end } = await working();
  peer.endsAt = END + 5 * MINUTE;
  await contact();
  assert.deepEqual(player.news, { kind: "granted", minutes: 5, until: END + 5 * MINUTE });
  player.dismiss();
  await contact();
  assert.equal(player.news, null);
  end();
});

test("an announcement comes once, stays until it is read, and is not asked for again", async () => {
  const { player, peer, contact, store, end } = await working();
  peer.announcements = [{ id: 7, sr: "Још пет минута", en: "Five more minutes", at: SERVER }];
  await contact();
  await contact();
  assert.deepEqual(player.row.notices.map((one) => one.id), [7]);
  const header = JSON.parse(peer.bodies[peer.bodies.length - 1].split("\n")[0]);
  assert.equal(header.notice, 7);
  const row = async () => (await store.sittings())[0];
  assert.deepEqual((await row()).notices.map((one) => one.id), [7], "a reload before it was read shows it again");
  player.dismiss();
  assert.equal((await row()).notices.length, 0);
  const opened = openedReply({ state: "started", ends_at: END }, { announcement: peer.announcements[0] });
  await player.refresh(opened, true);
  assert.deepEqual(player.row.notices, [], "a reply of open does not bring it back");
  end();
});

test("another opening time reaches the waiting room, and is told", async () => {
  const { player, peer, contact, end } = await phone();
  peer.opensAt = SERVER + 30 * MINUTE;
  await contact();
  assert.equal(player.opened.sitting.opens_at, SERVER + 30 * MINUTE);
  assert.deepEqual(player.news, { kind: "moved", until: SERVER + 30 * MINUTE });
  end();
});

test("a phone that only waits is not taken over, and puts nothing into its chain", async () => {
  const { player, peer, contact, end } = await phone();
  peer.epoch = 2; // somebody looked at it on another device
  await contact();
  assert.equal(player.state.takenOver, false);
  assert.equal(player.outbox.last, 0);
  end();
});

test("taken over while working: read-only, everything delivered, and the chain closed once", async () => {
  const { player, peer, contact, end } = await working();
  player.respond(ITEMS[0], "b");
  peer.epoch = 2;
  await contact();
  await contact();
  await contact();
  assert.equal(writable(player.state), false);
  const kinds = player.outbox.events().map((event) => event.kind);
  assert.deepEqual(kinds, ["seen", "response", "close"]);
  assert.equal(peer.mark(), 3);
  end();
});

test("opened again by the invigilator after a wrong close: told, and writable", async () => {
  const { player, peer, contact, end } = await working();
  peer.state = "handed_in";
  await contact();
  assert.equal(player.state.view, "receipt");
  Object.assign(peer, { state: "started", endsAt: END + 10 * MINUTE });
  await contact();
  assert.deepEqual(player.news, { kind: "reopened", until: END + 10 * MINUTE });
  assert.equal(player.state.view, "item");
  assert.equal(writable(player.state), true);
  end();
});
