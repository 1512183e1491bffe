// Does the worker fetch locked papers file by file, believe only whole ones, and leave a running exam its files?

import "./browser_globals.js";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const SOURCE = readFileSync(new URL("../../exams/static/exams/sw.js", import.meta.url), "utf8");
const ORIGIN = "https://exam.example";
const nameOf = (bytes) => createHash("sha256").update(bytes).digest("hex");
const FILES = ["one", "two", "three"].map((word) => Buffer.from(`locked paper ${word}`));
const NAMES = FILES.map(nameOf);

/** The Cache API as far as the worker uses it, over plain maps. */
function cacheStorage() {
  const all = new Map();
  const path = (request) => new URL(typeof request === "string" ? request : request.url, ORIGIN).pathname;
  const open = async (name) => {
    if (!all.has(name)) all.set(name, new Map());
    const held = all.get(name);
    return {
      match: async (request) => held.has(path(request)) ? new Response(held.get(path(request))) : undefined,
      put: async (request, response) => { held.set(path(request), Buffer.from(await response.arrayBuffer())); },
      delete: async (request) => held.delete(path(request)),
      addAll: async (urls) => { for (const url of urls) held.set(path(url), Buffer.from(`shell ${url}`)); },
    };
  };
  return {
    all, open,
    keys: async () => Array.from(all.keys()),
    delete: async (name) => all.delete(name),
    match: async (request) => {
      for (const held of all.values()) if (held.has(path(request))) return new Response(held.get(path(request)));
      return undefined;
    },
  };
}

/** A worker of one release. `serve(path)` gives the bytes of a file, null for 404, or throws without a network. */
function worker(release, caches, serve) {
  const listeners = {};
  const fetched = [];
  const said = [];
  const self = {
    addEventListener: (kind, listener) => { listeners[kind] = listener; },
    location: { origin: ORIGIN },
    clients: { claim: async () => { said.push("claim"); } },
    skipWaiting: () => { said.push("skipWaiting"); },
  };
  const fetch = async (request, options) => {
    const path = new URL(typeof request === "string" ? request : request.url, ORIGIN).pathname;
    fetched.push({ path, options });
    const bytes = serve(path);
    return bytes === null ? new Response("", { status: 404 }) : new Response(bytes);
  };
  vm.runInNewContext(`const RELEASE = "${release}"; const SHELL = ["/sit/shell/", "/offline/", "/static/main.${release}.js"];\n${SOURCE}`, {
    self, caches, fetch, crypto: globalThis.crypto, URL, Response, Uint8Array, Array, Map, Promise, setTimeout, clearTimeout,
  });
  const happen = async (kind, event = {}) => {
    const waiting = [];
    let reply;
    listeners[kind](Object.assign({ waitUntil: (promise) => waiting.push(promise), respondWith: (promise) => { reply = promise; } }, event));
    await Promise.all(waiting);
    return reply;
  };
  const ask = async (names) => {
    const replies = [];
    await happen("message", { data: { papers: names }, ports: [{ postMessage: (reply) => replies.push(reply) }] });
    return replies;
  };
  const paths = () => fetched.map((one) => one.path);
  return { happen, ask, fetched, paths, said };
}

const served = (path) => FILES[NAMES.indexOf(path.slice(path.lastIndexOf("/") + 1))] || null;
const kept = (caches) => Array.from((caches.all.get("proba-papers") || new Map()).keys(), (path) => path.split("/").pop());

test("every file once, one after the other, past every other cache", async () => {
  const caches = cacheStorage();
  const sw = worker("r1", caches, served);
  assert.deepEqual(await sw.ask(NAMES), ["done"]);
  assert.deepEqual(sw.paths(), NAMES.map((name) => `/x/1/locked/${name}`));
  assert.equal(sw.fetched[0].options.cache, "no-store");
  assert.deepEqual(kept(caches), NAMES);
  await sw.ask(NAMES);
  assert.equal(sw.fetched.length, 3, "what is here is not fetched again");
});

test("a network that goes away in the middle costs only the rest", async () => {
  const caches = cacheStorage();
  const sw = worker("r1", caches, (path) => {
    if (path.endsWith(NAMES[1])) throw new TypeError("no network");
    return served(path);
  });
  assert.deepEqual(await sw.ask(NAMES.slice(0, 2)), ["done"]);
  assert.deepEqual(kept(caches), [NAMES[0]]);
  const later = worker("r1", caches, served);
  await later.ask(NAMES);
  assert.deepEqual(later.paths(), [NAMES[1], NAMES[2]].map((name) => `/x/1/locked/${name}`));
  assert.deepEqual(kept(caches).sort(), NAMES.slice().sort());
});

test("a damaged file is thrown away and fetched again, and only that one", async () => {
  const caches = cacheStorage();
  const sw = worker("r1", caches, served);
  await sw.ask(NAMES);
  caches.all.get("proba-papers").set(`/x/1/locked/${NAMES[1]}`, FILES[1].subarray(0, 5));
  await sw.ask(NAMES);
  assert.deepEqual(sw.paths().slice(3), [`/x/1/locked/${NAMES[1]}`]);
  assert.deepEqual(caches.all.get("proba-papers").get(`/x/1/locked/${NAMES[1]}`), FILES[1]);
});

test("a file that arrives damaged never counts; it is tried three times and then left for later", async () => {
  const caches = cacheStorage();
  let bad = 2;
  const sw = worker("r1", caches, (path) => (path.endsWith(NAMES[0]) && bad-- > 0 ? Buffer.from("something else") : served(path)));
  await sw.ask([NAMES[0]]);
  assert.equal(sw.fetched.length, 3);
  assert.deepEqual(kept(caches), [NAMES[0]]);
  const worse = cacheStorage();
  const never = worker("r1", worse, () => Buffer.from("something else"));
  assert.deepEqual(await never.ask([NAMES[0], NAMES[1]]), ["done"]);
  assert.equal(never.fetched.length, 6);
  assert.deepEqual(kept(worse), []);
});

test("two pages that ask at once get one fetch", async () => {
  const caches = cacheStorage();
  const sw = worker("r1", caches, served);
  await Promise.all([sw.ask(NAMES), sw.ask(NAMES)]);
  assert.deepEqual(sw.paths().sort(), NAMES.map((name) => `/x/1/locked/${name}`).sort());
});

test("a new release waits: until the old one's pages are closed, an exam gets the files it began with", async () => {
  const caches = cacheStorage();
  const old = worker("r1", caches, served);
  await old.happen("install");
  await old.happen("activate");
  await old.ask(NAMES);
  const next = worker("r2", caches, served);
  await next.happen("install");
  assert.deepEqual(next.said, [], "it never takes over by itself");
  const shell = () => old.happen("fetch", { request: { method: "GET", url: `${ORIGIN}/sit/1b7e/`, mode: "navigate" } });
  assert.equal(await (await shell()).text(), "shell /sit/shell/");
  const script = await old.happen("fetch", { request: { method: "GET", url: `${ORIGIN}/static/main.r1.js`, mode: "cors" } });
  assert.equal(await (await script).text(), "shell /static/main.r1.js");
  await next.happen("activate");
  assert.deepEqual(Array.from(caches.all.keys()).sort(), ["proba-papers", "proba-r1", "proba-r2"], "a page may still be loading");
  assert.equal(await (await next.happen("fetch", { request: { method: "GET", url: `${ORIGIN}/static/main.r1.js`, mode: "cors" } })).text(), "shell /static/main.r1.js");
  const last = worker("r3", caches, served);
  await last.happen("install");
  await last.happen("activate");
  assert.deepEqual(Array.from(caches.all.keys()).sort(), ["proba-papers", "proba-r2", "proba-r3"]);
  assert.deepEqual(kept(caches), NAMES, "locked papers outlive a release");
});

test("what goes to the intake is not the worker's business", async () => {
  const sw = worker("r1", cacheStorage(), served);
  for (const path of ["/x/1/save", `/x/1/locked/${NAMES[0]}`, "/x/1/papers/aa"]) {
    assert.equal(await sw.happen("fetch", { request: { method: "GET", url: ORIGIN + path, mode: "cors" } }), undefined);
  }
});

test("messages of another kind are left alone", async () => {
  const sw = worker("r1", cacheStorage(), served);
  await sw.happen("message", { data: "hello", ports: [] });
  await sw.happen("message", { data: null, ports: [] });
  assert.deepEqual(sw.fetched, []);
});
