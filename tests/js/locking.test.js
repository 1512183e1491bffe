// Does the phone open what the server locks, with the released key and with the code that is read out?

import "./browser_globals.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { fromBase64, hex, text } from "../../exams/static/exams/js/player/bytes.js";
import { canOpen, contentKey, isCode, normaliseCode, openLocked, unwrapKey } from "../../exams/static/exams/js/player/locking.js";
import { sha256 } from "../../exams/static/exams/js/player/sha256.js";

const vector = JSON.parse(readFileSync(new URL("../../fixtures/vectors/locking.json", import.meta.url), "utf8"));
const locked = fromBase64(vector.locked);

test("a file is named by the hash of its bytes, locked as they are", () => {
  assert.equal(hex(sha256(locked)), vector.locked_sha256);
});

test("the content key opens the paper", async () => {
  const key = await contentKey(vector.content_key);
  assert.equal(text(await openLocked(key, locked)), vector.document);
});

test("neither key can be read out again by a script", async () => {
  const released = await contentKey(vector.content_key);
  const unwrapped = await unwrapKey(normaliseCode(vector.code), vector.wrapped);
  for (const key of [released, unwrapped]) {
    assert.equal(key.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", key));
  }
});

test("the code opens it too, however it is typed", async () => {
  for (const typed of [vector.code, ...vector.typed, ` ${vector.code.toLowerCase()} `]) {
    const code = normaliseCode(typed);
    assert.ok(isCode(code), typed);
    const key = await unwrapKey(code, vector.wrapped);
    assert.equal(text(await openLocked(key, locked)), vector.document, typed);
  }
});

test("Cyrillic letters that are the same letter count as it; others are no code", () => {
  assert.equal(normaliseCode("кАмТ-ЈОе2-345"), "KAMTJ0E2345");
  assert.equal(isCode(normaliseCode("КАМТ-ЈОЕ2-345")), true);
  assert.equal(isCode(normaliseCode("ДАМТ-ЈОЕ2-345")), false);
  assert.equal(isCode(normaliseCode("KAMT-J0E2-34")), false);
  assert.equal(isCode(normaliseCode("KAMT-J0E2-34U")), false, "there is no U in a code");
});

test("another code is refused, whatever it is", async () => {
  const code = normaliseCode(vector.code);
  const other = code.slice(0, 10) + (code[10] === "Z" ? "Y" : "Z");
  assert.equal(await unwrapKey(other, vector.wrapped), null);
  assert.equal(await unwrapKey("", vector.wrapped), null);
});

test("one flipped bit, a cut file or another key: nothing is opened", async () => {
  const key = await contentKey(vector.content_key);
  for (const at of [0, 12, locked.length - 1]) {
    const flipped = locked.slice();
    flipped[at] ^= 1;
    assert.equal(await openLocked(key, flipped), null, `bit at ${at}`);
  }
  assert.equal(await openLocked(key, locked.slice(0, -1)), null);
  assert.equal(await openLocked(await contentKey(Buffer.alloc(32).toString("base64")), locked), null);
});

test("the device check opens a text of its own the same way", async () => {
  assert.equal(await canOpen(), true);
  const gone = globalThis.DecompressionStream;
  globalThis.DecompressionStream = undefined;
  try {
    assert.equal(await canOpen(), false);
    assert.equal(await openLocked(await contentKey(vector.content_key), locked), null);
  } finally {
    globalThis.DecompressionStream = gone;
  }
});
