// @ts-check
// When does what waits in the outbox go to the server? Soon after every change, at once on leaving, and again
// and again until it is acknowledged: there is no last attempt, and no stop near the end of the sitting.

import { MAX_BODY, MAX_EVENTS, MAX_LEAVING, NOTHING_SENT, advance, compose, owed } from "./batch.js";

const SOON = 2000;
const CEILING = 5000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60000;
const HEARTBEAT = 60000;
const LONGEST_WITHOUT_NETWORK = 15000; // an attempt costs nothing then, and no browser's "online" is to be relied on

/**
 * @typedef {Object} Parts
 * @property {Port} port
 * @property {Outbox} outbox
 * @property {{reading: () => {clock: string, mono: number, wall: number}}} clock
 * @property {{set: (run: () => void, ms: number) => any, clear: (timer: any) => void, now: () => number}} timers
 * @property {() => number} random
 * @property {() => string} ticket
 * @property {(saved: Saved) => void} onSaved
 * @property {() => Promise<boolean>} renew a ticket was refused: true if there is a new one now
 * @property {() => number} [pace] ms between heartbeats when there is nothing to send, on average
 * @property {() => number} [notice] id of the latest announcement that was shown here
 * @property {() => void} onChange the save state or the connection may have changed
 */

/**
 * Full jitter: anywhere between the first wait and the doubled one.
 * @param {number} failures  @param {number} random  @param {number} [longest]
 */
export function backOff(failures, random, longest = LONGEST_WAIT) {
  const top = Math.min(longest, FIRST_WAIT * Math.pow(2, Math.min(failures, 16)));
  return FIRST_WAIT + random * (top - FIRST_WAIT);
}

export class Sync {
  /** @param {Parts} parts  @param {{acked: number, generation: string}} known from an earlier contact */
  constructor(parts, known) {
    this.parts = parts;
    this.mark = Object.assign({}, NOTHING_SENT, { acked: known.acked, reached: known.acked });
    this.generation = known.generation;
    this.limits = { bytes: MAX_BODY, events: MAX_EVENTS };
    this.failures = 0;
    this.longest = LONGEST_WAIT;
    this.refusedUntil = 0; // the server asked to wait
    this.firstChange = 0;
    this.urgent = false; // asked to send at once while a request was under way
    this.asked = 0; // number of the newest request
    this.answered = 0; // number of the newest request whose answer counts
    this.flying = 0;
    this.timer = null;
    this.stopped = false;
    this.asking = false; // waiting for the pupil to sign in again
  }

  get connected() {
    return this.failures === 0;
  }

  /** @returns {SaveState} */
  get state() {
    const { outbox } = this.parts;
    if (this.mark.acked >= outbox.last) return "saved";
    if (outbox.kept < outbox.last) return "sending"; // not even on the phone yet: never say it is kept
    return this.flying && this.connected ? "sending" : "kept";
  }

  get unsent() {
    return Math.max(0, this.parts.outbox.last - this.mark.acked);
  }

  /** Something was kept: send within two seconds of the last change and five of the first. */
  changed() {
    if (!this.firstChange) this.firstChange = this.parts.timers.now();
    this.parts.onChange();
    if (!this.failures && !this.urgent) this.schedule(this.patience()); // else a timer runs already
  }

  patience() {
    if (this.urgent || !this.firstChange) return 0;
    return Math.max(0, Math.min(SOON, this.firstChange + CEILING - this.parts.timers.now()));
  }

  /** An item was left, the network came back, the pupil handed in: do not wait. */
  flush() {
    this.urgent = true;
    this.schedule(0);
  }

  /** The page is being hidden, perhaps for ever: everything that fits goes in a request that outlives it. */
  leave() {
    const { outbox } = this.parts;
    const seqs = owed(this.mark, outbox.sendable);
    if (!seqs.length || this.stopped || this.asking) return;
    this.send(compose(this.header(), outbox.lines, seqs, { bytes: MAX_LEAVING, events: MAX_EVENTS }), true);
  }

  /** @param {Opened} opened a reply of open also tells what the server has */
  opened(opened) {
    this.mark = advance(this.mark, { acked_upto: opened.acked_upto, gaps: [] }, 0, true);
    this.generation = opened.store_generation;
    this.asking = false;
    this.parts.onChange();
  }

  stop() {
    this.stopped = true;
    this.parts.timers.clear(this.timer);
  }

  /** @param {number} ms */
  schedule(ms) {
    if (this.stopped || this.asking) return;
    const { timers } = this.parts;
    timers.clear(this.timer);
    this.timer = timers.set(() => this.turn(), Math.max(ms, this.refusedUntil - timers.now()));
  }

  /** Nothing to send: the next heartbeat, a third earlier or later than the others'. */
  idle() {
    const { pace, random } = this.parts;
    this.schedule((pace ? pace() : HEARTBEAT) * (2 + 2 * random()) / 3);
  }

  header() {
    const { outbox, clock, notice } = this.parts;
    return Object.assign({ v: 1, device: outbox.device }, clock.reading(), {
      last: outbox.sendable, store_generation: this.generation, notice: notice ? notice() : 0,
    });
  }

  /** One request at a time; without anything owed it is the heartbeat. */
  async turn() {
    if (this.flying || this.stopped || this.asking) return;
    const { outbox } = this.parts;
    this.firstChange = 0;
    this.urgent = false;
    await this.send(compose(this.header(), outbox.lines, owed(this.mark, outbox.sendable), this.limits), false);
    if (this.flying || this.stopped || this.asking) return;
    if (this.failures) this.schedule(backOff(this.failures, this.parts.random(), this.longest));
    else if (owed(this.mark, outbox.sendable).length) this.schedule(this.patience());
    else {
      this.urgent = false; // asked for meanwhile, and done: else the next change would wait for the heartbeat
      this.idle();
    }
  }

  /** @param {{body: string, count: number, upto: number}} batch  @param {boolean} leaving */
  async send(batch, leaving) {
    const { port, ticket, onChange } = this.parts;
    const number = this.asked += 1;
    if (!leaving) this.flying += 1;
    onChange();
    try {
      const reply = await port.save(ticket(), batch.body, leaving);
      if (!leaving) this.flying -= 1;
      this.received(reply, batch, number);
    } catch (error) {
      if (!leaving) {
        this.flying -= 1;
        await this.refused(error, batch);
      }
    }
    onChange();
  }

  /** @param {Saved} reply  @param {{count: number, upto: number}} batch  @param {number} number */
  received(reply, batch, number) {
    this.failures = 0;
    this.refusedUntil = 0;
    if (number < this.answered) return; // overtaken by a newer answer
    this.answered = number;
    const anew = Boolean(this.generation) && reply.store_generation !== this.generation;
    this.mark = advance(this.mark, reply, batch.upto, anew);
    this.generation = reply.store_generation;
    if (!this.stopped) this.parts.onSaved(reply);
  }

  /** @param {any} error  @param {{count: number}} batch */
  async refused(error, batch) {
    const { timers, renew } = this.parts;
    if (error.status === 413 && batch.count > 1) {
      this.limits = { bytes: this.limits.bytes, events: Math.ceil(batch.count / 2) };
      return;
    }
    this.failures += 1;
    this.longest = error.status ? LONGEST_WAIT : LONGEST_WITHOUT_NETWORK;
    if (error.retryAfter) this.refusedUntil = timers.now() + error.retryAfter * (1 + this.parts.random() / 4);
    if (error.status !== 401 && error.status !== 403) return;
    this.asking = true;
    if (await renew()) {
      this.asking = false;
      this.failures = 0;
    }
  }
}
