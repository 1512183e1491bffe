// @ts-check
// What has this device to tell the server, in which order, and what of it is kept? One append-only chain per
// (sitting, device); nothing in it is ever changed, and nothing is removed before the sitting is sealed.

import { forgetAside, putAside, takenAside } from "./aside.js";
import { base32, base64url, utf8 } from "./bytes.js";
import { sha256 } from "./sha256.js";
import { seal, unseal } from "./vault.js";

export const MAX_EVENT = 8192;

/** What `prev` of the first event is the hash of. @param {string} sitting  @param {string} device */
export const chainStart = (sitting, device) => `proba/1/${sitting}/${device}`;

/** @param {string} line the exact bytes of an event, as text */
export const chainHash = (line) => base64url(sha256(utf8(line)));

/** The receipt's code, computable on phone and server alike. @param {string} line of the hand-in */
export function receiptCode(line) {
  const code = base32(sha256(utf8(line)));
  return `${code.slice(0, 3)}-${code.slice(3, 6)}`;
}

export class Outbox {
  /**
   * @param {{store: Store, sitting: string, device: string, key: CryptoKey | null,
   *          clock: {reading: () => {clock: string, mono: number, wall: number}}}} parts
   */
  constructor(parts) {
    this.store = parts.store;
    this.sitting = parts.sitting;
    this.device = parts.device;
    this.key = parts.key;
    this.clock = parts.clock;
    this.epoch = 1;
    /** @type {string[]} line of seq n at n − 1 */
    this.lines = [];
    this.kept = 0; // highest seq whose transaction is complete
    this.failed = false; // the phone refused a write: lines live in memory until the server has them
    this.writing = Promise.resolve();
    this.holding = false; // something is put aside
  }

  get last() {
    return this.lines.length;
  }

  /**
   * Reads what an earlier page load kept.
   * @returns {Promise<boolean>} false: lines are here that this key cannot read, or the chain is torn
   */
  async load() {
    const rows = (await this.store.events(this.sitting)).filter((row) => row.device === this.device);
    const lines = await Promise.all(rows.map((row) => unseal(this.key, row)));
    let prev = chainHash(chainStart(this.sitting, this.device));
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i];
      if (line === null || rows[i].seq !== i + 1 || JSON.parse(line).prev !== prev) return false;
      prev = chainHash(line);
    }
    this.lines = /** @type {string[]} */ (lines);
    this.kept = lines.length;
    await this.resume(prev);
    return true;
  }

  /** Takes up what the last page put aside, as far as it goes on from the chain. @param {string} prev its hash so far */
  async resume(prev) {
    const rest = takenAside(this.sitting);
    const lines = rest && rest.device === this.device && rest.after <= this.last ? rest.lines.slice(this.last - rest.after) : [];
    for (const line of lines) {
      if (JSON.parse(line).prev !== prev) break;
      prev = chainHash(line);
      this.lines.push(line);
      await this.write(this.last, line);
    }
    if (!this.failed) forgetAside(this.sitting);
  }

  /** The page may be going away: what is not written yet goes aside at once. */
  hold() {
    if (this.failed || this.kept === this.last) return;
    this.holding = true;
    putAside(this.sitting, { device: this.device, after: this.kept, lines: this.lines.slice(this.kept) });
  }

  /** @returns {OutboxEvent[]} */
  events() {
    return this.lines.map((line) => JSON.parse(line));
  }

  /** @param {Kind} kind */
  has(kind) {
    return this.lines.some((line) => line.indexOf(`"kind":"${kind}"`) > 0 && JSON.parse(line).kind === kind);
  }

  /**
   * Takes a happening into the chain at once and writes it down.
   * @param {Happening} happening
   * @returns {{seq: number, line: string, kept: Promise<boolean>}} kept: true once the phone has it for good
   */
  append(happening) {
    const seq = this.last + 1;
    const before = seq === 1 ? chainStart(this.sitting, this.device) : this.lines[seq - 2];
    const line = JSON.stringify(Object.assign(
      { seq, epoch: this.epoch }, happening, this.clock.reading(), { prev: chainHash(before) },
    ));
    if (utf8(line).length > MAX_EVENT) throw new RangeError("event too large");
    this.lines.push(line);
    const kept = this.writing.then(() => this.write(seq, line));
    this.writing = kept.then(() => undefined);
    return { seq, line, kept };
  }

  /** @param {number} seq  @param {string} line */
  async write(seq, line) {
    if (this.failed) return false;
    try {
      const sealed = await seal(this.key, line);
      await this.store.keep({ sitting: this.sitting, device: this.device, seq, iv: sealed.iv, bytes: sealed.bytes });
      this.kept = seq;
      if (this.holding && seq === this.last) {
        this.holding = false;
        forgetAside(this.sitting);
      }
      return true;
    } catch (refused) {
      // A hole would tear the chain on the next load, so later lines stay in memory as well.
      this.failed = true;
      return false;
    }
  }

  /**
   * The highest seq that may be sent. A line the phone could still forget must not reach the server first,
   * or the next load would say something else under the same seq; unless the phone cannot keep it at all.
   */
  get sendable() {
    return this.failed ? this.last : this.kept;
  }

  /** The last one: time may have been added after an earlier. */
  handIn() {
    const found = this.lines.map((line, i) => ({ seq: i + 1, line })).filter((one) => JSON.parse(one.line).kind === "hand_in");
    return found.length ? found[found.length - 1] : null;
  }
}
