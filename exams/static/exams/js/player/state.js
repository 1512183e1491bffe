// @ts-check
// What does the player know? One plain value and one pure function that moves it; nothing here touches the page.

/** @type {State} */
export const START = {
  view: "loading", problem: "", index: 0, refs: [], total: 0, extra: {}, responses: {}, seen: {}, flags: {}, checked: {}, hinted: {},
  sitting: "ready", endsAt: null, pausedAt: null, handedIn: "", over: false, takenOver: false, receipt: null,
};

/**
 * The one form of "no response" is null; parts left blank do not make a response.
 * @param {any} value
 */
export function tidy(value) {
  if (value === null || value === undefined || (typeof value === "string" && !value.trim())) return null;
  if (value instanceof Array) return value.length ? value : null;
  if (typeof value !== "object") return value;
  const parts = {};
  Object.keys(value).sort().forEach((part) => {
    const one = tidy(value[part]);
    if (one !== null) parts[part] = one;
  });
  return Object.keys(parts).length ? parts : null;
}

/** @param {Object<string, any>} table  @param {string} key  @param {any} value null or false: remove */
function entry(table, key, value) {
  const next = Object.assign({}, table);
  if (value === null || value === false) delete next[key];
  else next[key] = value;
  return next;
}

/** @param {State} state  @param {Happening} event */
function happened(state, event) {
  const item = event.item || "";
  switch (event.kind) {
    case "response": return Object.assign({}, state, { responses: entry(state.responses, item, tidy(event.value)) });
    // In the order of the first time, with what was said of it then: the route of a practice set follows from that.
    case "seen": return item in state.seen ? state : Object.assign({}, state, { seen: entry(state.seen, item, event.value || true) });
    case "flag": return Object.assign({}, state, { flags: entry(state.flags, item, event.value) });
    case "check": return Object.assign({}, state, { checked: entry(state.checked, item, true) });
    case "hint": return Object.assign({}, state, { hinted: entry(state.hinted, item, true) });
    case "hand_in": return Object.assign({}, state, { handedIn: event.value });
    default: return state;
  }
}

/** What the server has, for items this device has said nothing about; of practice shown in the server's order, the rest behind. */
function merged(state, action) {
  const seen = {};
  (action.order || []).forEach(({ item, value }) => { seen[item] = value || true; });
  let next = Object.assign({}, state, { seen: Object.assign(seen, state.seen) });
  Object.keys(action.responses).filter((item) => !action.own[item]).forEach((item) => {
    next = happened(next, { kind: "response", item, value: action.responses[item] });
  });
  // Checked on another phone: the solution was seen, and what was responded there stands.
  (action.checked || []).filter((item) => !state.checked[item]).forEach((item) => {
    next = happened(happened(next, { kind: "response", item, value: action.responses[item] }), { kind: "check", item });
  });
  (action.hinted || []).forEach((item) => { next = happened(next, { kind: "hint", item }); });
  action.seen.forEach((item) => { next = happened(next, { kind: "seen", item }); });
  action.flags.filter((item) => !action.own[`flag ${item}`]).forEach((item) => {
    next = happened(next, { kind: "flag", item, value: true });
  });
  return next;
}

/** @param {State} state  @param {Action} action  @returns {State} */
export function reduce(state, action) {
  switch (action.type) {
    case "event": return happened(state, action.event);
    case "merge": return merged(state, action);
    case "paper": return Object.assign({}, state, {
      refs: action.refs, total: action.total || action.refs.length, extra: action.extra || {}, index: Math.max(0, Math.min(state.index, action.refs.length - 1)),
    });
    case "server": return Object.assign({}, state, {
      sitting: action.sitting,
      endsAt: action.endsAt,
      pausedAt: action.pausedAt,
      receipt: action.receipt || state.receipt,
      takenOver: action.takenOver,
      // A hand-in because of the time falls when time was added; one by the pupil stands.
      handedIn: action.reopened && state.handedIn === "time" ? "" : state.handedIn,
      // Reopened after a wrong close, or time was added: this device's own end does not stand against the server's.
      over: state.over && action.endsAt === state.endsAt,
    });
    case "go": return Object.assign({}, state, {
      view: "item", index: Math.max(0, Math.min(action.index, state.refs.length - 1)),
    });
    case "view": return Object.assign({}, state, { view: action.view });
    case "problem": return Object.assign({}, state, { view: "problem", problem: action.problem });
    case "time": return Object.assign({}, state, { over: action.over });
    default: return state;
  }
}

/** Items this device has its own events for, in the form `merge` wants. @param {Happening[]} events */
export function ownItems(events) {
  const own = {};
  events.forEach((event) => {
    if (event.kind === "response") own[event.item || ""] = true;
    if (event.kind === "flag") own[`flag ${event.item}`] = true;
  });
  return own;
}

/** @param {State} state */
export const finished = (state) => (
  Boolean(state.handedIn) || state.sitting === "handed_in" || state.sitting === "sealed"
);

/** May the pupil still change something? @param {State} state */
export const writable = (state) => (
  state.sitting === "started" && !finished(state) && !state.over && !state.takenOver && state.pausedAt === null
);

/** Is the clock stopped, and with it everything the pupil could read or do? @param {State} state */
export const paused = (state) => state.pausedAt !== null && !finished(state) && !state.takenOver;

/** @param {State} state */
export const currentItem = (state) => state.refs[state.index] || "";

/** @param {State} state */
export const unanswered = (state) => state.refs.filter((ref) => !(ref in state.responses));

/** @param {State} state */
export const flagged = (state) => state.refs.filter((ref) => state.flags[ref]);

/** The number an item has in the set; one that was asked for beside another has that one's. @param {State} state  @param {number} index */
export const numberOf = (state, index) => state.refs.slice(0, index + 1).filter((ref) => !state.extra[ref]).length;

/** Does the set go on behind the last item that is here? @param {State} state */
export const goesOn = (state) => numberOf(state, state.refs.length - 1) < state.total;

/** @param {State} state */
export const answeredCount = (state) => state.refs.length - unanswered(state).length;

const CALM = 60000;
const EAGER = 15000;
const SOON = 600000;

/**
 * How often does a phone with nothing to send ask how things stand? More often where something is about to change.
 * @param {State} state  @param {number} untilOpen ms until the sitting may be started
 * @returns {number} ms, on average
 */
export function pace(state, untilOpen) {
  if (state.pausedAt !== null) return EAGER;
  return state.sitting === "ready" && untilOpen > 0 && untilOpen <= SOON ? EAGER : CALM;
}
