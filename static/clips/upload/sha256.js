// SHA-256 (FIPS 180-4) piece by piece, for files larger than memory: the browser's own crypto.subtle cannot go on
// from where it was, and takes no file. Plain JavaScript, since WebAssembly would need a hole in the content security
// policy.

const K = new Int32Array(64);
const START = new Int32Array(8);

// The constants are the first 32 bits of the fractions of the cube (K) and square (START) roots of the first primes.
(() => {
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  let found = 0;
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true;
    for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    K[found] = fraction(Math.cbrt(candidate));
    found += 1;
  }
})();

const W = new Int32Array(64);

/** Mix `count` blocks of 64 bytes of `data`, from `at`, into `state`. Eight rounds at a time, so that no word has to be
    moved from one variable to the next: twice as fast as the loop of the standard. */
function mix(state, data, at, count) {
  let s0 = state[0] | 0, s1 = state[1] | 0, s2 = state[2] | 0, s3 = state[3] | 0;
  let s4 = state[4] | 0, s5 = state[5] | 0, s6 = state[6] | 0, s7 = state[7] | 0;
  const end = at + 64 * count;
  while (at < end) {
    for (let i = 0; i < 16; i += 1) {
      W[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
      at += 4;
    }
    for (let i = 16; i < 64; i += 1) {
      const x = W[i - 15] | 0;
      const y = W[i - 2] | 0;
      W[i] =
        (W[i - 16] + W[i - 7] +
          (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
          (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
    }
    let a = s0, b = s1, c = s2, d = s3, e = s4, f = s5, g = s6, h = s7;
    for (let i = 0; i < 64; i += 8) {
      h = (h + K[i] + W[i] + ((((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))) + (g ^ (e & (f ^ g)))) | 0;
      d = (d + h) | 0;
      h = (h + ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))) + ((a & b) | (c & (a | b)))) | 0;
      g = (g + K[i + 1] + W[i + 1] + ((((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7)))) + (f ^ (d & (e ^ f)))) | 0;
      c = (c + g) | 0;
      g = (g + ((((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10)))) + ((h & a) | (b & (h | a)))) | 0;
      f = (f + K[i + 2] + W[i + 2] + ((((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7)))) + (e ^ (c & (d ^ e)))) | 0;
      b = (b + f) | 0;
      f = (f + ((((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10)))) + ((g & h) | (a & (g | h)))) | 0;
      e = (e + K[i + 3] + W[i + 3] + ((((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7)))) + (d ^ (b & (c ^ d)))) | 0;
      a = (a + e) | 0;
      e = (e + ((((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10)))) + ((f & g) | (h & (f | g)))) | 0;
      d = (d + K[i + 4] + W[i + 4] + ((((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7)))) + (c ^ (a & (b ^ c)))) | 0;
      h = (h + d) | 0;
      d = (d + ((((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10)))) + ((e & f) | (g & (e | f)))) | 0;
      c = (c + K[i + 5] + W[i + 5] + ((((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7)))) + (b ^ (h & (a ^ b)))) | 0;
      g = (g + c) | 0;
      c = (c + ((((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10)))) + ((d & e) | (f & (d | e)))) | 0;
      b = (b + K[i + 6] + W[i + 6] + ((((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7)))) + (a ^ (g & (h ^ a)))) | 0;
      f = (f + b) | 0;
      b = (b + ((((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10)))) + ((c & d) | (e & (c | d)))) | 0;
      a = (a + K[i + 7] + W[i + 7] + ((((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7)))) + (h ^ (f & (g ^ h)))) | 0;
      e = (e + a) | 0;
      a = (a + ((((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))) + ((b & c) | (d & (b | c)))) | 0;
    }
    s0 = (s0 + a) | 0;
    s1 = (s1 + b) | 0;
    s2 = (s2 + c) | 0;
    s3 = (s3 + d) | 0;
    s4 = (s4 + e) | 0;
    s5 = (s5 + f) | 0;
    s6 = (s6 + g) | 0;
    s7 = (s7 + h) | 0;
  }
  state.set([s0, s1, s2, s3, s4, s5, s6, s7]);
}

/** A hash that grows: `update(bytes)` as often as needed, then `digest()` once. */
export class Sha256 {
  #state = START.slice();
  #rest = new Uint8Array(64);
  #kept = 0; // bytes in #rest
  #length = 0;

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#kept) {
      at = Math.min(64 - this.#kept, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#kept);
      this.#kept += at;
      if (this.#kept < 64) return this;
      mix(this.#state, this.#rest, 0, 1);
      this.#kept = 0;
    }
    const blocks = (bytes.length - at) >>> 6;
    mix(this.#state, bytes, at, blocks);
    at += blocks * 64;
    this.#rest.set(bytes.subarray(at), 0);
    this.#kept = bytes.length - at;
    return this;
  }

  /** @returns {Uint8Array} the 32 bytes; the hash cannot go on afterwards */
  digest() {
    const tail = new Uint8Array(this.#kept < 56 ? 64 : 128);
    tail.set(this.#rest.subarray(0, this.#kept));
    tail[this.#kept] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(this.#length / 2 ** 29));
    view.setUint32(tail.length - 4, (this.#length * 8) % 2 ** 32);
    mix(this.#state, tail, 0, tail.length / 64);
    const out = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => out.setInt32(4 * index, word));
    return new Uint8Array(out.buffer);
  }
}

/** @param {Uint8Array} bytes @returns {string} hexadecimal */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
