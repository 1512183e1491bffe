// Does the sign-in page tidy a code, read a scanned card, and wait as it is asked to?

import assert from "node:assert/strict";
import { test } from "node:test";

import { codeFrom, patience, pretty } from "../../accounts/static/accounts/js/sign_in.js";

test("dashes come by themselves and nothing else stays", () => {
  assert.equal(pretty("k7q49xw2pabc"), "K7Q4-9XW2-PABC");
  assert.equal(pretty("K7Q4-9"), "K7Q4-9");
  assert.equal(pretty(" k7q4 9xw2 – pabc "), "K7Q4-9XW2-PABC");
  assert.equal(pretty("K7Q4-9XW2-PABC-more"), "K7Q4-9XW2-PABC");
  assert.equal(pretty("љњ!"), "");
});

test("a scanned card brings its code behind the hash", () => {
  assert.equal(codeFrom("#K7Q4-9XW2-PABC"), "K7Q4-9XW2-PABC");
  assert.equal(codeFrom("#k7q49xw2pabc"), "K7Q4-9XW2-PABC");
  assert.equal(codeFrom("#main"), "");
  assert.equal(codeFrom(""), "");
  assert.equal(codeFrom("#%"), "");
});

test("the server's wish goes first, then a little longer each time", () => {
  assert.equal(patience("7", 0), 7);
  assert.equal(patience("600", 0), 60);
  assert.deepEqual([0, 1, 2, 3, 10].map((tries) => patience(null, tries)), [1, 2, 4, 8, 30]);
});
