// A player without a page: store and clock in memory, an intake in memory, papers locked as the server locks them, and a
// Cache API that holds what the service worker would have fetched.

import "./browser_globals.js";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { fromBase64 } from "../../exams/static/exams/js/player/bytes.js";
import { Clock } from "../../exams/static/exams/js/player/clock.js";
import { Papers } from "../../exams/static/exams/js/player/papers.js";
import { Player } from "../../exams/static/exams/js/player/player.js";
import { PortError } from "../../exams/static/exams/js/player/port.js";
import { memoryStore } from "../../exams/static/exams/js/player/store_memory.js";
import { IntakePeer } from "./intake_peer.js";

export const vector = JSON.parse(readFileSync(new URL("../../fixtures/vectors/locking.json", import.meta.url), "utf8"));
export const SERVER = 1790000000000;
export const MINUTE = 60000;
export const VAULT = Buffer.alloc(32, 7).toString("base64");
const PAPER = createHash("sha256").update(vector.document).digest("hex");

/** The cache of locked papers, by name. @param {Map<string, Uint8Array>} files */
export function papersCache(files) {
  const path = (name) => `https://exam.example/x/1/locked/${name}`;
  const cache = {
    match: async (url) => { const bytes = files.get(url.split("/").pop()); return bytes && new Response(bytes); },
    keys: async () => Array.from(files.keys(), (name) => ({ url: path(name) })),
    delete: async (request) => files.delete(request.url.split("/").pop()),
  };
  return { open: async () => cache };
}

/** A reply of open for a sitting that waits to be started. */
export function openedReply(sitting = {}, more = {}) {
  return Object.assign({
    ticket: "t1", epoch: 1, server_now: SERVER, store_generation: "g1",
    sitting: Object.assign({
      id: "s", state: "ready", purpose: "trial", form: "f", title: { sr: "Проба", en: "Trial" }, limit_seconds: 3600, time_percent: 100,
      granted_seconds: 0, opens_at: SERVER - MINUTE, closes_at: null, started_at: null, ends_at: null, paused_at: null, handed_in_cause: "",
    }, sitting),
    candidate: { given_name: "Ана", family_name: "Анић", class: "8-1" },
    papers: { sr: { sha256: PAPER, bytes: vector.document.length } },
    locked: { sr: { sha256: vector.locked_sha256, bytes: 1 } }, unlock: vector.wrapped, content_key: null, announcement: null,
    responses: {}, seen: [], flags: [], acked_upto: 0, receipt: null,
  }, more);
}

/** A phone with a sitting open; `time` is in the test's hands. */
export async function phone({ opened = openedReply(), store = memoryStore(), files = new Map([[vector.locked_sha256, fromBase64(vector.locked)]]), key = null, fresh = true } = {}) {
  globalThis.caches = papersCache(files);
  const time = { mono: 1000, wall: SERVER };
  const clock = new Clock({ mono: () => time.mono, wall: () => time.wall, id: "c1" });
  clock.anchor(SERVER, time.mono, time.mono);
  const peer = new IntakePeer();
  peer.state = opened.sitting.state;
  peer.endsAt = opened.sitting.ends_at;
  peer.opensAt = opened.sitting.opens_at;
  peer.now = SERVER;
  const papersAsked = [];
  const port = {
    save: (ticket, body) => peer.save(ticket, body),
    loadPaper: async (ticket, sha256) => { papersAsked.push(sha256); throw new PortError(0, "network"); },
  };
  const row = await store.claim("s");
  const player = new Player({
    store, port, clock, config: {}, papers: new Papers(store, port, "s"), tabs: {}, waiting: {},
    render: () => undefined, renderStatus: () => undefined, renew: async () => false, askCard: () => undefined,
  }, row);
  await player.begin(opened, key, fresh);
  const pass = (ms) => { time.mono += ms; time.wall += ms; };
  /** One exchange with the server, as it is now. */
  const contact = async () => {
    player.sync.failures = 0;
    await player.outbox.writing;
    await player.sync.turn();
  };
  const end = () => player.sync.stop();
  return { player, peer, store, clock, time, pass, contact, papersAsked, files, end };
}
