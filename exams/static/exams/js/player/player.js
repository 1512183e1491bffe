// @ts-check
// What happens when the pupil does something? Into the chain, into the state, to the server: in this order.

import { Outbox } from "./outbox.js";
import { heard, refresh } from "./replies.js";
import { Sync } from "./sync.js";
import { START, currentItem, finished, pace, reduce, tidy, writable } from "./state.js";
import { Typing } from "./typing.js";

export class Player {
  /** @param {Tools} tools  @param {SittingRow} row */
  constructor(tools, row) {
    this.tools = tools;
    this.row = row;
    this.state = START;
    /** @type {Opened} null before the first reply, or what this phone kept of one; screens come after that */
    this.opened = /** @type {any} */ (null);
    /** @type {Outbox | null} */
    this.outbox = null;
    /** @type {Sync | null} */
    this.sync = null;
    /** @type {News | null} */
    this.news = null;
    /** @type {Object<string, any>} practice: how the items that are shown next were chosen, by ref */
    this.told = {};
    this.left = false; // signed out or given up to another tab: nothing is drawn any more
    this.typing = new Typing((item, value) => this.put({ kind: "response", item, value }));
  }

  /** @param {Action} action */
  dispatch(action) {
    this.state = reduce(this.state, action);
    this.tools.render(this);
  }

  /**
   * Everything that this device and the server know becomes the state; saving begins.
   * @param {Opened} opened  @param {CryptoKey | null} key  @param {boolean} fresh straight from the server
   * @returns {Promise<boolean>} false: this device's outbox cannot be gone on with, a new device id is needed
   */
  async begin(opened, key, fresh) {
    const { store, port, clock } = this.tools;
    const outbox = new Outbox({ store, sitting: this.row.id, device: this.row.device, key, clock });
    outbox.epoch = opened.epoch;
    if (!(await outbox.load()) || (fresh && opened.acked_upto > outbox.last)) return false;
    this.outbox = outbox;
    this.tools.papers.vault = key;
    this.sync = new Sync({
      port, outbox, clock,
      timers: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer), now: () => performance.now() },
      random: Math.random,
      ticket: () => (this.opened ? this.opened.ticket : ""),
      pace: () => pace(this.state, this.opened.sitting.opens_at - clock.now()),
      notice: () => this.row.notice || 0,
      onSaved: (saved) => heard(this, saved),
      renew: () => this.tools.renew(this),
      onChange: () => this.tools.renderStatus(this),
    }, { acked: this.row.acked, generation: this.row.generation });
    outbox.events().forEach((event) => this.remember(event));
    await this.refresh(opened, fresh);
    return true;
  }

  /** A reply of open, at the beginning or later. @param {Opened} opened  @param {boolean} fresh */
  refresh(opened, fresh) {
    return refresh(this, opened, fresh);
  }

  /** Said beside the screen until the pupil has read it. @param {News | null} news */
  tell(news) {
    if (!news) return;
    this.news = news;
    this.tools.render(this);
  }

  /** News and announcements were read. */
  dismiss() {
    this.news = null;
    this.note({ notices: [] });
    this.tools.render(this);
  }

  /** @param {Partial<SittingRow>} patch  @param {boolean} [strict] */
  async note(patch, strict = true) {
    const all = Object.assign({ clock: this.tools.clock.saved() }, patch);
    Object.assign(this.row, all);
    try {
      await this.tools.store.patch(this.row.id, all, strict);
    } catch (refused) { /* the outbox notices a store that refuses and says so; a note can be asked for again */ }
  }

  /** @param {Happening} event */
  remember(event) {
    if (event.kind === "response") this.typing.known(event.item || "", event.value);
    this.state = reduce(this.state, { type: "event", event });
  }

  /** Into the chain. @param {Happening} happening */
  put(happening) {
    const { outbox, sync } = this;
    if (!outbox || !sync) return;
    this.remember(happening);
    const { kept } = outbox.append(happening);
    kept.then(() => sync.changed());
    this.tools.render(this);
    this.tools.renderStatus(this);
  }

  /** @param {string} item  @param {any} value  @param {boolean} [typing] */
  respond(item, value, typing = false) {
    if (!writable(this.state) || this.state.checked[item]) return;
    this.typing.take(item, tidy(value), typing);
    this.tools.renderStatus(this);
  }

  /** Where the responses are; what is being typed is not kept yet. @returns {SaveState} */
  get saveState() {
    if (this.typing.waiting) return "sending";
    return this.sync ? this.sync.state : "saved";
  }

  /** Writes down what is being typed: after a pause, on leaving the field, the item or the page. */
  settle() {
    this.typing.settle();
  }

  /** @param {string} item */
  flag(item) {
    if (writable(this.state)) this.put({ kind: "flag", item, value: !this.state.flags[item] });
  }

  /** Practice: this is my response, show me. @param {string} item */
  check(item) {
    this.settle();
    if (writable(this.state) && !this.state.checked[item]) this.put({ kind: "check", item });
    if (this.sync) this.sync.flush();
  }

  /** @param {number} index */
  go(index) {
    this.settle();
    this.dispatch({ type: "go", index });
    const item = currentItem(this.state);
    if (item && !this.state.seen[item] && writable(this.state)) this.put(Object.assign({ kind: /** @type {"seen"} */ ("seen"), item }, this.told[item] && { value: this.told[item] }));
    this.note({ place: { index: this.state.index, view: "item" } }, false);
    if (this.outbox && this.sync) this.outbox.writing.then(() => this.sync && this.sync.unsent && this.sync.flush());
  }

  /** @param {View} view */
  show(view) {
    this.settle();
    this.dispatch({ type: "view", view });
    this.note({ place: { index: this.state.index, view } }, false);
    if (this.sync && this.sync.unsent) this.sync.flush();
  }

  /** @param {"candidate" | "time"} cause */
  handIn(cause) {
    this.settle();
    if (!finished(this.state) && !this.state.takenOver) this.put({ kind: "hand_in", value: cause });
    this.show("receipt");
    if (this.outbox && this.sync) this.outbox.writing.then(() => this.sync && this.sync.flush());
  }

  /** The page is going away, perhaps without coming back. */
  leaving() {
    this.settle();
    if (!this.sync || !this.outbox) return;
    const { sync } = this;
    this.outbox.hold();
    sync.leave();
    this.outbox.writing.then(() => sync.leave());
    this.note({}, false);
  }
}
