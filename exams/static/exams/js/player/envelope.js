// @ts-check
// How does a hand-in leave this phone without a network? In an envelope: the ticket and the very body of a save,
// with everything this device ever wrote, so that bringing it twice changes nothing. Only the administration's
// private key opens it. Without a secure context the browser cannot encrypt; then it is clear, and says so.

import { base64url, fromBase64, randomBytes, utf8 } from "./bytes.js";
import { NOTHING_SENT, compose, owed } from "./batch.js";

const EVERYTHING = { bytes: Infinity, events: Infinity };

const crypt = () => (typeof crypto === "undefined" ? undefined : crypto.subtle);

/** Will what is made here be readable by everybody who gets it? */
export const isClear = () => !crypt();

/** @param {string | null | undefined} handInKey base64 SubjectPublicKeyInfo from the server */
export const canEnclose = (handInKey) => isClear() || Boolean(handInKey);

/** @param {string} sitting */
export const fileName = (sitting) => `proba-${sitting.slice(0, 8)}.txt`;

/** With + and / and padding, as everything binary travels in JSON. @param {Uint8Array} bytes */
export function base64(bytes) {
  const digits = base64url(bytes).replace(/-/g, "+").replace(/_/g, "/");
  return digits + "=".repeat((4 - (digits.length % 4)) % 4);
}

/** @param {Uint8Array} bytes  @returns {Promise<{zip: string, bytes: Uint8Array}>} */
async function packed(bytes) {
  if (typeof CompressionStream === "undefined") return { zip: "", bytes };
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return { zip: "gzip", bytes: new Uint8Array(await new Response(stream).arrayBuffer()) };
}

/**
 * @param {Object} header of a save, read now: it is the clock mark of every event below
 * @param {string[]} lines of this device, from its first  @param {number} last how many of them
 */
export const wholeBody = (header, lines, last) => compose(header, lines, owed(NOTHING_SENT, last), EVERYTHING).body;

/**
 * One line of text.
 * @param {{sitting: string, device: string, ticket: string, body: string, handInKey: string | null | undefined}} parts
 * @returns {Promise<string>}
 */
export async function enclose({ sitting, device, ticket, body, handInKey }) {
  const outside = { proba: 1, sitting, device };
  const payload = `${ticket}\n${body}`;
  const subtle = crypt();
  if (!subtle) return JSON.stringify(Object.assign(outside, { plain: payload }));
  if (!handInKey) throw new Error("nothing to encrypt this hand-in to");
  const raw = randomBytes(32);
  const iv = randomBytes(12);
  const server = await subtle.importKey("spki", fromBase64(handInKey), { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const { zip, bytes } = await packed(utf8(payload));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, /** @type {BufferSource} */ (bytes));
  return JSON.stringify(Object.assign(outside, {
    key: base64(new Uint8Array(await subtle.encrypt({ name: "RSA-OAEP" }, server, raw))),
    iv: base64(iv),
    zip,
    data: base64(new Uint8Array(data)),
  }));
}

/** What this player holds, as it stands now. @param {Player} player  @returns {Promise<string>} */
export function envelopeOf(player) {
  const { outbox, sync, opened, row } = player;
  if (!outbox || !sync) throw new Error("nothing to hand in yet");
  return enclose({
    sitting: row.id,
    device: outbox.device,
    ticket: opened.ticket,
    body: wholeBody(sync.header(), outbox.lines, outbox.sendable),
    handInKey: opened.hand_in_key,
  });
}
