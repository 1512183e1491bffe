// Does an exam begin by the code that is read out, without a server, and does the server have the last word later?

import assert from "node:assert/strict";
import test from "node:test";

import { fromBase64 } from "../../exams/static/exams/js/player/bytes.js";
import { contentKeyName } from "../../exams/static/exams/js/player/locking.js";
import { keepOnly, unlockable } from "../../exams/static/exams/js/player/locked_files.js";
import { writable } from "../../exams/static/exams/js/player/state.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { early, localEnd, unlockSitting } from "../../exams/static/exams/js/player/unlocking.js";
import { sittingKey } from "../../exams/static/exams/js/player/vault.js";
import { MINUTE, SERVER, VAULT, openedReply, phone, vector } from "./player_peer.js";

const REF = "ma-102.1";
const nextCode = vector.code.slice(0, -1) + (vector.code.endsWith("Z") ? "Y" : "Z");
const lost = (peer) => { peer.fate = () => "lost"; };

test("the right code starts the sitting here: the paper open, the start first in the chain, no request made", async () => {
  const { player, peer, papersAsked, pass, end } = await phone();
  lost(peer);
  pass(2 * MINUTE);
  assert.equal(await unlockSitting(player, vector.typed[1]), "in");
  assert.equal(player.state.view, "item");
  assert.deepEqual(player.state.refs, [REF]);
  assert.equal(writable(player.state), true);
  assert.equal(player.state.endsAt, SERVER + 62 * MINUTE);
  const [first, second] = player.outbox.events();
  assert.deepEqual([first.seq, first.kind, first.value], [1, "unlocked", null]);
  assert.deepEqual([second.kind, second.item], ["seen", REF]);
  assert.deepEqual(papersAsked, []);
  end();
});

test("a wrong code is said to be wrong as often as it is typed, and then the right one still works", async () => {
  const { player, peer, end } = await phone();
  lost(peer);
  for (let i = 0; i < 12; i += 1) assert.equal(await unlockSitting(player, nextCode), "wrong");
  assert.equal(await unlockSitting(player, "7KQM"), "no_code");
  assert.equal(player.outbox.last, 0);
  assert.equal(player.row.unlocked, null);
  assert.equal(await unlockSitting(player, vector.code), "in");
  end();
});

test("the right code with a damaged paper begins nothing", async () => {
  const bytes = fromBase64(vector.locked);
  bytes[40] ^= 1;
  const { player, peer, end } = await phone({ files: new Map([[vector.locked_sha256, bytes]]) });
  lost(peer);
  assert.equal(await unlockable(player.opened), false, "the waiting room does not offer it");
  assert.equal(await unlockSitting(player, vector.code), "damaged");
  assert.equal(player.outbox.last, 0);
  end();
});

test("with the network the server starts it, and its end replaces this phone's without being called a gift", async () => {
  const { player, peer, pass, contact, end } = await phone();
  lost(peer);
  await unlockSitting(player, vector.code);
  pass(20 * MINUTE);
  peer.fate = () => "through";
  Object.assign(peer, { now: SERVER + 20 * MINUTE, limit: 45 * MINUTE });
  await contact();
  assert.equal(peer.state, "started");
  assert.equal(player.state.endsAt, SERVER + 65 * MINUTE);
  assert.equal(player.news, null);
  assert.equal(player.row.unlocked.told, true);
  peer.endsAt += 5 * MINUTE;
  await contact();
  assert.deepEqual(player.news, { kind: "granted", minutes: 5, until: SERVER + 70 * MINUTE });
  end();
});

test("a server that has not heard of the start does not stop it: neither its open nor a save", async () => {
  const { player, peer, contact, end } = await phone();
  await unlockSitting(player, vector.code);
  await player.refresh(openedReply(), true);
  assert.equal(player.state.sitting, "started");
  assert.equal(player.state.endsAt, SERVER + 60 * MINUTE);
  peer.save = async () => ({ acked_upto: 2, gaps: [], epoch: 1, state: "ready", ends_at: null, paused_at: null, opens_at: SERVER, server_now: SERVER, store_generation: "g1", notices: [], receipt: null });
  await contact();
  assert.equal(writable(player.state), true);
  assert.equal(player.state.endsAt, SERVER + 60 * MINUTE);
  end();
});

test("reloaded without a network: running, the paper readable, nothing asked of anybody", async () => {
  const store = memoryStore();
  const key = await sittingKey(store, "s", VAULT);
  const first = await phone({ store, key });
  lost(first.peer);
  await unlockSitting(first.player, vector.code);
  first.player.respond(REF, "b");
  await first.player.outbox.writing;
  first.end();
  const row = (await store.sittings())[0];
  assert.equal(row.opened.sitting.state, "started");
  assert.equal(row.opened.content_key, undefined);
  assert.equal(row.opened.vault, undefined);
  const again = await phone({ store, key, opened: row.opened, fresh: false, files: new Map() });
  await again.player.tools.papers.load("sr", again.player.opened);
  assert.equal(again.player.tools.papers.in("sr").items[0].ref, REF, "even when the cache is gone");
  assert.equal(again.player.state.responses[REF], "b");
  assert.equal(again.player.state.endsAt, SERVER + 60 * MINUTE);
  assert.deepEqual(again.papersAsked, []);
  const kept = await store.paper(row.opened.papers.sr.sha256);
  assert.ok(kept.iv && !Buffer.from(kept.bytes).includes("items"), "not in clear");
  again.end();
});

test("the content key alone brings the paper back from its locked file; signing out forgets both", async () => {
  const store = memoryStore();
  const first = await phone({ store });
  lost(first.peer);
  await unlockSitting(first.player, vector.code);
  const held = await store.key(contentKeyName("s"));
  assert.equal(held.extractable, false);
  await store.lock("s");
  assert.equal(await store.key(contentKeyName("s")), null);
  first.end();
  const signedOut = await phone({ store, opened: openedReply({ state: "started", ends_at: SERVER + 60 * MINUTE }), fresh: false });
  await assert.rejects(signedOut.player.tools.papers.load("sr", signedOut.player.opened));
  await store.putKey(contentKeyName("s"), held);
  await signedOut.player.tools.papers.load("sr", signedOut.player.opened);
  assert.equal(signedOut.player.tools.papers.in("sr").items.length, 1);
  signedOut.end();
});

test("a start by the server: the released key opens the file here, and epoch and ticket are taken on", async () => {
  const { startedByServer } = await import("../../exams/static/exams/js/player/replies.js");
  const { player, papersAsked, end } = await phone();
  await startedByServer(player, {
    state: "started", started_at: SERVER, ends_at: SERVER + 60 * MINUTE, server_now: SERVER, store_generation: "g1",
    epoch: 3, ticket: "t3", content_key: vector.content_key, paused_at: null,
  });
  await player.tools.papers.load("sr", player.opened);
  assert.equal(player.tools.papers.in("sr").items.length, 1);
  assert.deepEqual(papersAsked, []);
  assert.equal(player.outbox.epoch, 3);
  assert.equal(player.opened.ticket, "t3");
  player.go(0);
  assert.equal(player.row.opened.content_key, undefined);
  end();
});

test("without the file, or with a document that is not the announced one, the paper is asked for in clear", async () => {
  const none = await phone({ files: new Map(), opened: openedReply({ state: "started", ends_at: SERVER + MINUTE }, { content_key: vector.content_key }) });
  await assert.rejects(none.player.tools.papers.load("sr", none.player.opened));
  assert.equal(none.papersAsked.length, 1);
  none.end();
  const other = await phone({ opened: openedReply({ state: "started", ends_at: SERVER + MINUTE }, { content_key: vector.content_key, papers: { sr: { sha256: "0".repeat(64), bytes: 1 } } }) });
  await assert.rejects(other.player.tools.papers.load("sr", other.player.opened));
  assert.deepEqual(other.papersAsked, ["0".repeat(64)]);
  other.end();
});

test("the end as the server reckons it", () => {
  const sitting = (more) => openedReply(Object.assign({ limit_seconds: 3600 }, more)).sitting;
  assert.equal(localEnd(sitting({}), SERVER), SERVER + 60 * MINUTE);
  assert.equal(localEnd(sitting({ limit_seconds: 5400, time_percent: 150 }), SERVER), SERVER + 90 * MINUTE, "the limit has the extra time in it");
  assert.equal(localEnd(sitting({ closes_at: SERVER + 30 * MINUTE }), SERVER), SERVER + 30 * MINUTE);
  assert.equal(localEnd(sitting({ closes_at: SERVER + 30 * MINUTE, granted_seconds: 300 }), SERVER), SERVER + 35 * MINUTE);
  assert.equal(localEnd(sitting({ closes_at: SERVER - MINUTE }), SERVER), SERVER + 60 * MINUTE, "a clock that is past the close is not believed");
  assert.equal(localEnd(sitting({ limit_seconds: null }), SERVER), null);
});

test("too early by this phone's clock is known, and only told", async () => {
  const { player, peer, end } = await phone({ opened: openedReply({ opens_at: SERVER + 5 * MINUTE }) });
  lost(peer);
  assert.equal(early(player), true);
  assert.equal(await unlockSitting(player, vector.code), "in");
  end();
});

test("only files of sittings that are still here stay", async () => {
  const files = new Map([["a", new Uint8Array(1)], ["b", new Uint8Array(1)]]);
  const { end } = await phone({ files });
  await keepOnly(["b"]);
  assert.deepEqual(Array.from(files.keys()), ["b"]);
  end();
});
