// Do sentences come out in the right language, script and plural form?

import assert from "node:assert/strict";
import test from "node:test";

import {
  chosenLanguage, configure, gettext, interpolate, ngettext, paperLanguage, pluralForm, properName, setLanguage,
} from "../../exams/static/exams/js/player/messages.js";

configure({ catalog: { Saved: "Сачувано", "%(n)s item": ["%(n)s задатак", "%(n)s задатка", "%(n)s задатака"], Љubav: "ЉУБАВ" } });

test("Serbian has three forms", () => {
  const forms = [1, 21, 101, 2, 3, 4, 22, 104, 0, 5, 11, 12, 13, 14, 19, 20, 111, 112, 211].map(pluralForm);
  assert.deepEqual(forms, [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
});

test("Cyrillic as stored, Latin derived, English as written", () => {
  const say = () => [gettext("Saved"), interpolate(ngettext("%(n)s item", "%(n)s items", 22), { n: 22 }), properName("Љиљана")];
  setLanguage("sr");
  assert.deepEqual(say(), ["Сачувано", "22 задатка", "Љиљана"]);
  assert.equal(paperLanguage(), "sr");
  setLanguage("sr-latn");
  assert.deepEqual(say(), ["Sačuvano", "22 zadatka", "Ljiljana"]);
  assert.equal(paperLanguage(), "sr");
  setLanguage("en");
  assert.deepEqual(say(), ["Saved", "22 items", "Ljiljana"]);
  assert.equal(paperLanguage(), "en");
});

test("a sentence without a translation is shown in English, not empty", () => {
  setLanguage("sr");
  assert.equal(gettext("Not there"), "Not there");
  assert.equal(ngettext("one", "many", 2), "many");
});

test("values are put in by name; unknown names stay visible", () => {
  assert.equal(interpolate("%(n)s of %(total)s, %(other)s", { n: 3, total: "20" }), "3 of 20, %(other)s");
});

test("the cookie decides, then this phone's memory, then Serbian", () => {
  assert.equal(chosenLanguage("a=1; django_language=en", "sr-latn"), "en");
  assert.equal(chosenLanguage("django_language=sr-Latn", null), "sr-latn");
  assert.equal(chosenLanguage("", "sr-latn"), "sr-latn");
  assert.equal(chosenLanguage("django_language=de", "en"), "sr");
  assert.equal(chosenLanguage("", null), "sr");
});
