// Which keys give points on the marking page, and when do they leave the teacher alone?

import assert from "node:assert/strict";
import { test } from "node:test";
import { buttonFor, listen } from "../../exams/static/exams/marking/marking.js";

const BUTTONS = [["0", "0"], ["½", "5"], ["1", "1"]].map(([label, key]) => ({ label, dataset: { key } }));
const pressed = (event) => { const found = buttonFor(event, BUTTONS); return found && found.label; };
const press = (key, more = {}) => ({ key, altKey: false, ctrlKey: false, metaKey: false, target: null, ...more });

test("a key gives the points that are written on it, 5 as in 0,5", () => {
  assert.deepEqual(["0", "5", "1"].map((key) => pressed(press(key))), ["0", "½", "1"]);
});

test("a button without a key is pressed by none", () => {
  for (const key of [undefined, ""]) assert.equal(buttonFor(press(""), [{ dataset: { key } }]), null);
});

test("every other key is left alone", () => {
  for (const key of ["2", "4", "9", "10", "a", "", "Enter", "Tab", "F1", "½"]) {
    assert.equal(pressed(press(key)), null, key);
  }
});

test("so is one with another key held, and one that is typed into a note", () => {
  for (const held of ["altKey", "ctrlKey", "metaKey"]) {
    assert.equal(pressed(press("1", { [held]: true })), null);
  }
  for (const tagName of ["TEXTAREA", "INPUT", "SELECT"]) {
    assert.equal(pressed(press("1", { target: { tagName } })), null);
  }
  assert.equal(pressed(press("1", { target: { tagName: "BUTTON" } })), "1");
});

test("a section listens, says so, and presses the button once", () => {
  const clicked = [];
  const buttons = BUTTONS.map((button) => ({ ...button, click: () => clicked.push(button.label) }));
  const said = { hidden: true };
  const heard = {};
  listen({
    querySelectorAll: () => buttons,
    querySelector: () => said,
    addEventListener: (kind, hear) => { heard[kind] = hear; },
  });
  assert.equal(said.hidden, false);
  let prevented = 0;
  const event = (key) => ({ ...press(key), preventDefault: () => { prevented += 1; } });
  heard.keydown(event("5"));
  heard.keydown(event("x"));
  assert.deepEqual([clicked, prevented], [["½"], 1]);
});
