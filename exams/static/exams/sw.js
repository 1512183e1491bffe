// @ts-check
// What does the phone show when there is no network? The server puts two lines before this file:
//   const RELEASE = "…";  const SHELL = ["/sit/shell/", "/offline/", "/static/…", …];
// A new worker waits until no page of ours is open: an exam keeps the files it began with.
/* global RELEASE, SHELL */

const CACHE = `proba-${RELEASE}`;
const PAPERS = "proba-papers"; // locked papers: no release of ours makes them old
const LOCKED = "/x/1/locked/";
const PLAYER = "/sit/shell/"; // one shell for all sittings; it holds nothing about a pupil
const OFFLINE = "/offline/";
const PATIENCE = 10000; // a page that takes longer than this has no network worth the name

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const older = names.filter((name) => name.startsWith("proba-") && name !== CACHE && name !== PAPERS); // in the order they were made
    // The last of them stays: on a reload Chrome may let a new worker in while the page of the old one is still loading.
    await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim(); // the very first visit can already be reloaded without a network
  })());
});

/** Files whose names hold their hash never change: whichever release kept them. */
async function kept(request) {
  const found = await caches.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

/** What this release keeps under an address, failing that what another one does. */
async function newest(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) || caches.match(path);
}

async function player(request) {
  return (await newest(PLAYER)) || fetch(request);
}

/** Pages come from the server; none is kept, because phones are shared. */
async function page(request) {
  let timer = 0;
  const tooLong = new Promise((resolve, reject) => { timer = setTimeout(reject, PATIENCE); });
  try {
    return await Promise.race([fetch(request), tooLong]);
  } catch (unreachable) {
    return (await newest(OFFLINE)) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

/** Is this file what its name says? A locked paper is named by the SHA-256 of its bytes. */
async function whole(response, name) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === name;
}

/** Keeps one locked paper; what is here and whole is not fetched again, what is damaged is thrown away. */
async function keepPaper(name) {
  const cache = await caches.open(PAPERS);
  const held = await cache.match(LOCKED + name);
  if (held && await whole(held, name)) return;
  await cache.delete(LOCKED + name);
  for (let tries = 0; tries < 3; tries += 1) {
    const response = await fetch(LOCKED + name, { cache: "no-store", credentials: "omit" }); // no other cache can hold a damaged one
    if (!response.ok) return;
    if (await whole(response.clone(), name)) {
      await cache.put(LOCKED + name, response);
      return;
    }
  }
}

const fetching = new Map(); // two pages may ask for the same file

function paper(name) {
  if (!fetching.has(name)) {
    fetching.set(name, keepPaper(name).catch(() => undefined).then(() => fetching.delete(name)));
  }
  return fetching.get(name);
}

/** One after the other: each that is here is one less to fetch, whatever happens to the next. */
self.addEventListener("message", (event) => {
  const names = event.data && event.data.papers;
  if (!Array.isArray(names)) return;
  event.waitUntil((async () => {
    for (const name of names) await paper(name);
    event.ports[0].postMessage("done");
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/x/")) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(kept(request));
  else if (request.mode === "navigate" && /^\/sit\/[^/]+\/$/.test(url.pathname)) event.respondWith(player(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
