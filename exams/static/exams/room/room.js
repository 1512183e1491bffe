// @ts-check
// How does an open room board follow its room? A socket says "something moved", then the tiles are fetched again.
//
// Without a socket it looks every 15 seconds; without this module the page still works by reloading. Nothing is
// ever typed on this page, so the tiles may be replaced at any moment.

const DEBOUNCE_MS = 1000;
const POLL_MS = 15000;
const LONGEST_WAIT_MS = 30000;

/** How long to wait before the next try to open the socket. @param {number} failures */
export const backOff = (failures) => Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(failures, 5));

/** Many calls within a moment become one. @param {() => void} work  @param {number} wait */
export function debounced(work, wait) {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      work();
    }, wait);
  };
}

export class Board {
  /**
   * @param {HTMLElement} room  the element with data-room
   * @param {HTMLElement} state  where it says how fresh the page is
   */
  constructor(room, state) {
    this.room = room;
    this.state = state;
    this.tiles = /** @type {HTMLElement} */ (room.querySelector("[data-tiles]"));
    this.live = false;
    this.lost = false;
    this.moved = debounced(() => this.look(), DEBOUNCE_MS);
  }

  async look() {
    try {
      const reply = await fetch(this.room.dataset.fragment || "", { credentials: "same-origin" });
      // A redirect means that the session is over: the page that comes is not ours to put in.
      if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
      const html = await reply.text();
      this.lost = false;
      this.show(html);
    } catch (error) {
      this.lost = true;
    }
    this.say();
  }

  /** @param {string} html */
  show(html) {
    const focused = document.activeElement;
    const place = focused && this.tiles.contains(focused) ? focused.closest("[id]") : null;
    // Our own server's fragment; parsed apart, so that nothing in it could run.
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    while (this.tiles.firstChild) this.tiles.removeChild(this.tiles.firstChild);
    while (fresh.firstChild) this.tiles.appendChild(fresh.firstChild);
    if (!place) return;
    const again = document.getElementById(place.id);
    const control = again && again.querySelector("a, button");
    if (control) /** @type {HTMLElement} */ (control).focus();
  }

  say() {
    const { live, poll, lost } = this.room.dataset;
    const text = (this.lost ? lost : this.live ? live : poll) || "";
    // Written only when it changes, so that a screen reader is not told the same again and again.
    if (this.state.textContent !== text) this.state.textContent = text;
  }
}

/** Keep a socket open as long as the page is; each notice, and each new connection, is a reason to look. @param {Board} board */
export function listen(board) {
  let failures = 0;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/rooms/`);
    socket.onopen = () => {
      failures = 0;
      board.live = true;
      board.moved();
      board.say();
    };
    socket.onmessage = () => board.moved();
    socket.onclose = () => {
      board.live = false;
      board.say();
      setTimeout(open, backOff(failures));
      failures += 1;
    };
  };
  open();
}

/** @param {Document} page */
export function start(page) {
  const room = /** @type {HTMLElement | null} */ (page.querySelector("[data-room]"));
  const state = /** @type {HTMLElement | null} */ (page.querySelector("[data-state]"));
  if (!room || !state) return;
  const board = new Board(room, state);
  board.say();
  listen(board);
  // Minutes pass also when nothing moves; a living socket only makes this rarer.
  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    if (!board.live || ticks % 4 === 0) board.look();
  }, POLL_MS);
  page.addEventListener("visibilitychange", () => {
    if (!page.hidden) board.moved();
  });
}

if (typeof document !== "undefined") start(document);
