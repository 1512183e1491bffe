// Does our own SHA-256 agree with the published vectors and with another implementation?

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { base32, base64url, fromBase64, hex, utf8 } from "../../exams/static/exams/js/player/bytes.js";
import { sha256 } from "../../exams/static/exams/js/player/sha256.js";

const VECTORS = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"],
  ["a".repeat(1000000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
];

test("FIPS 180-4 vectors", () => {
  VECTORS.forEach(([text, digest]) => assert.equal(hex(sha256(utf8(text))), digest));
});

test("every length around the block border agrees with node's own", () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    assert.equal(hex(sha256(bytes)), createHash("sha256").update(bytes).digest("hex"));
  }
});

test("bytes are written as the wire wants them", () => {
  const digest = createHash("sha256").update("proba").digest();
  assert.equal(base64url(digest), digest.toString("base64url"));
  assert.equal(base64url(digest).length, 43);
  assert.deepEqual(fromBase64(digest.toString("base64")), new Uint8Array(digest));
  assert.deepEqual(fromBase64(base64url(digest)), new Uint8Array(digest));
  assert.equal(base32(Uint8Array.from([0xff, 0x00, 0x01])), "ZW002");
});
