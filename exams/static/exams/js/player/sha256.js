// @ts-check
// What is the SHA-256 of these bytes? Our own code, because phones in a school network without TLS have no
// crypto.subtle, and because the outbox needs the answer at once and not in a later turn. (FIPS 180-4.)

/** Fractional parts of the square (root 2) or cube (root 3) roots of the first primes, as 32-bit words. */
function constants(count, root) {
  const words = [];
  for (let n = 2; words.length < count; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (prime) words.push(((Math.pow(n, 1 / root) % 1) * 4294967296) | 0);
  }
  return words;
}

const START = constants(8, 2);
const ROUND = constants(64, 3);

/** The message with its 1 bit, zeros and 64-bit length, in whole 64-byte blocks. */
function padded(bytes) {
  const length = bytes.length;
  const whole = new Uint8Array(((length + 72) >> 6) << 6);
  whole.set(bytes);
  whole[length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(whole.length - 4, (length << 3) >>> 0);
  return view;
}

const rotate = (word, by) => (word >>> by) | (word << (32 - by));

function mix(state, schedule) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const choose = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const high = (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + h + choose + ROUND[i] + schedule[i];
    const low = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    h = g; g = f; f = e; e = (d + high) | 0;
    d = c; c = b; b = a; a = (high + low) | 0;
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array} 32 bytes
 */
export function sha256(bytes) {
  const view = padded(bytes);
  const schedule = new Int32Array(64);
  let state = START;
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i += 1) schedule[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const x = schedule[i - 15];
      const y = schedule[i - 2];
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) | 0;
    }
    state = mix(state, schedule);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(i * 4, word));
  return new Uint8Array(out.buffer);
}
