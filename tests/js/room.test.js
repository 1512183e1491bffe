// Does the room board follow its room, and leave the focus where it was?

import assert from "node:assert/strict";
import { test } from "node:test";
import { Board, backOff, debounced } from "../../exams/static/exams/room/room.js";

const WORDS = { live: "live", poll: "poll", lost: "lost", fragment: "?fragment=1" };

/** An element with children that can be moved from one to another. */
function box(...children) {
  return {
    children,
    get firstChild() { return this.children[0]; },
    removeChild() { this.children.shift(); },
    appendChild(child) {
      this.children.push(child);
      parsed.children = parsed.children.filter((one) => one !== child);
    },
    get shown() { return this.children.join(" "); },
  };
}

let parsed = box();
globalThis.DOMParser = class {
  parseFromString(html) {
    parsed = box(...html.split(" "));
    return { body: parsed };
  }
};

/** A page of one room, as far as the board touches it. `focus`: the id of the tile that has the focus. */
function page({ focus = "" } = {}) {
  const looked = [];
  const tiles = Object.assign(box("old"), { contains: (element) => element.within === true });
  const state = { textContent: "" };
  const closest = (selector) => (selector === "[id]" ? { id: focus } : null);
  globalThis.document = {
    activeElement: { within: focus !== "", closest },
    getElementById: (id) => ({
      querySelector: (selector) => ({ focus: () => looked.push([id, selector, tiles.shown]) }),
    }),
  };
  const board = new Board({ dataset: WORDS, querySelector: () => tiles }, state);
  return { board, tiles, state, looked };
}

function server(reply) {
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(url);
    return { ok: true, redirected: false, status: 200, text: async () => "new tiles", ...reply };
  };
  return asked;
}

/** Lets everything that waits for nothing outside run out, however slow the machine is. */
async function settled() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
}

async function until(reached) {
  while (!reached()) await new Promise((done) => setTimeout(done, 1));
}

test("a look puts the new tiles in", async () => {
  const asked = server();
  const { board, tiles, state } = page();
  board.live = true;
  await board.look();
  assert.deepEqual([asked, tiles.shown, state.textContent], [["?fragment=1"], "new tiles", "live"]);
});

test("who was on a tile with the keyboard is on it again, and nobody else's focus is taken", async () => {
  server();
  const { board, looked } = page({ focus: "tile-7" });
  await board.look();
  assert.deepEqual(looked, [["tile-7", "a, button", "new tiles"]]);
  const elsewhere = page();
  await elsewhere.board.look();
  assert.deepEqual(elsewhere.looked, []);
});

test("an error or the sign-in page instead of tiles is said, and the old tiles stay", async () => {
  for (const reply of [{ ok: false, status: 500 }, { redirected: true }]) {
    server(reply);
    const { board, tiles, state } = page();
    await board.look();
    assert.deepEqual([tiles.shown, state.textContent], ["old", "lost"]);
  }
});

test("what is lost is found again", async () => {
  server({ ok: false, status: 503 });
  const { board, state } = page();
  await board.look();
  server();
  await board.look();
  assert.equal(state.textContent, "poll");
});

test("many notices within a moment are one look", async () => {
  let looks = 0;
  const moved = debounced(() => { looks += 1; }, 1);
  moved(); moved(); moved();
  await until(() => looks > 0);
  moved();
  await until(() => looks > 1);
  await settled();
  assert.equal(looks, 2);
});

test("a lost socket is tried again more and more slowly, half a minute apart at most", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map(backOff), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});
