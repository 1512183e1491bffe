// @ts-check
// Where do events go on a phone whose browser keeps nothing? Into memory: the page says so before the start,
// and what is sent early is all that survives the page. The same contract as the lasting store.

import { contentKeyName } from "./locking.js";
import { locked, newSitting } from "./sitting_row.js";

/** @returns {Store} */
export function memoryStore() {
  /** @type {Map<string, SittingRow>} */
  const sittings = new Map();
  /** @type {KeptEvent[]} */
  let events = [];
  /** @type {Map<string, PaperRow>} */
  const papers = new Map();
  /** @type {Map<string, CryptoKey>} */
  const keys = new Map();

  const forgetKeys = (sitting) => {
    keys.delete(sitting);
    keys.delete(contentKeyName(sitting));
  };

  const forgetPapers = (sitting) => {
    Array.from(papers.values()).forEach((paper) => paper.sitting === sitting && papers.delete(paper.sha256));
  };

  return {
    lasting: false,
    async claim(id) {
      const row = sittings.get(id) || newSitting(id);
      sittings.set(id, row);
      return Object.assign({}, row);
    },
    async patch(id, patch) {
      const row = sittings.get(id);
      if (row) sittings.set(id, Object.assign({}, row, patch));
    },
    sittings: async () => Array.from(sittings.values()),
    async keep(event) {
      const same = (other) => other.sitting === event.sitting && other.device === event.device && other.seq === event.seq;
      if (events.some(same)) throw new Error("this event is kept already");
      events.push(event);
    },
    events: async (sitting) => events.filter((event) => event.sitting === sitting).sort((a, b) => (
      a.device < b.device ? -1 : a.device > b.device ? 1 : a.seq - b.seq
    )),
    key: async (name) => keys.get(name) || null,
    async putKey(name, key) { keys.set(name, key); },
    paper: async (sha256) => papers.get(sha256) || null,
    async putPaper(paper) { papers.set(paper.sha256, paper); },
    tryOut: async () => true,
    async lock(sitting) {
      forgetKeys(sitting);
      forgetPapers(sitting);
      const row = sittings.get(sitting);
      if (row) sittings.set(sitting, Object.assign({}, row, locked));
    },
    async erase(sitting) {
      sittings.delete(sitting);
      forgetKeys(sitting);
      forgetPapers(sitting);
      events = events.filter((event) => event.sitting !== sitting);
    },
  };
}
