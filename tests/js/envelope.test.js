// Does a hand-in without a network hold exactly what the phone wrote, readable by its server and nobody else, and
// do its codes bring it across a room in any order?

import "./browser_globals.js";

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";

import { Collector } from "../../exams/static/exams/hand_ins/collector.js";
import { drawing } from "../../exams/static/exams/js/player/codes.js";
import { base64, canEnclose, enclose, envelopeOf, fileName, isClear, wholeBody } from "../../exams/static/exams/js/player/envelope.js";
import { Silence } from "../../exams/static/exams/js/player/hand_over.js";
import { Outbox, receiptCode } from "../../exams/static/exams/js/player/outbox.js";
import { CHUNK, framesOf, joinFrames } from "../../exams/static/exams/js/player/qr_frames.js";
import { checkedHere, ownCodes } from "../../exams/static/exams/js/player/screen_hand_in.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const VECTOR = JSON.parse(readFileSync(join(ROOT, "fixtures/vectors/locking.json"), "utf8"));
const PARTS = { sitting: VECTOR.sitting, device: VECTOR.device, ticket: VECTOR.ticket, body: VECTOR.body, handInKey: VECTOR.hand_in_public };
const bytes = (source) => Buffer.from(source, "base64");

/** What the server does: the private key opens the envelope's own key, that one the payload. */
async function opened(envelope, privateKey = VECTOR.hand_in_private) {
  const { subtle } = globalThis.crypto;
  const fields = JSON.parse(envelope);
  const server = await subtle.importKey("pkcs8", bytes(privateKey), { name: "RSA-OAEP", hash: "SHA-256" }, false, ["decrypt"]);
  const raw = await subtle.decrypt({ name: "RSA-OAEP" }, server, bytes(fields.key));
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const payload = Buffer.from(await subtle.decrypt({ name: "AES-GCM", iv: bytes(fields.iv) }, key, bytes(fields.data)));
  return (fields.zip === "gzip" ? gunzipSync(payload) : payload).toString("utf8");
}

/** As on a page over plain HTTP, where browsers keep `subtle` to themselves. */
async function withoutWebCrypto(run) {
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: { getRandomValues: (array) => crypto.getRandomValues(array) } });
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, "crypto", kept);
  }
}

function shuffled(list) {
  const out = list.slice();
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

async function outboxWith(happenings) {
  let tick = 0;
  const clock = { reading: () => ({ clock: "c1", mono: tick += 900, wall: 1790000000000 + tick }) };
  const outbox = new Outbox({ store: memoryStore(), sitting: VECTOR.sitting, device: VECTOR.device, key: null, clock });
  happenings.forEach((one) => outbox.append(one));
  await outbox.writing;
  return outbox;
}

const playerWith = (outbox) => ({
  outbox,
  sync: { header: () => JSON.parse(VECTOR.body.split("\n")[0]) },
  opened: { ticket: VECTOR.ticket, hand_in_key: VECTOR.hand_in_public },
  row: { id: VECTOR.sitting },
});

test("the server's private key opens it, and finds ticket and save byte for byte", async () => {
  const envelope = await enclose(PARTS);
  assert.equal(envelope.includes("\n"), false);
  const fields = JSON.parse(envelope);
  assert.deepEqual(Object.keys(fields), Object.keys(JSON.parse(VECTOR.envelope)));
  assert.deepEqual([fields.proba, fields.sitting, fields.device, fields.zip], [1, VECTOR.sitting, VECTOR.device, "gzip"]);
  assert.equal(bytes(fields.key).length, 384);
  assert.equal(bytes(fields.iv).length, 12);
  assert.equal(await opened(envelope), `${VECTOR.ticket}\n${VECTOR.body}`);
  assert.equal(await opened(envelope), await opened(VECTOR.envelope));
});

test("nothing of it can be read on the way, and no two are alike", async () => {
  const [one, two] = [await enclose(PARTS), await enclose(PARTS)];
  const [first, second] = [JSON.parse(one), JSON.parse(two)];
  ["key", "iv", "data"].forEach((name) => assert.notEqual(first[name], second[name]));
  [VECTOR.ticket, "response", "ma-102"].forEach((secret) => assert.equal(one.includes(secret), false));
});

test("where the browser has no gzip it goes unpacked, and says so", async (t) => {
  const { CompressionStream } = globalThis;
  delete globalThis.CompressionStream;
  t.after(() => { globalThis.CompressionStream = CompressionStream; });
  const envelope = await enclose(PARTS);
  assert.equal(JSON.parse(envelope).zip, "");
  assert.equal(await opened(envelope), `${VECTOR.ticket}\n${VECTOR.body}`);
});

test("without WebCrypto it is clear; with it, never", async () => {
  const clear = await withoutWebCrypto(() => enclose(Object.assign({}, PARTS, { handInKey: null })));
  assert.deepEqual(JSON.parse(clear), JSON.parse(VECTOR.clear_envelope));
  await withoutWebCrypto(() => {
    assert.equal(isClear(), true);
    assert.equal(canEnclose(null), true);
  });
  assert.equal(isClear(), false);
  assert.equal(canEnclose(null), false);
  await assert.rejects(enclose(Object.assign({}, PARTS, { handInKey: null })));
});

test("two texts of 600 letters, written for five minutes each, go through in a few dozen codes", async () => {
  const prose = "Посматрао сам биљку две недеље и записивао колико је порасла; другу сам држао у мраку. ".repeat(7).slice(0, 600);
  const drafts = Array.from({ length: 60 }, (_, i) => prose.slice(0, 10 * (i + 1))); // every five seconds at the latest
  const happenings = ["sj-119.1", "sj-120.1"].flatMap((item) => drafts.map((value) => ({ kind: "response", item, value })));
  const outbox = await outboxWith([...happenings, { kind: "hand_in", value: "candidate" }]);
  const envelope = await envelopeOf(playerWith(outbox));
  const lines = (await opened(envelope)).split("\n").slice(2);
  assert.equal(JSON.parse(lines[119]).value, prose);
  const frames = framesOf(envelope);
  assert.ok(frames.length <= 30, `${frames.length} codes`);
  assert.equal(joinFrames(shuffled(frames)), envelope);
});

test("everything this device ever wrote is in it, also what the server has", async () => {
  const happenings = Array.from({ length: 450 }, (_, i) => ({ kind: "response", item: `ma-${i % 20}.1`, value: { x: `${i} − „три“` } }));
  const outbox = await outboxWith([...happenings, { kind: "hand_in", value: "candidate" }]);
  const inside = await opened(await envelopeOf(playerWith(outbox)));
  const [ticket, header, ...lines] = inside.split("\n");
  assert.equal(ticket, VECTOR.ticket);
  assert.equal(header, VECTOR.body.split("\n")[0]);
  assert.deepEqual(lines, outbox.lines);
});

test("a line the phone has not written down yet stays out", () => {
  assert.equal(wholeBody({ v: 1 }, ["a", "b", "c"], 2), '{"v":1}\na\nb');
});

test("base 64 is the standard one, with padding", () => {
  for (let length = 0; length < 9; length += 1) {
    const some = Uint8Array.from({ length }, (_, i) => 251 - i);
    assert.equal(base64(some), Buffer.from(some).toString("base64"));
  }
  assert.equal(fileName(VECTOR.sitting), "proba-5e2c9b1a.txt");
});

test("frames are joined as on the other side, and cut into as few of one length", () => {
  const envelope = joinFrames(VECTOR.frames);
  assert.ok([VECTOR.envelope, VECTOR.clear_envelope].includes(envelope));
  const head = (frame) => frame.split(":").slice(0, 3);
  assert.deepEqual(framesOf(envelope, VECTOR.frames[0].split(":")[3].length).map(head), VECTOR.frames.map(head));
  const lengths = framesOf(VECTOR.envelope + "x".repeat(3000)).map((frame) => frame.split(":")[3].length);
  assert.ok(Math.max(...lengths) <= CHUNK && lengths.every((length) => length > Math.max(...lengths) - lengths.length));
});

test("frames come in any order, several times, with blank lines between", async () => {
  const envelope = await enclose(Object.assign({}, PARTS, { body: `${VECTOR.body}\n${"њш".repeat(3000)}${Math.random()}` }));
  const frames = framesOf(envelope, 90);
  assert.ok(frames.length > 5);
  for (let round = 0; round < 50; round += 1) {
    const seen = shuffled([...frames, ...shuffled(frames).slice(0, 3), "", "  "]).map((one) => `${one} \r`);
    assert.equal(joinFrames(seen), envelope);
  }
});

test("what does not fit together is refused, with what is missing", async () => {
  const frames = framesOf(await enclose(PARTS), 100);
  const others = framesOf(await enclose(PARTS), 100);
  const fault = (texts) => {
    try {
      joinFrames(texts);
    } catch (error) {
      return [error.fault, error.missing];
    }
    return "joined";
  };
  assert.deepEqual(fault(frames.filter((_, i) => i !== 1 && i !== 3)), ["missing_frames", [2, 4]]);
  assert.deepEqual(fault([...frames, others[0]]), ["mixed_frames", []]);
  assert.deepEqual(fault([]), ["not_ours", []]);
  assert.deepEqual(fault(["https://example.org"]), ["not_ours", []]);
  assert.deepEqual(fault([`${frames[0]}!`]), ["damaged", []]);
  assert.deepEqual(fault([...frames, frames[0].slice(0, -1)]), ["damaged", []]);
  const changed = frames.slice();
  changed[2] = frames[2].slice(0, -1) + (frames[2].endsWith("A") ? "B" : "A");
  assert.deepEqual(fault(changed), ["damaged", []]);
  assert.deepEqual(fault(["PROBA1:00000000:3/2:AAAA"]), ["damaged", []]);
  assert.deepEqual(fault([`PROBA1:00000000:1/1:${"A".repeat(901)}`]), ["damaged", []]);
});

/** The pixels of a drawn code, as a camera gives them. */
function picture(path, size, scale = 3) {
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  Array.from(path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g), (found) => found.slice(1).map(Number)).forEach(([x, y, run]) => {
    for (let row = y * scale; row < (y + 1) * scale; row += 1) {
      for (let column = x * scale; column < (x + run) * scale; column += 1) pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  });
  return { pixels, side };
}

function jsQR() {
  const sandbox = { self: {}, Uint8ClampedArray };
  runInNewContext(readFileSync(join(ROOT, "exams/static/exams/hand_ins/vendor/jsQR.js"), "utf8"), sandbox);
  return sandbox.self.jsQR;
}

test("what is drawn says the frame, to the reader that staff have", () => {
  const read = jsQR();
  const envelope = JSON.stringify({ proba: 1, plain: Array.from({ length: 700 }, (_, i) => (i * 7919) % 1000).join("ж") });
  const longest = `PROBA1:0a1b2c3d:1/8:${"Ab-_".repeat(225)}`;
  const frames = [...framesOf(envelope).slice(-2), longest, framesOf("x")[0]];
  frames.forEach((frame) => {
    const { path, size } = drawing(frame);
    const { pixels, side } = picture(path, size);
    const found = read(pixels, side, side);
    assert.ok(found, `no code found in ${size} modules`);
    assert.equal(found.data, frame);
  });
  // A code of the usual length is of version 17: 85 modules, and 4 white ones on each side.
  assert.equal(drawing(`PROBA1:0a1b2c3d:10/20:${"A".repeat(CHUNK)}`).size, 93);
});

test("staff's collector takes each code once and only from one phone", async () => {
  const envelope = await enclose(PARTS);
  const frames = framesOf(envelope, 200);
  const collector = new Collector();
  assert.equal(collector.complete, false);
  assert.equal(collector.add("WIFI:S:school;;"), "foreign");
  assert.equal(collector.add(frames[2]), "new");
  assert.equal(collector.add(` ${frames[2]}\n`), "known");
  assert.equal(collector.add(framesOf(await enclose(PARTS), 200)[0]), "other");
  assert.deepEqual(collector.missing, frames.map((_, i) => i + 1).filter((n) => n !== 3));
  assert.equal(collector.text(), null);
  shuffled(frames).forEach((frame) => collector.add(frame));
  assert.equal(collector.complete, true);
  assert.equal(collector.text(), frames.join("\n"));
  collector.clear();
  assert.equal(collector.add(frames[0]), "new");
});

test("another way is offered after a minute without an answer, and until everything is delivered", () => {
  const silence = new Silence();
  const says = (unsent, answered, now) => silence.listen({ unsent, answered }, now);
  assert.equal(says(0, 5, 0), false);
  assert.equal(says(2, 5, 90000), false); // unsent from here on
  assert.equal(says(2, 5, 149000), false);
  assert.equal(says(2, 6, 150000), false); // an answer: counted anew
  assert.equal(says(2, 6, 209999), false);
  assert.equal(says(2, 6, 210000), true);
  assert.equal(says(1, 7, 211000), true); // what somebody is reading stays
  assert.equal(says(0, 8, 212000), false);
  assert.equal(says(1, 8, 280000), false);
});

test("the phone knows its own codes: of each hand-in, or of its last event where there is none", async () => {
  const none = await outboxWith([]);
  assert.deepEqual(ownCodes(none), []);
  assert.deepEqual(ownCodes(null), []);
  const open = await outboxWith([{ kind: "seen", item: "ma-1.1" }, { kind: "response", item: "ma-1.1", value: "b" }]);
  assert.deepEqual(ownCodes(open), [receiptCode(open.lines[1])]);
  const left = await outboxWith([{ kind: "seen", item: "ma-1.1" }, { kind: "close" }]);
  assert.deepEqual(ownCodes(left), []); // the other device's code is the sitting's
  const twice = await outboxWith([
    { kind: "hand_in", value: "time" }, { kind: "response", item: "ma-1.1", value: "hand_in" }, { kind: "hand_in", value: "candidate" }, { kind: "close" },
  ]);
  assert.deepEqual(ownCodes(twice), [receiptCode(twice.lines[2]), receiptCode(twice.lines[0])]);
});

test("a code is checked only once the server has everything from here", () => {
  assert.equal(checkedHere(["7KQ-M2F"], "7KQ-M2F", true), "same");
  assert.equal(checkedHere(["AAA-AAA", "7KQ-M2F"], "7KQ-M2F", true), "same");
  assert.equal(checkedHere(["7KQ-M2F"], "7KQ-M2G", true), "other");
  assert.equal(checkedHere(["7KQ-M2F"], "7KQ-M2G", false), "");
  assert.equal(checkedHere(["7KQ-M2F"], "", true), "");
  assert.equal(checkedHere([], "7KQ-M2F", true), "");
});
