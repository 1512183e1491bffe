// @ts-check
// Who can read what waits on this phone? Only the pupil's own sitting: lines are AES-GCM under a key that no
// script can export. Without a secure context (a school server over plain HTTP) the browser has no WebCrypto;
// lines are then kept as they are, and the staff's pages say so.

import { fromBase64, text, utf8 } from "./bytes.js";

const crypt = () => (typeof crypto === "undefined" ? undefined : crypto.subtle);

/**
 * The key of a sitting: the one already here, else the one the server's vault is imported to.
 * @param {Store} store  @param {string} sitting  @param {string | null} vault base64, 32 bytes
 * @returns {Promise<CryptoKey | null>} null: no WebCrypto here, or signed out and no vault yet
 */
export async function sittingKey(store, sitting, vault) {
  const subtle = crypt();
  if (!subtle) return null;
  const held = await store.key(sitting);
  if (held || !vault) return held;
  const key = await subtle.importKey("raw", fromBase64(vault), "AES-GCM", false, ["encrypt", "decrypt"]);
  try {
    await store.putKey(sitting, key);
  } catch (full) { /* then nothing else is kept either */ }
  return key;
}

/** @param {CryptoKey | null} key  @param {string} line  @returns {Promise<Sealed>} */
export async function seal(key, line) {
  const subtle = crypt();
  if (!key || !subtle) return { iv: null, bytes: line };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await subtle.encrypt({ name: "AES-GCM", iv }, key, utf8(line)) };
}

/**
 * @param {CryptoKey | null} key  @param {Sealed} sealed
 * @returns {Promise<string | null>} null: not readable with this key
 */
export async function unseal(key, sealed) {
  if (typeof sealed.bytes === "string") return sealed.bytes;
  const subtle = crypt();
  if (!key || !subtle || !sealed.iv) return null;
  try {
    return text(await subtle.decrypt({ name: "AES-GCM", iv: /** @type {BufferSource} */ (sealed.iv) }, key, sealed.bytes));
  } catch (foreign) {
    return null;
  }
}
