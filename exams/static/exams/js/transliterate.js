// @ts-check
// How is Serbian Cyrillic shown in Latin letters, and back, without fetching anything?
//
// The rules of accounts/transliteration.py; fixtures/vectors/transliteration.json holds both to them.

const CYRILLIC = "абвгдђежзијклмнопрстћуфхцчш";
const LATIN = "abvgdđežzijklmnoprstćufhcčš";
/** @type {Record<string, string>} */
const DIGRAPHS = { љ: "lj", њ: "nj", џ: "dž" };

/** @type {Record<string, string>} */
const TABLE = Object.assign({}, DIGRAPHS);
Array.from(CYRILLIC).forEach((letter, index) => {
  TABLE[letter] = LATIN[index];
  TABLE[letter.toUpperCase()] = LATIN[index].toUpperCase();
});

// Letters that look alike in print: a keyboard switched half-way through a word mixes them.
const LATIN_TWINS = "ABCEHJKMOPTXYacejopxy";
const CYRILLIC_TWINS = "АВСЕНЈКМОРТХУасејорху";

const IS_CYRILLIC = /[\u0400-\u04ff]/;
const IS_LETTER = /\p{L}/u;
const BLANKS = /[\s\x1c-\x1f\x85]+/g;
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

/**
 * Serbian Latin of the Cyrillic letters in `text`; everything else stays as it is.
 * @param {string} text
 */
export function toLatin(text) {
  if (!IS_CYRILLIC.test(text)) return text;
  return text
    .replace(/[ЉЊЏ]/g, (letter, at) => {
      const digraph = DIGRAPHS[letter.toLowerCase()];
      const following = text.charAt(at + 1);
      const neighbour = IS_LETTER.test(following) ? following : text.charAt(at - 1);
      return /\p{Lu}/u.test(neighbour) ? digraph.toUpperCase() : digraph[0].toUpperCase() + digraph[1];
    })
    .replace(/[\u0400-\u04ff]/g, (letter) => TABLE[letter] || letter);
}

/**
 * The form in which two typed texts are compared: Latin, lower case, single blanks, NFKC.
 * @param {string} text
 */
export function foldScript(text) {
  return foldKeepingCase(text).toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ").normalize("NFKC");
}

/** The same with capital letters kept. @param {string} text */
export function foldKeepingCase(text) {
  const oneScript = text.normalize("NFKC").replace(INVISIBLE, "").replace(/\p{L}+/gu, inOneScript);
  return toLatin(oneScript).normalize("NFKC").replace(/ð/g, "đ").replace(/Ð/g, "Đ").replace(BLANKS, " ").trim();
}

/** A folded text as typed without marks: c for č and ć, dj for đ. @param {string} folded */
export function withoutDiacritics(folded) {
  return folded.replace(/đ/g, "dj").replace(/Đ|DJ/g, "Dj").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

/** @param {string} word */
function inOneScript(word) {
  const letters = Array.from(word);
  const cyrillic = letters.filter((letter) => IS_CYRILLIC.test(letter));
  const latin = letters.filter((letter) => !IS_CYRILLIC.test(letter));
  if (!cyrillic.length || !latin.length) return word;
  if (latin.every((letter) => LATIN_TWINS.includes(letter))) return swapped(letters, LATIN_TWINS, CYRILLIC_TWINS);
  if (cyrillic.every((letter) => CYRILLIC_TWINS.includes(letter))) return swapped(letters, CYRILLIC_TWINS, LATIN_TWINS);
  return word;
}

/** @param {string[]} letters @param {string} from @param {string} to */
function swapped(letters, from, to) {
  return letters.map((letter) => (from.includes(letter) ? to[from.indexOf(letter)] : letter)).join("");
}

const SKIPPED = new Set(["script", "style"]);
const READABLE_ATTRIBUTES = ["alt", "title", "aria-label", "placeholder"];

/** @typedef {{ original: string, shown: string }} Memory */
/** @type {WeakMap<Node, Record<string, Memory>>} */
const memories = new WeakMap();

/**
 * Shows the text below `root` in "latin" or "cyrillic". May be called as often as wished: a text that
 * was rendered anew since the last call is taken as a new original. Left alone: translate="no", the
 * inside of <math> (its alttext is shown in the script), <script>, <style>.
 * @param {Node} root
 * @param {"latin" | "cyrillic"} script
 */
export function applyScript(root, script) {
  const parent = root.parentElement;
  if (parent && parent.closest('[translate="no"], math, script, style')) return;
  walk(root, script === "latin");
}

/** @param {Node} node @param {boolean} latin */
function walk(node, latin) {
  if (node.nodeType === 3) {
    show(node, "", latin, node.nodeValue || "", (text) => {
      node.nodeValue = text;
    });
    return;
  }
  if (node.nodeType === 1) {
    const element = /** @type {Element} */ (node);
    const name = element.localName;
    if (element.getAttribute("translate") === "no" || SKIPPED.has(name)) return;
    (name === "math" ? ["alttext"] : READABLE_ATTRIBUTES).forEach((attribute) => {
      const value = element.getAttribute(attribute);
      if (value !== null) show(element, attribute, latin, value, (text) => element.setAttribute(attribute, text));
    });
    if (name === "math") return;
  }
  for (let child = node.firstChild; child; child = child.nextSibling) walk(child, latin);
}

/**
 * @param {Node} node @param {string} place the attribute, or "" for a text node
 * @param {boolean} latin @param {string} current @param {(text: string) => void} write
 */
function show(node, place, latin, current, write) {
  const known = memories.get(node) || {};
  const memory = known[place];
  const original = memory && memory.shown === current ? memory.original : current;
  const shown = latin ? toLatin(original) : original;
  if (shown !== original || memory) {
    known[place] = { original, shown };
    memories.set(node, known);
  }
  if (shown !== current) write(shown);
}
