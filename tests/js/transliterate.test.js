// Does the browser's transliteration say the same as the server's, and can it go back?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { applyScript, foldKeepingCase, foldScript, toLatin, withoutDiacritics } from "../../exams/static/exams/js/transliterate.js";
import { element, textNode } from "./small_dom.js";

const vectors = JSON.parse(
  readFileSync(new URL("../../fixtures/vectors/transliteration.json", import.meta.url), "utf8"),
);

test("there are vectors", () => {
  assert.ok(vectors.to_latin.length >= 90 && vectors.fold.length >= 15 && vectors.pages.length >= 8);
});

for (const { text, latin } of vectors.to_latin) {
  test(`toLatin ${JSON.stringify(text)}`, () => assert.equal(toLatin(text), latin));
}

for (const { texts, folded } of vectors.fold) {
  for (const text of texts) {
    test(`foldScript ${JSON.stringify(text)}`, () => assert.equal(foldScript(text), folded));
  }
}

for (const { texts, folded } of vectors.keep_case) {
  for (const text of texts) {
    test(`foldKeepingCase ${JSON.stringify(text)}`, () => assert.equal(foldKeepingCase(text), folded));
  }
}

for (const { texts, plain } of vectors.without_diacritics) {
  for (const text of texts) {
    test(`withoutDiacritics ${JSON.stringify(text)}`, () => assert.equal(withoutDiacritics(text), plain));
  }
}

for (const [one, other] of vectors.differ) {
  test(`${one} is not ${other}`, () => assert.notEqual(foldScript(one), foldScript(other)));
}

/** The nodes of a fragment in which every tag is closed. @param {string} html */
function read(html) {
  const open = [{ name: "", attributes: {}, children: [] }];
  for (const [, end, name, written, text] of html.matchAll(/<(\/?)([\w-]+)([^>]*)>|([^<]+)/g)) {
    if (text !== undefined) {
      open[open.length - 1].children.push(textNode(text));
    } else if (end) {
      const done = open.pop();
      open[open.length - 1].children.push(element(done.name, done.attributes, done.children));
    } else {
      const attributes = Object.fromEntries(Array.from(written.matchAll(/([\w-]+)="([^"]*)"/g), ([, one, value]) => [one, value]));
      open.push({ name, attributes, children: [] });
    }
  }
  return element("main", {}, open[0].children);
}

/** @param {any} node @returns {string} */
function inner(node) {
  let html = "";
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const attributes = child.nodeType === 1 ? Array.from(child.attributes, ([name, value]) => ` ${name}="${value}"`) : [];
    html += child.nodeType === 3
      ? child.nodeValue
      : `<${child.localName}${attributes.join("")}>${inner(child)}</${child.localName}>`;
  }
  return html;
}

for (const { html, latin } of vectors.pages) {
  test(`applyScript ${html}`, () => {
    const root = read(html);
    assert.equal(inner(root), html);
    applyScript(root, "latin");
    assert.equal(inner(root), latin);
    applyScript(root, "cyrillic");
    assert.equal(inner(root), html);
  });
}

/** A small page: text, a formula, a name left alone, attributes. */
function page() {
  const greeting = textNode("Љубав");
  const formula = element("math", { alttext: "корен из 2" }, [element("mi", {}, [textNode("х")])]);
  const code = element("b", { translate: "no", title: "шифра" }, [textNode("шифра")]);
  const input = element("input", { placeholder: "Име", "aria-label": "Презиме", value: "Ана", class: "џ" });
  const script = element("script", {}, [textNode("'љ'")]);
  return { root: element("main", {}, [greeting, formula, code, input, script]), greeting, formula, code, input, script };
}

test("applyScript shows readable text in Latin and leaves the rest", () => {
  const { root, greeting, formula, code, input, script } = page();
  applyScript(root, "latin");
  assert.equal(greeting.nodeValue, "Ljubav");
  assert.equal(formula.getAttribute("alttext"), "koren iz 2");
  assert.equal(formula.firstChild.firstChild.nodeValue, "х");
  assert.equal(code.firstChild.nodeValue, "шифра");
  assert.equal(code.getAttribute("title"), "шифра");
  assert.equal(input.getAttribute("placeholder"), "Ime");
  assert.equal(input.getAttribute("aria-label"), "Prezime");
  assert.equal(input.getAttribute("value"), "Ана");
  assert.equal(input.getAttribute("class"), "џ");
  assert.equal(script.firstChild.nodeValue, "'љ'");
});

test("applyScript goes back and forth without loss", () => {
  const { root, greeting, input } = page();
  greeting.nodeValue = "инјекција, њива, Nj";
  for (let round = 0; round < 3; round += 1) {
    applyScript(root, "latin");
    assert.equal(greeting.nodeValue, "injekcija, njiva, Nj");
    applyScript(root, "latin");
    assert.equal(greeting.nodeValue, "injekcija, njiva, Nj");
    applyScript(root, "cyrillic");
    assert.equal(greeting.nodeValue, "инјекција, њива, Nj");
    assert.equal(input.getAttribute("placeholder"), "Име");
  }
});

test("a node rendered anew is taken as a new original", () => {
  const { root, greeting, input } = page();
  applyScript(root, "latin");
  greeting.nodeValue = "Сачувано";
  input.setAttribute("placeholder", "Шифра");
  applyScript(root, "latin");
  assert.equal(greeting.nodeValue, "Sačuvano");
  assert.equal(input.getAttribute("placeholder"), "Šifra");
  applyScript(root, "cyrillic");
  assert.equal(greeting.nodeValue, "Сачувано");
  assert.equal(input.getAttribute("placeholder"), "Шифра");
});

test("a text that became Latin by itself stays when going back", () => {
  const { root, greeting } = page();
  applyScript(root, "latin");
  greeting.nodeValue = "Bluetooth";
  applyScript(root, "cyrillic");
  assert.equal(greeting.nodeValue, "Bluetooth");
});

test("applyScript below a place left alone does nothing", () => {
  const { code } = page();
  applyScript(code.firstChild, "latin");
  assert.equal(code.firstChild.nodeValue, "шифра");
});
