// The hashes of films: asked of the worker, or of the browser itself for pieces.

/** The film on this device cannot be read (any more): moved, changed, its card taken out. */
export class Unreadable extends Error {}

export class Proof {
  #address;
  #worker = null;
  #asked = new Map();
  #last = 0;

  /** @param {string} address where the worker's script is */
  constructor(address) {
    this.#address = address;
  }

  /** The 64 digits by which a film is known again (recognise.js). */
  samples(file) {
    return this.#ask("samples", file);
  }

  /** The SHA-256 of a whole film in hexadecimal; null when `signal` ended it. */
  film(file, signal) {
    return this.#ask("film", file, signal);
  }

  /** The SHA-256 of one piece, in Base64 as Upload-Checksum wants it. @param {ArrayBuffer} buffer */
  async piece(buffer) {
    const digest = globalThis.crypto?.subtle
      ? new Uint8Array(await crypto.subtle.digest("SHA-256", buffer))
      : await this.#ask("piece", buffer);
    return btoa(String.fromCharCode(...digest));
  }

  #ask(what, given, signal) {
    this.#worker ??= this.#start();
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      signal?.addEventListener("abort", () => this.#worker?.postMessage({ what: "stop", given: id }), { once: true });
      this.#worker.postMessage({ id, what, given });
    });
  }

  #start() {
    const worker = new Worker(this.#address, { type: "module" });
    worker.addEventListener("message", ({ data: { id, found, error } }) => {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (error) reject(new Unreadable(error));
      else resolve(found);
    });
    // A worker that cannot be loaded at all (a line lost at that moment): the next question starts another.
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#worker = null;
      for (const { reject } of this.#asked.values()) reject(new TypeError("The worker could not be started."));
      this.#asked.clear();
    });
    return worker;
  }
}
