// Does the browser score as the server does?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { scoreResponse } from "../../exams/static/exams/js/response_processing.js";

const { keys, cases, junk } = JSON.parse(
  readFileSync(new URL("../../fixtures/vectors/responses.json", import.meta.url), "utf8"),
);
const SIGNS = { T: true, F: false, "-": null };
const sorted = (parts) => Object.entries(parts).sort(([one], [other]) => (one < other ? -1 : 1));

test("there are vectors", () => assert.ok(cases.length >= 300 && junk.length >= 20));

for (const { key, value, parts, half_points: halfPoints, omitted, pending } of cases) {
  test(`${key}: ${JSON.stringify(value).slice(0, 60)}`, () => {
    const outcome = scoreResponse(keys[key], value);
    if (typeof parts === "string") {
      assert.deepEqual(Object.values(outcome.parts), Array.from(parts).map((sign) => SIGNS[sign]));
    } else {
      assert.deepEqual(sorted(outcome.parts), sorted(parts).map(([name, sign]) => [name, SIGNS[sign]]));
    }
    assert.equal(outcome.halfPoints, halfPoints);
    assert.equal(outcome.maxHalfPoints, 2);
    assert.equal(outcome.status, omitted ? "omitted" : pending ? "pending" : "answered");
  });
}

for (const [name, key] of Object.entries(keys)) {
  test(`junk earns nothing in ${name}`, () => {
    for (const value of junk) assert.equal(scoreResponse(key, value).halfPoints, 0, JSON.stringify(value));
  });

  test(`what JSON cannot say earns nothing in ${name}`, () => {
    for (const value of [undefined, NaN, Symbol("b"), () => "b", new Map([["x", "3,5"]]), new Date(0)]) {
      assert.equal(scoreResponse(key, value).halfPoints, 0);
    }
  });
}
