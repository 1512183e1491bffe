// @ts-check
// What does this phone keep, and when is it really kept? IndexedDB; a write counts once its transaction is complete.

import { contentKeyName } from "./locking.js";
import { locked, newSitting } from "./sitting_row.js";
import { memoryStore } from "./store_memory.js";

const NAME = "proba-player";
const ROOM = 262144; // more than an exam writes

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const complete = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error || new Error("aborted"));
  transaction.onerror = () => reject(transaction.error);
});

/** @param {IDBFactory} factory @returns {Promise<IDBDatabase>} */
function database(factory) {
  const request = factory.open(NAME, 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("sittings", { keyPath: "id" });
    db.createObjectStore("events", { keyPath: ["sitting", "device", "seq"] });
    db.createObjectStore("papers", { keyPath: "sha256" }).createIndex("sitting", "sitting");
    db.createObjectStore("keys");
  };
  return result(request);
}

/** @param {string} sitting every device and seq of it */
const allOf = (sitting) => IDBKeyRange.bound([sitting], [sitting, []]);

/** @param {IDBDatabase} db @returns {Store} */
function lastingStore(db) {
  const read = (name) => db.transaction(name).objectStore(name);
  // Browsers without the option ignore it; Chrome then still flushes to the operating system.
  const write = (names, strict) => db.transaction(names, "readwrite", { durability: strict ? "strict" : "relaxed" });

  const eraseKeys = (transaction, sitting) => {
    [sitting, contentKeyName(sitting)].forEach((name) => transaction.objectStore("keys").delete(name));
  };

  async function erasePapers(transaction, sitting) {
    const papers = transaction.objectStore("papers");
    const keys = await result(papers.index("sitting").getAllKeys(sitting));
    keys.forEach((key) => papers.delete(key));
  }

  return {
    lasting: true,
    async claim(id) {
      const held = await result(read("sittings").get(id));
      if (held) return held;
      const row = newSitting(id);
      try {
        const transaction = write(["sittings"], true);
        transaction.objectStore("sittings").add(row);
        await complete(transaction);
        return row;
      } catch (refused) {
        // Another tab was faster; or the phone is full, and all of this sitting lives in memory: the page says so.
        return (await result(read("sittings").get(id))) || row;
      }
    },
    async patch(id, patch, strict = true) {
      const transaction = write(["sittings"], strict);
      const done = complete(transaction);
      const rows = transaction.objectStore("sittings");
      const row = await result(rows.get(id));
      if (row) rows.put(Object.assign(row, patch));
      await done;
    },
    sittings: () => result(read("sittings").getAll()),
    async keep(event) {
      const transaction = write(["events"], true);
      transaction.objectStore("events").add(event);
      await complete(transaction);
    },
    events: (sitting) => result(read("events").getAll(allOf(sitting))),
    key: async (name) => (await result(read("keys").get(name))) || null,
    async putKey(name, key) {
      const transaction = write(["keys"], true);
      transaction.objectStore("keys").put(key, name);
      await complete(transaction);
    },
    paper: async (sha256) => (await result(read("papers").get(sha256))) || null,
    async putPaper(paper) {
      const transaction = write(["papers"], true);
      transaction.objectStore("papers").put(paper);
      await complete(transaction);
    },
    async tryOut() {
      const papers = { sha256: "try-out", sitting: "", language: "", iv: null, bytes: "x".repeat(ROOM) };
      try {
        await this.putPaper(papers);
        const transaction = write(["papers"], false);
        transaction.objectStore("papers").delete(papers.sha256);
        await complete(transaction);
        return true;
      } catch (full) {
        return false;
      }
    },
    async lock(sitting) {
      const transaction = write(["sittings", "papers", "keys"], true);
      const done = complete(transaction);
      eraseKeys(transaction, sitting);
      await erasePapers(transaction, sitting);
      const row = await result(transaction.objectStore("sittings").get(sitting));
      if (row) transaction.objectStore("sittings").put(Object.assign(row, locked));
      await done;
    },
    async erase(sitting) {
      const transaction = write(["sittings", "events", "papers", "keys"], true);
      const done = complete(transaction);
      transaction.objectStore("events").delete(allOf(sitting));
      transaction.objectStore("sittings").delete(sitting);
      eraseKeys(transaction, sitting);
      await erasePapers(transaction, sitting);
      await done;
    },
  };
}

/** The lasting store, or one in memory where the browser refuses (private window, storage full or switched off). */
export async function openStore() {
  try {
    return lastingStore(await database(indexedDB));
  } catch (refused) {
    return memoryStore();
  }
}

/** Asks that nothing is evicted; only where the browser decides by itself, for no dialog may open unasked. */
export function askToKeep() {
  if ("userAgentData" in navigator && navigator.storage && navigator.storage.persist) navigator.storage.persist();
}
