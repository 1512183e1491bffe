// Is a phone called fit exactly when nothing stands between it and the exam, and is everything else said?

import "./browser_globals.js";
import assert from "node:assert/strict";
import test from "node:test";

import { browserName, examine, problemsOf, tooOld } from "../../exams/static/exams/js/player/device_check.js";
import { Clock } from "../../exams/static/exams/js/player/clock.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { papersCache, vector } from "./player_peer.js";

const ANDROID = "Mozilla/5.0 (Linux; Android 8.1.0; SM-J530F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.45 Mobile Safari/537.36";
const SAMSUNG = "Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/16.0 Chrome/92.0.4515.166 Mobile Safari/537.36";
const EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91";
const FIREFOX = "Mozilla/5.0 (Android 10; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1";

const fit = { browser: "Chrome 96", secure: true, storage: "lasting", persisted: true, free_mb: 500, clock_ms: 0, rtt_ms: 80, papers: 2, opens: true, problems: [] };
const fine = { old: false, wanted: 2, written: true };
const problems = (report, more) => problemsOf(Object.assign({}, fit, report), Object.assign({}, fine, more));

test("nothing to complain about: fit", () => {
  assert.deepEqual(problems(), []);
  assert.deepEqual(problems({ free_mb: null, rtt_ms: null, clock_ms: null, persisted: null }), []);
});

test("a wrong date is told and is not a problem", () => {
  assert.deepEqual(problems({ clock_ms: 86400000 }), []);
});

test("each problem by itself", () => {
  assert.deepEqual(problems({ storage: "memory" }), ["no_storage"]);
  assert.deepEqual(problems({ free_mb: 19 }), ["little_space"]);
  assert.deepEqual(problems({}, { written: false }), ["little_space"]);
  assert.deepEqual(problems({}, { old: true }), ["old_browser"]);
  assert.deepEqual(problems({ opens: false }), ["no_crypto"]);
  assert.deepEqual(problems({ papers: 1 }), ["no_papers"]);
  assert.deepEqual(problems({ rtt_ms: 4001 }), ["slow_network"]);
});

test("plain HTTP is one problem and not three; the worst comes first", () => {
  assert.deepEqual(problems({ secure: false, opens: false, papers: 0 }), ["no_crypto"]);
  assert.deepEqual(problems({ free_mb: 1, papers: 0 }), ["little_space"]);
  assert.deepEqual(problems({ storage: "memory", papers: 0, rtt_ms: 9000 }, { written: false }), ["no_storage", "slow_network"]);
});

test("browsers by the names people know", () => {
  assert.deepEqual([ANDROID, SAMSUNG, EDGE, FIREFOX, IPHONE, "curl/8"].map(browserName), ["Chrome 96", "SamsungBrowser 16", "Edg 120", "Firefox 121", "Safari 12", "?"]);
});

test("too old by what a browser is built on; what nobody knows is given a chance", () => {
  assert.deepEqual([ANDROID, SAMSUNG, EDGE, FIREFOX, "curl/8"].map(tooOld), [false, false, false, false, false]);
  assert.equal(tooOld(IPHONE), true);
  assert.equal(tooOld(ANDROID.replace("Chrome/96", "Chrome/79")), true);
  assert.equal(tooOld(ANDROID.replace("Chrome/96", "Chrome/80")), false);
  assert.equal(tooOld(FIREFOX.replace(/121/g, "73")), true);
});

test("what a phone reports: looked at, not assumed", async () => {
  const files = new Map([[vector.locked_sha256, Buffer.from(vector.locked, "base64")]]);
  const surroundings = { caches: papersCache(files), navigator: { userAgent: ANDROID, storage: { estimate: async () => ({ quota: 300 * 1048576, usage: 100 * 1048576 }), persisted: async () => false } }, window: { isSecureContext: true } };
  const before = Object.keys(surroundings).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  Object.entries(surroundings).forEach(([name, value]) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true }));
  try {
    const time = { mono: 0, wall: 1790003600000 };
    const clock = new Clock({ mono: () => time.mono, wall: () => time.wall, id: "c" });
    const lasting = Object.assign(memoryStore(), { lasting: true });
    const names = [vector.locked_sha256, "f".repeat(64)];
    const unanchored = await examine({ store: lasting, clock, files: names });
    assert.deepEqual([unanchored.clock_ms, unanchored.rtt_ms], [null, null]);
    clock.anchor(1790000000000, 0, 0);
    const report = await examine({ store: lasting, clock, files: names });
    assert.deepEqual(report, {
      browser: "Chrome 96", secure: true, storage: "lasting", persisted: false, free_mb: 200, clock_ms: 3600000, rtt_ms: 0,
      papers: 1, opens: true, problems: ["no_papers"],
    });
    files.set("f".repeat(64), Buffer.from("not what its name says"));
    assert.equal((await examine({ store: lasting, clock, files: names })).papers, 1, "a damaged file does not count");
    lasting.tryOut = async () => false;
    assert.deepEqual((await examine({ store: lasting, clock, files: names.slice(0, 1) })).problems, ["little_space"]);
    assert.deepEqual((await examine({ store: memoryStore(), clock, files: [] })).problems, ["no_storage"]);
  } finally {
    before.forEach(([name, old]) => (old ? Object.defineProperty(globalThis, name, old) : delete globalThis[name]));
  }
});
