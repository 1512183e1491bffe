// @ts-check
// Which locked papers lie on this phone, whole? The service worker fetches them, file by file; a file counts when its
// bytes have the hash that names it, and that is looked at anew every time somebody asks.

import { hex } from "./bytes.js";
import { within } from "./patience.js";
import { sha256 } from "./sha256.js";

const CACHE = "proba-papers"; // the name the worker uses; kept over releases
const LOCKED = "/x/1/locked/";
const PATIENCE = 120000; // a worker of an earlier release does not know what is asked

/** Of every language. @param {Opened | null} opened  @returns {string[]} */
export function fileNames(opened) {
  const locked = (opened && opened.locked) || {};
  return Object.keys(locked).map((language) => locked[language].sha256);
}

/** Without a secure context, or with storage switched off, a page has no caches. */
async function papers() {
  if (typeof caches === "undefined") return null;
  try { return await caches.open(CACHE); } catch (refused) { return null; }
}

/** @param {string} name  @returns {Promise<Uint8Array | null>} null: not here, or not what it should be */
export async function lockedFile(name) {
  const cache = await papers();
  const found = cache && await cache.match(LOCKED + name);
  if (!found) return null;
  const bytes = new Uint8Array(await found.arrayBuffer());
  return hex(sha256(bytes)) === name ? bytes : null;
}

/** @param {string[]} names  @returns {Promise<string[]>} those that are here */
export async function filesHere(names) {
  const here = [];
  for (const name of names) if (await lockedFile(name)) here.push(name);
  return here;
}

/** Can the code begin this sitting here: are a locked paper and its wrapped key on this phone? @param {Opened | null} opened */
export async function unlockable(opened) {
  if (!opened || !opened.unlock || opened.sitting.state !== "ready") return false;
  if (typeof crypto === "undefined" || !crypto.subtle || typeof DecompressionStream === "undefined") return false;
  return (await filesHere(fileNames(opened))).length > 0;
}

/** The worker goes on fetching when this page is left. @param {ServiceWorker} worker  @param {string[]} names */
const ask = (worker, names) => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    resolve(undefined);
  };
  worker.postMessage({ papers: names }, [channel.port2]);
});

/** Is something to be fetched, and somewhere to put it? @param {Store} store  @param {string[]} names */
export async function shouldFetch(store, names) {
  if (!store.lasting || !("serviceWorker" in navigator) || (await filesHere(names)).length === names.length) return false;
  return store.tryOut();
}

/**
 * Fetches what is missing; where no service worker can be had, nothing.
 * @param {string[]} names
 * @returns {Promise<string[]>} those that are here now
 */
export async function bringFiles(names) {
  const here = await filesHere(names);
  if (here.length === names.length || !("serviceWorker" in navigator)) return here;
  // A phone without room for the worker's own files never gets a worker.
  const registration = await within(navigator.serviceWorker.ready, PATIENCE);
  if (registration && registration.active) await within(ask(registration.active, names), PATIENCE);
  return filesHere(names);
}

/** Files of sittings that are no longer on this phone go. @param {string[]} names those that stay */
export async function keepOnly(names) {
  const cache = await papers();
  if (!cache) return;
  for (const request of await cache.keys()) {
    const name = request.url.slice(request.url.lastIndexOf("/") + 1);
    if (names.indexOf(name) < 0) await cache.delete(request);
  }
}
