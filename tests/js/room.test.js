// Does the room board follow its room, and leave alone what somebody is typing?

import assert from "node:assert/strict";
import { test } from "node:test";
import { Board, backOff, debounced } from "../../exams/static/exams/room/room.js";

const WORDS = { live: "live", poll: "poll", lost: "lost", paused: "paused", fragment: "?fragment=1" };

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

/** A page of one room, as far as the board touches it. */
function page({ open = false } = {}) {
  const listeners = {};
  const tiles = Object.assign(box("old"), {
    open,
    querySelector: (selector) => (selector === "details[open]" && tiles.open ? {} : null),
    addEventListener: (name, work) => {
      listeners[name] = work;
    },
    contains: () => false,
  });
  const state = { textContent: "" };
  globalThis.document = { activeElement: null };
  const board = new Board({ dataset: WORDS, querySelector: () => tiles }, state);
  return { board, tiles, state, close: () => { tiles.open = false; listeners.toggle(); } };
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

test("while time is being given nothing is replaced, and afterwards it is made up for", async () => {
  const asked = server();
  const { board, tiles, state, close } = page({ open: true });
  await board.look();
  assert.deepEqual([asked, tiles.shown, state.textContent], [[], "old", "paused"]);
  close();
  await settled();
  assert.deepEqual([asked.length, tiles.shown, state.textContent], [1, "new tiles", "poll"]);
});

test("a form opened while the tiles are on their way is not lost either", async () => {
  const { board, tiles } = page();
  server({ text: async () => { tiles.open = true; return "new tiles"; } });
  await board.look();
  assert.deepEqual([tiles.shown, board.stale], ["old", true]);
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
