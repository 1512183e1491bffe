// What Python computed, and how near this has to be.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const practice = JSON.parse(readFileSync(new URL("../../fixtures/vectors/practice.json", import.meta.url), "utf8"));

/** Numbers to 1e-6, everything else exactly. */
export function near(found, wanted, where = "") {
  if (typeof wanted === "number") {
    assert.ok(Math.abs(found - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted)), `${where}: ${found}, wanted ${wanted}`);
  } else if (wanted === null || typeof wanted !== "object") {
    assert.deepEqual(found, wanted, where);
  } else {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(wanted).sort(), where);
    Object.keys(wanted).forEach((key) => near(found[key], wanted[key], `${where}.${key}`));
  }
}

/** The items of a model as the estimator wants them. */
export const itemOf = (model, ref) => Object.assign({ ref }, model.items[ref]);
