// @ts-check
// What opens a locked paper? The content key: released by the start, or unwrapped by the code that is read out in the
// room. Held to fixtures/vectors/locking.json, like the server's exams/delivery/locking.py.

import { fromBase64, text, utf8 } from "./bytes.js";

const NONCE = 12;
const CODE = /^[0-9A-HJKMNP-TV-Z]{11}$/;
// Cyrillic keys whose letter looks and sounds like a Latin one; the others would be guesses.
const SAME = { "А": "A", "Е": "E", "К": "K", "М": "M", "Т": "T", "Ј": "J", "О": "0", O: "0", I: "1", L: "1" };
const SAMPLE = "H4sIAAAAAAAA/ysoyk9KBAAzqzPQBQAAAA=="; // "proba", gzipped

const crypt = () => (typeof crypto === "undefined" ? undefined : crypto.subtle);

/** Where the store keeps a sitting's content key. @param {string} sitting */
export const contentKeyName = (sitting) => `content ${sitting}`;

/** The code without blanks and dashes, common misreadings mended. @param {string} typed */
export function normaliseCode(typed) {
  return typed.toUpperCase().replace(/[\s\-–]/g, "").replace(/./g, (sign) => SAME[sign] || sign);
}

/** Can this be a code at all? @param {string} code normalised */
export const isCode = (code) => CODE.test(code);

/** @param {string} released base64  @returns {Promise<CryptoKey | null>} null: no WebCrypto here */
export async function contentKey(released) {
  const subtle = crypt();
  return subtle ? subtle.importKey("raw", fromBase64(released), "AES-GCM", false, ["decrypt"]) : null;
}

/**
 * Slow by intention: a second or so on a phone.
 * @param {string} code normalised  @param {WrappedKey} wrapped
 * @returns {Promise<CryptoKey | null>} null: not the code of this room
 */
export async function unwrapKey(code, wrapped) {
  const subtle = crypt();
  if (!subtle) return null;
  const typed = await subtle.importKey("raw", utf8(code), "PBKDF2", false, ["deriveKey"]);
  const derived = await subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(wrapped.salt), iterations: wrapped.iterations },
    typed, { name: "AES-GCM", length: 256 }, false, ["unwrapKey"],
  );
  const gcm = { name: "AES-GCM", iv: fromBase64(wrapped.iv) };
  try {
    return await subtle.unwrapKey("raw", fromBase64(wrapped.wrapped), derived, gcm, "AES-GCM", false, ["decrypt"]);
  } catch (wrong) {
    return null;
  }
}

/** @param {ArrayBuffer | Uint8Array} bytes */
async function gunzip(bytes) {
  const plain = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/**
 * @param {CryptoKey} key  @param {Uint8Array} bytes nonce and ciphertext
 * @returns {Promise<Uint8Array | null>} the document; null: another key, damaged, or a browser that cannot
 */
export async function openLocked(key, bytes) {
  const subtle = crypt();
  if (!subtle || typeof DecompressionStream === "undefined") return null;
  try {
    return await gunzip(await subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, NONCE) }, key, bytes.slice(NONCE)));
  } catch (refused) {
    return null;
  }
}

/** Would this browser open a locked paper? Tried on a text of its own, the same way. */
export async function canOpen() {
  const subtle = crypt();
  if (!subtle) return false;
  try {
    const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(NONCE));
    const body = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, fromBase64(SAMPLE)));
    const whole = new Uint8Array(NONCE + body.length);
    whole.set(iv);
    whole.set(body, NONCE);
    const opened = await openLocked(key, whole);
    return opened !== null && text(opened) === "proba";
  } catch (refused) {
    return false;
  }
}
