// Is the outbox a chain that another program can check, and does a reload read it back as it was?

import "./browser_globals.js";

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { Outbox, receiptCode } from "../../exams/static/exams/js/player/outbox.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { sittingKey } from "../../exams/static/exams/js/player/vault.js";

const SITTING = "6f1c2c1e-0b0f-4a57-9a5e-2f5b8f6f0a11";
const VAULT = Buffer.alloc(32, 7).toString("base64");
const hash = (text) => createHash("sha256").update(text).digest("base64url");

let tick = 0;
const clock = { reading: () => ({ clock: "c1", mono: tick += 10, wall: 1790000000000 + tick }) };

async function outboxOn(store, vault = VAULT, device = "d".repeat(22)) {
  const key = await sittingKey(store, SITTING, vault);
  return new Outbox({ store, sitting: SITTING, device, key, clock });
}

test("each event holds the hash of the exact bytes before it, the first one the sitting's and device's", async () => {
  const outbox = await outboxOn(memoryStore());
  outbox.append({ kind: "seen", item: "ma-1.1" });
  outbox.append({ kind: "response", item: "ma-1.1", value: { x: "шест целих „3,5“" } });
  outbox.append({ kind: "hand_in", value: "candidate" });
  const prevs = outbox.events().map((event) => event.prev);
  assert.equal(prevs[0], hash(`proba/1/${SITTING}/${"d".repeat(22)}`));
  assert.equal(prevs[1], hash(outbox.lines[0]));
  assert.equal(prevs[2], hash(outbox.lines[1]));
  assert.deepEqual(outbox.events().map((event) => event.seq), [1, 2, 3]);
  assert.deepEqual(Object.keys(outbox.events()[1]), ["seq", "epoch", "kind", "item", "value", "clock", "mono", "wall", "prev"]);
});

test("a text of the longest kind fits into one event, whatever it is written with", async () => {
  const outbox = await outboxOn(memoryStore());
  for (const sign of ["ж", "\n", "\"", "語", "🙂", "\u0001"]) {
    const value = sign.repeat(1200 / sign.length);
    outbox.append({ kind: "response", item: "sj-112.1", value });
    assert.equal(outbox.events().pop().value, value);
  }
  assert.throws(() => outbox.append({ kind: "response", item: "sj-112.1", value: "\u0001".repeat(1400) }), RangeError);
});

test("an event may be sent once it is kept, not before", async () => {
  const outbox = await outboxOn(memoryStore());
  const { kept } = outbox.append({ kind: "response", item: "ma-1.1", value: "b" });
  assert.equal(outbox.last, 1);
  assert.equal(outbox.sendable, 0);
  assert.equal(await kept, true);
  assert.equal(outbox.sendable, 1);
});

test("a reload reads back byte for byte and goes on with the next number", async () => {
  const store = memoryStore();
  const first = await outboxOn(store);
  for (let i = 0; i < 25; i += 1) first.append({ kind: "response", item: `ma-${i}.1`, value: String(i) });
  await first.writing;
  const second = await outboxOn(store, null);
  assert.equal(await second.load(), true);
  assert.deepEqual(second.lines, first.lines);
  assert.equal(second.append({ kind: "seen", item: "ma-1.1" }).seq, 26);
});

test("what lies on the phone is not readable there", async () => {
  const store = memoryStore();
  const outbox = await outboxOn(store);
  await outbox.append({ kind: "response", item: "ma-1.1", value: "secret answer" }).kept;
  const [row] = await store.events(SITTING);
  assert.equal(Buffer.from(row.bytes).includes("secret"), false);
  assert.equal(row.iv.length, 12);
  const key = await store.key(SITTING);
  assert.equal(key.extractable, false);
});

test("after a sign-out nothing can be read; the same vault opens it again, another one does not", async () => {
  const store = memoryStore();
  await store.claim(SITTING);
  const outbox = await outboxOn(store);
  await outbox.append({ kind: "response", item: "ma-1.1", value: "b" }).kept;
  await store.lock(SITTING);
  assert.equal(await (await outboxOn(store, null)).load(), false);
  const back = await outboxOn(store);
  assert.equal(await back.load(), true);
  assert.equal(back.last, 1);
  await store.lock(SITTING);
  assert.equal(await (await outboxOn(store, Buffer.alloc(32, 8).toString("base64"))).load(), false);
});

test("a torn chain is noticed", async () => {
  const store = memoryStore();
  const outbox = await outboxOn(store);
  outbox.append({ kind: "seen", item: "ma-1.1" });
  outbox.append({ kind: "seen", item: "ma-2.1" });
  await outbox.writing;
  const torn = memoryStore();
  const rows = await store.events(SITTING);
  await torn.putKey(SITTING, await store.key(SITTING));
  await torn.keep(rows[1]);
  assert.equal(await (await outboxOn(torn, null)).load(), false);
});

test("a phone that refuses to write goes on from memory, and says so", async () => {
  const store = memoryStore();
  const full = Object.assign({}, store, { keep: async () => { throw new Error("QuotaExceededError"); } });
  const outbox = await outboxOn(full);
  assert.equal(await outbox.append({ kind: "response", item: "ma-1.1", value: "b" }).kept, false);
  assert.equal(outbox.failed, true);
  assert.equal(outbox.sendable, 1);
  assert.equal(await outbox.append({ kind: "response", item: "ma-2.1", value: "c" }).kept, false);
  assert.equal(outbox.sendable, 2);
});

test("the receipt's code is computed from the hand-in's bytes", () => {
  const line = '{"seq":3,"kind":"hand_in"}';
  const digest = createHash("sha256").update(line).digest();
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const bits = digest.readUIntBE(0, 4).toString(2).padStart(32, "0");
  const six = [0, 5, 10, 15, 20, 25].map((at) => alphabet[parseInt(bits.slice(at, at + 5), 2)]).join("");
  assert.equal(receiptCode(line), `${six.slice(0, 3)}-${six.slice(3)}`);
});

test("an event beyond the wire's limit is refused at once", async () => {
  const outbox = await outboxOn(memoryStore());
  assert.throws(() => outbox.append({ kind: "response", item: "ma-1.1", value: "x".repeat(8200) }), RangeError);
  assert.equal(outbox.last, 0);
});

test("what a leaving page had no time to write is put aside and taken up by the next load", async (t) => {
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => (kept.has(name) ? kept.get(name) : null),
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
  t.after(() => delete globalThis.sessionStorage);
  const store = memoryStore();
  const asThePageSeesIt = Object.assign({}, store);
  const page = await outboxOn(asThePageSeesIt);
  await page.append({ kind: "seen", item: "ma-1.1" }).kept;
  asThePageSeesIt.keep = () => new Promise(() => undefined); // the page is gone before the transaction is complete
  page.append({ kind: "response", item: "ma-1.1", value: { x: "12" } });
  page.append({ kind: "response", item: "ma-1.1", value: { x: "12,7" } });
  page.hold();
  assert.equal(kept.size, 1);

  const next = await outboxOn(store);
  assert.equal(await next.load(), true);
  assert.deepEqual(next.lines, page.lines);
  assert.equal(next.sendable, 3);
  assert.equal(kept.size, 0);
  const again = await outboxOn(store);
  assert.equal(await again.load(), true);
  assert.deepEqual(again.lines, page.lines);
});

test("lines put aside by another device, or written down after all, are not taken up twice", async (t) => {
  const rest = { device: "d".repeat(22), after: 0, lines: [] };
  globalThis.sessionStorage = { getItem: () => JSON.stringify(rest), setItem: () => undefined, removeItem: () => undefined };
  t.after(() => delete globalThis.sessionStorage);
  const store = memoryStore();
  const page = await outboxOn(store);
  await page.append({ kind: "seen", item: "ma-1.1" }).kept;
  rest.lines = page.lines.slice();
  const written = await outboxOn(store);
  assert.equal(await written.load(), true);
  assert.deepEqual(written.lines, page.lines);
  const other = await outboxOn(store, VAULT, "e".repeat(22));
  assert.equal(await other.load(), true);
  assert.deepEqual(other.lines, []);
});
