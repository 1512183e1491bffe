// @ts-check
// Where do the items come from? From what this phone has read before, else from the locked file it fetched ahead, else
// from the server in clear; both languages, each checked by its hash.

import { hex, text } from "./bytes.js";
import { lockedFile } from "./locked_files.js";
import { contentKey, contentKeyName, openLocked } from "./locking.js";
import { sha256 } from "./sha256.js";
import { seal, unseal } from "./vault.js";

/** Are the papers of all languages on this phone? @param {Store} store  @param {Opened} opened */
export async function papersHere(store, opened) {
  const wanted = Object.keys(opened.papers).map((language) => opened.papers[language].sha256);
  for (const name of wanted) if (!(await store.paper(name))) return false;
  return wanted.length > 0;
}

export class Papers {
  /** @param {Store} store  @param {Port} port  @param {string} sitting */
  constructor(store, port, sitting) {
    this.store = store;
    this.port = port;
    this.sitting = sitting;
    /** @type {CryptoKey | null} what papers are kept under here, like the outbox */
    this.vault = null;
    /** @type {CryptoKey | null} what opens the locked files */
    this.content = null;
    /** @type {Object<string, Paper>} by language */
    this.ready = {};
  }

  /** The paper in this language; until it is here, the one that is. @param {string} language */
  in(language) {
    return this.ready[language] || this.ready[Object.keys(this.ready)[0]] || null;
  }

  /** The server has released the content key. @param {string | null | undefined} released base64 */
  async release(released) {
    const key = released ? await contentKey(released) : null;
    if (key) await this.take(key);
  }

  /** Kept, so that a reload without a network finds the way in again. @param {CryptoKey} key */
  async take(key) {
    this.content = key;
    try {
      await this.store.putKey(contentKeyName(this.sitting), key);
    } catch (full) { /* papers are kept as well; failing both, the server is asked */ }
  }

  /**
   * @param {string} language  @param {Opened} opened
   * @throws {Error} no network and not on this phone, or bytes that are not what was announced
   */
  async load(language, opened) {
    if (this.ready[language] || !opened.papers[language]) return;
    const { sha256: wanted } = opened.papers[language];
    const held = await this.store.paper(wanted);
    const before = held && await unseal(this.vault, held);
    const source = before || (await this.unlocked(language, opened)) || (await this.fetched(wanted, opened.ticket));
    this.ready[language] = JSON.parse(source);
    if (before) return;
    try {
      const sealed = await seal(this.vault, source);
      await this.store.putPaper({ sha256: wanted, sitting: this.sitting, language, iv: sealed.iv, bytes: sealed.bytes });
    } catch (full) { /* storage is full: the paper is in memory, and is opened or fetched again after a reload */ }
  }

  /**
   * From the file that was fetched ahead; null: it is not here, damaged, or this browser or key cannot open it.
   * @param {string} language  @param {Opened} opened  @param {CryptoKey | null} [key]
   */
  async unlocked(language, opened, key = this.content) {
    const locked = (opened.locked || {})[language];
    const opens = key || await this.store.key(contentKeyName(this.sitting));
    const file = locked && opens ? await lockedFile(locked.sha256) : null;
    const document = file && opens ? await openLocked(opens, file) : null;
    return document && hex(sha256(document)) === opened.papers[language].sha256 ? text(document) : null;
  }

  /** Does this key open any of the papers here? @param {CryptoKey} key  @param {Opened} opened */
  async opensWith(key, opened) {
    for (const language of Object.keys(opened.papers)) if (await this.unlocked(language, opened, key)) return true;
    return false;
  }

  /** @param {string} wanted  @param {string} ticket */
  async fetched(wanted, ticket) {
    const bytes = await this.port.loadPaper(ticket, wanted);
    if (hex(sha256(new Uint8Array(bytes))) !== wanted) throw new Error("the paper arrived damaged");
    return text(bytes);
  }
}
