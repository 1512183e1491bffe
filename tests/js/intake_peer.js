// A server of the save protocol in memory: journal, contiguous mark, gaps, limits, store generation, take-over, pause,
// grants, announcements, a start by unlock code.
// With it a network that loses requests and replies, and time that a test moves.

import { MAX_BODY, MAX_EVENTS } from "../../exams/static/exams/js/player/batch.js";
import { PortError } from "../../exams/static/exams/js/player/port.js";

/** Timers in a test's hands: `run(ms)` lets that much time pass, with every promise in between settled. */
export function manualTimers() {
  let now = 1000;
  let waiting = [];
  const settle = async () => { for (let i = 0; i < 50; i += 1) await null; };
  return {
    now: () => now,
    set: (task, ms) => {
      const timer = { task, at: now + Math.max(0, ms) };
      waiting.push(timer);
      return timer;
    },
    clear: (timer) => { waiting = waiting.filter((one) => one !== timer); },
    pending: () => waiting.map((timer) => timer.at - now),
    async run(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = waiting.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        waiting = waiting.filter((timer) => timer !== next);
        next.task();
        await settle();
      }
      now = until;
    },
  };
}

export class IntakePeer {
  constructor() {
    this.journal = new Map();
    this.generation = "g1";
    this.epoch = 1;
    this.state = "started";
    this.bodies = [];
    this.fate = () => "through"; // or "lost", "reply lost", or a PortError
    this.maxBytes = MAX_BODY;
    this.conflicts = 0;
    this.tickets = new Set(["t1"]);
    this.tellsGaps = true;
    this.now = 1;
    this.opensAt = 0;
    this.endsAt = null;
    this.pausedAt = null;
    this.announcements = [];
    this.limit = null; // ms; a start by code ends so much after the moment it is told
  }

  mark() {
    let upto = 0;
    while (this.journal.has(upto + 1)) upto += 1;
    return upto;
  }

  /** The store behind the server lost everything above `seq`, as a restored backup does. */
  restoreTo(seq, generation) {
    Array.from(this.journal.keys()).forEach((one) => one > seq && this.journal.delete(one));
    this.generation = generation;
  }

  gaps(last) {
    const top = Math.max(last, 0, ...this.journal.keys());
    const found = [];
    for (let seq = this.mark() + 1; seq <= top; seq += 1) {
      if (this.journal.has(seq)) continue;
      const open = found[found.length - 1];
      if (open && open[1] === seq - 1) open[1] = seq;
      else found.push([seq, seq]);
    }
    return found;
  }

  async save(ticket, body) {
    this.bodies.push(body);
    const fate = this.fate(this.bodies.length);
    if (fate instanceof PortError) throw fate;
    if (fate === "lost") throw new PortError(0, "network");
    if (!this.tickets.has(ticket)) throw new PortError(401, "ticket_expired");
    const [head, ...lines] = body.split("\n");
    if (Buffer.byteLength(body) > this.maxBytes || lines.length > MAX_EVENTS) throw new PortError(413, "too_large");
    lines.forEach((line) => {
      const { seq } = JSON.parse(line);
      if (this.journal.has(seq) && this.journal.get(seq) !== line) this.conflicts += 1;
      else this.journal.set(seq, line);
      if (JSON.parse(line).kind === "unlocked" && this.state === "ready") {
        this.state = "started";
        this.endsAt = this.limit === null ? null : this.now + this.limit;
      }
    });
    const header = JSON.parse(head);
    const reply = {
      acked_upto: this.mark(), gaps: this.tellsGaps ? this.gaps(header.last) : [], epoch: this.epoch, state: this.state,
      ends_at: this.endsAt, paused_at: this.pausedAt, opens_at: this.opensAt, server_now: this.now, store_generation: this.generation,
      notices: this.announcements.filter((one) => one.id > (header.notice || 0)), receipt: null,
    };
    if (fate === "reply lost") throw new PortError(0, "network");
    return reply;
  }
}
