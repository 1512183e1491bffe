// Is everything there the evening before, fetched once, checked, told; and does nothing of a running sitting change?

import "./browser_globals.js";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { carry, forgetPockets, prepare, sayCarried } from "../../exams/static/exams/js/player/ahead.js";
import { Clock } from "../../exams/static/exams/js/player/clock.js";
import { expired, idle } from "../../exams/static/exams/js/player/drain.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { unseal } from "../../exams/static/exams/js/player/vault.js";
import { MINUTE, SERVER, VAULT, openedReply, papersCache, vector } from "./player_peer.js";

const HOUR = 60 * MINUTE;
const NAME = vector.locked_sha256;

/** A browser with a service worker that fetches, unless the network is gone. */
function evening({ worker = true, network = () => true } = {}) {
  const files = new Map();
  const asked = [];
  const active = {
    postMessage: ({ papers }, [reply]) => {
      asked.push(papers);
      if (network()) papers.forEach((name) => files.set(name, Buffer.from(vector.locked, "base64")));
      reply.postMessage("done");
    },
  };
  const navigator = { userAgent: "Chrome/96.0", storage: undefined };
  if (worker) navigator.serviceWorker = { ready: Promise.resolve({ active }) };
  const surroundings = { caches: papersCache(files), navigator, window: { isSecureContext: worker } };
  Object.entries(surroundings).forEach(([name, value]) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true }));
  const calls = [];
  const clock = new Clock({ mono: () => 0, wall: () => SERVER, id: "c1" });
  clock.anchor(SERVER, 0, 0);
  const port = {
    opened: openedReply({}, { vault: VAULT, content_key: "never kept" }),
    open: async (sitting, device) => { calls.push(["open", device]); return port.opened; },
    deviceCheck: async (ticket, report) => { calls.push(["check", report.problems]); },
  };
  const store = Object.assign(memoryStore(), { lasting: true });
  const said = [];
  const run = (opensAt = SERVER - MINUTE) => prepare({ store, port, clock, random: () => 0 }, { id: "s", opens_at: opensAt }, (code) => said.push(code));
  return { files, asked, calls, port, store, said, run };
}

test("opened, fetched, checked, told; the secrets of the reply are not kept in the row", async () => {
  const { files, asked, calls, store, said, run } = evening();
  await run();
  const row = (await store.sittings())[0];
  assert.deepEqual(asked, [[NAME]]);
  assert.deepEqual(Array.from(files.keys()), [NAME]);
  assert.deepEqual(calls, [["open", row.device], ["check", []]]);
  assert.deepEqual(said, ["fetching", "ready"]);
  assert.deepEqual([row.opened.vault, row.opened.content_key], [undefined, undefined]);
  assert.deepEqual(row.opened.unlock, vector.wrapped);
  assert.deepEqual(row.files, [NAME]);
  assert.equal((await store.key("s")).extractable, false, "the outbox can be encrypted without a network");
});

test("the next page asks for nothing that is here, and tells the staff again", async () => {
  const { asked, calls, said, run } = evening();
  await run();
  await run();
  assert.equal(asked.length, 1);
  assert.deepEqual(calls.map(([what]) => what), ["open", "check", "check"]);
  assert.deepEqual(said, ["fetching", "ready", "ready"]);
});

test("another opening time, or a reply of yesterday, is asked for again", async () => {
  const { calls, run, store, port } = evening();
  await run();
  port.opened = openedReply({ opens_at: SERVER + 30 * MINUTE });
  await run(SERVER + 30 * MINUTE);
  const row = (await store.sittings())[0];
  assert.equal(row.opened.sitting.opens_at, SERVER + 30 * MINUTE);
  await store.patch("s", { opened: Object.assign({}, row.opened, { server_now: SERVER - 7 * HOUR }) });
  await run(SERVER + 30 * MINUTE);
  const devices = calls.filter(([what]) => what === "open").map(([, device]) => device);
  assert.deepEqual(devices, [row.device, row.device, row.device], "and always by the same device");
});

test("no network in the middle: said, and made up for by the next page", async () => {
  let open = false;
  const { said, calls, run } = evening({ network: () => open });
  await run();
  open = true;
  await run();
  assert.deepEqual(said, ["fetching", "no_papers", "fetching", "ready"]);
  assert.deepEqual(calls.filter(([what]) => what === "check"), [["check", ["no_papers"]], ["check", []]]);
});

test("a full phone is told at once, and nothing is fetched to it", async () => {
  const { asked, said, store, run } = evening();
  store.tryOut = async () => false;
  await run();
  assert.deepEqual(asked, []);
  assert.deepEqual(said, ["little_space"]);
});

test("without a service worker nothing is fetched ahead", async () => {
  const { files, said, run } = evening({ worker: false });
  await run();
  assert.equal(files.size, 0);
  assert.deepEqual(said, ["no_crypto"]);
});

test("a sitting begun in another tab meanwhile is left alone", async () => {
  const { store, run, port, calls } = evening();
  const running = openedReply({ state: "started", ends_at: SERVER + HOUR });
  port.open = async () => { await store.patch("s", { opened: running }); return openedReply(); };
  await run();
  assert.equal((await store.sittings())[0].opened, running);
  assert.deepEqual(calls, []);
});

/** A pool on the server, in two languages, and a phone that can fetch it. */
function pocket({ network = () => true, room = true } = {}) {
  const papers = { sr: Buffer.from('{"language": "sr"}'), en: Buffer.from('{"language": "en"}') };
  const named = Object.fromEntries(Object.entries(papers).map(([language, body]) => [language, { sha256: createHash("sha256").update(body).digest("hex"), bytes: body.length }]));
  const clock = new Clock({ mono: () => 0, wall: () => SERVER, id: "c1" });
  clock.anchor(SERVER, 0, 0);
  const asked = [];
  const opened = openedReply({ purpose: "practice", opens_at: null }, { vault: VAULT, papers: named, locked: {}, unlock: null });
  const port = {
    open: async () => { asked.push("open"); return opened; },
    loadPaper: async (ticket, sha256) => {
      asked.push(sha256);
      if (!network()) throw new Error("network");
      return papers[Object.keys(named).find((language) => named[language].sha256 === sha256)];
    },
  };
  const store = Object.assign(memoryStore(), { lasting: true, tryOut: async () => room });
  const run = () => carry({ store, port, clock, random: () => 0 }, { id: "s", opens_at: null });
  return { asked, named, opened, papers, store, run };
}

test("a pool lies here in both languages, sealed; the next page asks for nothing", async () => {
  const { asked, named, papers, store, run } = pocket();
  assert.equal(await run(), true);
  assert.deepEqual(asked, ["open", named.sr.sha256, named.en.sha256]);
  const key = await store.key("s");
  for (const language of ["sr", "en"]) {
    const held = await store.paper(named[language].sha256);
    assert.ok(held.iv, "never in clear");
    assert.equal(await unseal(key, held), papers[language].toString());
  }
  assert.equal((await store.sittings())[0].pocket, true);
  assert.equal(await run(), true);
  assert.equal(asked.length, 3);
});

test("a line about one pool shows only when that very pool lies here, or took the place of what the page names", () => {
  const lines = ["", "s", "t", "replaced"].map((id) => ({ hidden: true, getAttribute: () => id }));
  globalThis.document = { querySelectorAll: (which) => (which === "[data-pocket]" ? lines : []) };
  sayCarried("t", [{ id: "s" }, { id: "t" }]);
  assert.deepEqual(lines.map((line) => line.hidden), [false, true, false, false]);
});

test("a network that drops in between, or a full phone, is made up for by the next page", async () => {
  let open = false;
  const { asked, run, store, named } = pocket({ network: () => open });
  await assert.rejects(run());
  open = true;
  assert.equal(await run(), true);
  assert.deepEqual(asked, ["open", named.sr.sha256, "open", named.sr.sha256, named.en.sha256]);
  await store.lock("s");
  assert.equal(await store.paper(named.sr.sha256), null, "signing out takes it away");
  const full = pocket({ room: false });
  assert.equal(await full.run(), false);
  assert.deepEqual(full.asked, []);
});

test("a pool that was begun here is left alone, one that is offered no more goes", async () => {
  const { asked, opened, store, run } = pocket();
  await run();
  const locks = { request: async (name, options, use) => use({ name }) };
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true, writable: true });
  await forgetPockets(store, ["s"]);
  assert.equal((await store.sittings()).length, 1, "still offered");
  await store.keep({ sitting: "s", device: "d", seq: 1, iv: null, bytes: "{}" });
  await forgetPockets(store, []);
  assert.equal((await store.sittings()).length, 1, "something was done here");
  await store.patch("s", { opened: Object.assign({}, opened, { sitting: Object.assign({}, opened.sitting, { state: "started" }) }) });
  asked.length = 0;
  assert.equal(await run(), false);
  assert.deepEqual(asked, []);
  const other = pocket();
  await other.run();
  locks.request = async (name, options, use) => use(null);
  await forgetPockets(other.store, []);
  assert.equal((await other.store.sittings()).length, 1, "open in a page");
  locks.request = async (name, options, use) => use({ name });
  await forgetPockets(other.store, []);
  assert.deepEqual(await other.store.sittings(), []);
});

test("what may be erased: sealed for a week, or never begun and closed for a week", () => {
  const WEEK = 7 * 24 * HOUR;
  const row = (more) => Object.assign({ sealedAt: null, closes: null, opened: null }, more);
  assert.equal(expired(row({ sealedAt: SERVER }), SERVER + WEEK, 9), false);
  assert.equal(expired(row({ sealedAt: SERVER }), SERVER + WEEK + 1, 9), true);
  assert.equal(expired(row({ closes: SERVER }), SERVER + WEEK + 1, 0), true);
  assert.equal(expired(row({ closes: SERVER }), SERVER + WEEK + 1, 1), false, "something is kept that nobody has confirmed");
  assert.equal(expired(row({}), SERVER + WEEK + 1, 0), false);
});

test("a sitting that was only fetched ahead sends nothing", () => {
  assert.equal(idle({ opened: openedReply() }, 0), true);
  assert.equal(idle({ opened: null }, 0), true);
  assert.equal(idle({ opened: openedReply() }, 1), false, "begun by code");
  assert.equal(idle({ opened: openedReply({ state: "started" }) }, 0), false);
});
