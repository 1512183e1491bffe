// @ts-check
// How are bytes written as text and text as bytes? UTF-8, base64url, hexadecimal, Crockford base32.

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);

/** @param {ArrayBuffer | Uint8Array} bytes */
export const text = (bytes) => decoder.decode(bytes);

/**
 * Most significant bit first; a last incomplete group is filled with zero bits, without padding signs.
 * @param {Uint8Array} bytes
 * @param {number} width bits per sign
 * @param {string} alphabet
 */
function written(bytes, width, alphabet) {
  let out = "";
  let held = 0;
  let bits = 0;
  bytes.forEach((byte) => {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      out += alphabet[(held >> bits) & (alphabet.length - 1)];
    }
    held &= (1 << bits) - 1;
  });
  return bits ? out + alphabet[(held << (width - bits)) & (alphabet.length - 1)] : out;
}

/** @param {Uint8Array} bytes */
export const base64url = (bytes) => written(bytes, 6, BASE64URL);

/** @param {Uint8Array} bytes */
export const base32 = (bytes) => written(bytes, 5, CROCKFORD);

/** @param {Uint8Array} bytes */
export const hex = (bytes) => written(bytes, 4, "0123456789abcdef");

/** @param {string} source base64 with + and /, or base64url */
export function fromBase64(source) {
  const plain = atob(source.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {number} count */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}
