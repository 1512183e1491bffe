// @ts-check
// Where do the items come from? From this phone, else from the server; both languages, each checked by its hash.

import { hex, text } from "./bytes.js";
import { sha256 } from "./sha256.js";

export class Papers {
  /** @param {Store} store  @param {Port} port  @param {string} sitting */
  constructor(store, port, sitting) {
    this.store = store;
    this.port = port;
    this.sitting = sitting;
    /** @type {Object<string, Paper>} by language */
    this.ready = {};
  }

  /** The paper in this language; until it is here, the one that is. @param {string} language */
  in(language) {
    return this.ready[language] || this.ready[Object.keys(this.ready)[0]] || null;
  }

  /**
   * @param {string} language  @param {Opened} opened
   * @throws {Error} no network and not on this phone, or bytes that are not what was announced
   */
  async load(language, opened) {
    if (this.ready[language] || !opened.papers[language]) return;
    const wanted = opened.papers[language].sha256;
    const held = await this.store.paper(wanted);
    const source = held ? held.text : await this.fetched(wanted, opened.ticket);
    this.ready[language] = JSON.parse(source);
    if (held) return;
    try {
      await this.store.putPaper({ sha256: wanted, sitting: this.sitting, language, text: source });
    } catch (full) { /* storage is full: the paper is in memory, and is fetched again after a reload */ }
  }

  /** @param {string} wanted  @param {string} ticket */
  async fetched(wanted, ticket) {
    const bytes = await this.port.loadPaper(ticket, wanted);
    if (hex(sha256(new Uint8Array(bytes))) !== wanted) throw new Error("the paper arrived damaged");
    return text(bytes);
  }
}
