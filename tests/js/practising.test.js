// Can a pupil practise from start to finish without a network, on one phone, through reloads, and lose nothing?

import assert from "node:assert/strict";
import test from "node:test";

import { otherPaper } from "../../exams/static/exams/js/player/entering.js";
import { setLanguage } from "../../exams/static/exams/js/player/messages.js";
import { openSitting, startSitting } from "../../exams/static/exams/js/player/opening.js";
import { PortError } from "../../exams/static/exams/js/player/port.js";
import { askHint, onward, setOut, similarHere, trySimilar } from "../../exams/static/exams/js/player/practising.js";
import { goesOn, numberOf } from "../../exams/static/exams/js/player/state.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { fixed, pool } from "./practice_papers.js";
import { SERVER, openedReply, phone } from "./player_peer.js";

const PAPERS = { sr: { sha256: "p-sr", bytes: 1 }, en: { sha256: "p-en", bytes: 1 } };
const SITTING = { purpose: "practice", limit_seconds: null, opens_at: null };
const reply = (sitting = {}) => openedReply(Object.assign({}, SITTING, sitting), { papers: PAPERS, locked: {}, unlock: null });
const nothing = async () => { throw new PortError(0, "network"); };

/** A phone on which a pool was put the day before; its network is gone. */
async function prepared(paper = pool(4), store = memoryStore()) {
  await store.claim("s");
  for (const language of ["sr", "en"]) {
    await store.putPaper({ sha256: `p-${language}`, sitting: "s", language, iv: null, bytes: JSON.stringify(Object.assign({}, paper, { language })) });
  }
  return store;
}

/** One load of the player's page. */
async function page(store, opened = reply()) {
  const found = await phone({ opened, store, fresh: false });
  Object.assign(found.player.tools.port, { open: nothing, start: nothing, save: nothing });
  return found;
}

const refsOf = (player) => player.outbox.events().filter((event) => event.kind === "seen").map((event) => event.item);

function answer(player, value) {
  const ref = player.state.refs[player.state.index];
  player.respond(ref, value);
  player.check(ref);
  return ref;
}

test("begun, worked on and finished without a network; a reload at any point goes on where it was", async () => {
  const store = await prepared();
  let { player, end } = await page(store);
  await startSitting(player);
  assert.deepEqual([player.state.sitting, player.state.view, player.state.total], ["started", "item", 4]);
  assert.deepEqual(player.outbox.events().map((event) => event.kind), ["unlocked", "seen"]);
  for (let n = 0; n < 4; n += 1) {
    answer(player, n % 2 ? "a" : "b");
    await player.outbox.writing;
    const before = player.state;
    end();
    ({ player, end } = await page(store, (await store.sittings())[0].opened));
    await player.note({ opened: player.opened });
    player.row.place = { index: n, view: "item" };
    await openSitting(player);
    assert.deepEqual([player.state.refs, player.state.checked, player.state.index], [before.refs, before.checked, n]);
    assert.equal(onward(player), n < 3);
  }
  assert.equal(new Set(refsOf(player)).size, 4);
  assert.deepEqual(player.outbox.events().filter((event) => event.kind === "seen").map((event) => event.value.place), [0, 1, 2, 3]);
  player.handIn("candidate");
  await player.outbox.writing;
  assert.equal(player.outbox.events().pop().kind, "hand_in");
  assert.equal((await store.events("s")).length, player.outbox.last, "all of it is on the phone");
  end();
});

test("with the network the server starts it; a server that does not answer does not keep anybody waiting", async () => {
  const store = await prepared();
  const { player, end } = await page(store);
  player.tools.port.start = async () => ({ state: "started", started_at: SERVER, ends_at: null });
  await startSitting(player);
  assert.deepEqual(player.outbox.events().map((event) => event.kind), ["seen"]);
  end();
  const slow = await page(await prepared());
  slow.player.tools.port.start = () => new Promise(() => undefined);
  await startSitting(slow.player);
  assert.equal(slow.player.state.sitting, "started");
  slow.end();
});

test("what is refused is refused; and without the papers nothing begins without the server", async () => {
  const { player, end } = await page(await prepared());
  player.tools.port.start = async () => { throw new PortError(409, "voided"); };
  await assert.rejects(startSitting(player), { code: "voided" });
  assert.equal(player.outbox.last, 0);
  end();
  const store = memoryStore();
  await store.claim("s");
  const bare = await page(store);
  await assert.rejects(startSitting(bare.player), { code: "network" });
  assert.equal(bare.player.state.sitting, "ready");
  bare.end();
});

test("what was done without a network goes by the same journal afterwards", async () => {
  const { player, contact, peer, end } = await page(await prepared());
  await startSitting(player);
  answer(player, "a");
  peer.state = "ready";
  player.tools.port.save = (ticket, body) => peer.save(ticket, body);
  await contact();
  assert.equal(player.sync.unsent, 0);
  assert.equal(peer.state, "started");
  assert.equal(player.state.sitting, "started");
  end();
});

test("a similar one stands behind the missed item, in a pool at the end, and is not counted", async () => {
  const { player, end } = await page(await prepared(fixed()));
  await startSitting(player);
  assert.equal(similarHere(player), null);
  const first = answer(player, "b");
  trySimilar(player);
  assert.deepEqual([player.state.index, player.state.extra[player.state.refs[1]], numberOf(player.state, 1), player.state.total], [1, first, 1, 3]);
  assert.deepEqual(player.outbox.events().pop().value, { for: first });
  answer(player, "b");
  trySimilar(player);
  assert.equal(player.state.index, 2, "the second spare behind the first");
  assert.equal(player.state.extra[player.state.refs[2]], first);
  const { refs } = player.state;
  setOut(player, player.tools.papers.in("en"));
  assert.deepEqual(player.state.refs, refs, "as after a reload");
  end();
});

test("a set whose pool a similar item used up is complete, and its number says so", async () => {
  const { player, end } = await page(await prepared(pool(2, ["ma-00", "ma-08"]))); // of one skill, without a family
  await startSitting(player);
  assert.equal(player.state.total, 2);
  answer(player, "b");
  trySimilar(player);
  assert.deepEqual([player.state.refs.length, player.state.total, goesOn(player.state)], [2, 1, false]);
  answer(player, "a");
  assert.equal(onward(player), false);
  end();
});

test("nothing more is chosen once the set is complete or handed in", async () => {
  const { player, end } = await page(await prepared(pool(2)));
  await startSitting(player);
  answer(player, "a");
  assert.equal(goesOn(player.state), true);
  assert.equal(onward(player), true);
  answer(player, "a");
  assert.equal(onward(player), false);
  player.handIn("candidate");
  assert.equal(onward(player), false);
  end();
});

test("a hint is asked for once, before the check, and is there again after a reload", async () => {
  const store = await prepared();
  const { player, end } = await page(store);
  await startSitting(player);
  const [ref] = player.state.refs;
  askHint(player, ref);
  askHint(player, ref);
  answer(player, "a");
  assert.equal(onward(player), true);
  const second = player.state.refs[1];
  answer(player, "a");
  askHint(player, second);
  assert.deepEqual(player.outbox.events().filter((event) => event.kind === "hint").map((event) => event.item), [ref]);
  await player.outbox.writing;
  end();
  const again = await page(store, (await store.sittings())[0].opened);
  await openSitting(again.player);
  assert.deepEqual(again.player.state.hinted, { [ref]: true });
  again.end();
});

test("the language changes in the middle without a network and without another item", async () => {
  const { player, end } = await page(await prepared());
  await startSitting(player);
  answer(player, "a");
  onward(player);
  const { refs } = player.state;
  await otherPaper(player);
  setLanguage("en");
  assert.equal(player.tools.papers.in("en").language, "en");
  setOut(player, player.tools.papers.in("en"));
  assert.deepEqual(player.state.refs, refs);
  setLanguage("sr");
  end();
});
