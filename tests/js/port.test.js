// @ts-check
// Does a save get out of a page that is going away, in browsers that keep no such request alive too?

import assert from "node:assert/strict";
import { test } from "node:test";

import { httpPort } from "../../exams/static/exams/js/player/port.js";

/** @param {(init: any) => Promise<any>} answer */
function portWith(answer) {
  const asked = [];
  const port = httpPort({
    fetch: /** @type {any} */ ((path, init) => { asked.push({ path, init }); return answer(init); }),
    mono: () => 0, onTime: () => undefined,
  });
  return { asked, port };
}

const reply = (status, data) => ({ ok: status < 400, status, headers: new Map(), json: async () => data });

test("a leaving save is sent once where requests are kept alive", async () => {
  const { asked, port } = portWith(async () => reply(200, { acked_upto: 3 }));
  assert.equal((await port.save("ticket", "body", true)).acked_upto, 3);
  assert.deepEqual(asked.map(({ init }) => init.keepalive), [true]);
});

test("where that is refused, as in Chrome 80, an ordinary request follows with the same bytes", async () => {
  const { asked, port } = portWith(async ({ keepalive }) => {
    if (keepalive) throw new TypeError("Failed to fetch");
    return reply(200, { acked_upto: 3 });
  });
  assert.equal((await port.save("ticket", "body", true)).acked_upto, 3);
  assert.deepEqual(asked.map(({ init }) => Boolean(init.keepalive)), [true, false]);
  assert.deepEqual(asked.map(({ init }) => init.body), ["body", "body"]);
});

test("what the server refuses is not asked again, and neither is a save of a page that stays", async () => {
  const busy = portWith(async () => reply(503, { error: "busy" }));
  await assert.rejects(busy.port.save("ticket", "body", true), { status: 503 });
  assert.equal(busy.asked.length, 1);
  const away = portWith(async () => { throw new TypeError("Failed to fetch"); });
  await assert.rejects(away.port.save("ticket", "body"), { status: 0 });
  assert.equal(away.asked.length, 1);
});
