// A film that is still being made, fed to the player piece by piece as the pieces appear (Media Source Extensions).

/** Seconds of film kept ready before and after the place on screen. */
const AHEAD = 30;
const BEHIND = 30;
const LOOK_AGAIN = 1000;

/** Whether this browser can be fed at all, or with this kind of film. */
export function canFeed(mime = null) {
  if (typeof MediaSource === "undefined") return false;
  return mime === null || MediaSource.isTypeSupported(mime);
}

/**
 * Feeds a `<video>` from `index()` -> {mime, complete, segments: [{first, frames, start_us, end_us}]},
 * `init()` and `piece(n)` -> ArrayBuffer. `end` is the film's length in microseconds once it is whole.
 */
export class Feed {
  #video;
  #source = new MediaSource();
  #buffer = null;
  #begun = false;
  #stopped = false;
  #timer = null;
  #working = false;
  #had = new Set();
  #address;

  constructor(video, { index, init, piece, endUs, onProgress = () => {}, onTrouble = () => {} }) {
    this.#video = video;
    this.ask = { index, init, piece };
    this.endUs = endUs;
    this.onProgress = onProgress;
    this.onTrouble = onTrouble;
    this.index = null;
    this.#address = URL.createObjectURL(this.#source);
    video.src = this.#address;
    this.nudge = () => this.#work();
    for (const name of ["seeking", "timeupdate", "waiting"]) video.addEventListener(name, this.nudge);
    this.#source.addEventListener("sourceopen", () => this.#begin(), { once: true });
  }

  /** Media time up to which there are pieces, microseconds. */
  get availableUs() {
    const pieces = this.index?.segments ?? [];
    return pieces.length ? pieces[pieces.length - 1].end_us : 0;
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const name of ["seeking", "timeupdate", "waiting"]) this.#video.removeEventListener(name, this.nudge);
    URL.revokeObjectURL(this.#address);
  }

  async #begin() {
    await this.#look();
  }

  async #look() {
    if (this.#stopped) return;
    try {
      this.index = await this.ask.index();
      if (this.#stopped) return;
      if (!this.#begun && this.index.segments.length) {
        const header = await this.ask.init();
        if (this.#stopped) return;
        if (!this.#buffer) {
          this.#buffer = this.#source.addSourceBuffer(this.index.mime);
          if (this.endUs) this.#source.duration = this.endUs / 1e6;
        }
        await this.#append(header);
        this.#begun = true;
      }
      this.onProgress(this.availableUs, this.index.complete);
      await this.#work();
    } catch (error) {
      if (!this.#stopped) this.onTrouble(error);
    }
    if (!this.#stopped && !this.index?.complete) this.#timer = setTimeout(() => this.#look(), LOOK_AGAIN);
  }

  #append(bytes) {
    return this.#change(() => this.#buffer.appendBuffer(bytes));
  }

  #change(change) {
    return new Promise((resolve, reject) => {
      const buffer = this.#buffer;
      const done = (event) => {
        buffer.removeEventListener("updateend", done);
        buffer.removeEventListener("error", done);
        if (event.type === "error") reject(new Error("A piece of the film could not be read."));
        else resolve();
      };
      buffer.addEventListener("updateend", done);
      buffer.addEventListener("error", done);
      try {
        change();
      } catch (error) {
        buffer.removeEventListener("updateend", done);
        buffer.removeEventListener("error", done);
        reject(error);
      }
    });
  }

  #isBuffered(us) {
    const { buffered } = this.#buffer;
    const seconds = us / 1e6;
    for (let part = 0; part < buffered.length; part += 1) {
      if (buffered.start(part) <= seconds && seconds < buffered.end(part)) return true;
    }
    return false;
  }

  /** The next piece that the place on screen needs, or -1. */
  #next() {
    const here = this.#video.currentTime * 1e6;
    const pieces = this.index.segments;
    for (let number = 0; number < pieces.length; number += 1) {
      const piece = pieces[number];
      if (piece.end_us <= here || piece.start_us > here + AHEAD * 1e6) continue;
      if (!this.#had.has(number) || !this.#isBuffered((piece.start_us + piece.end_us) / 2)) return number;
    }
    return -1;
  }

  async #work() {
    if (this.#working || this.#stopped || !this.#begun) return;
    this.#working = true;
    try {
      for (let number = this.#next(); number >= 0 && !this.#stopped; number = this.#next()) {
        const bytes = await this.ask.piece(number);
        if (this.#stopped) return;
        try {
          await this.#append(bytes);
        } catch (error) {
          if (error.name !== "QuotaExceededError") throw error;
          await this.#forget();
          await this.#append(bytes);
        }
        this.#had.add(number);
      }
      const pieces = this.index.segments;
      // Otherwise the player would wait at the end for more; a later piece opens the source again.
      const whole = this.index.complete && this.#had.has(pieces.length - 1);
      if (whole && this.#source.readyState === "open" && !this.#buffer.updating) this.#source.endOfStream();
    } catch (error) {
      if (!this.#stopped) this.onTrouble(error);
    } finally {
      this.#working = false;
    }
  }

  /** Make room: let go of what lies far from the place on screen. */
  async #forget() {
    const here = this.#video.currentTime;
    const { buffered } = this.#buffer;
    const last = buffered.length ? buffered.end(buffered.length - 1) : 0;
    if (here > BEHIND) await this.#change(() => this.#buffer.remove(0, here - BEHIND));
    if (last > here + AHEAD) await this.#change(() => this.#buffer.remove(here + AHEAD, last));
    this.#had = new Set([...this.#had].filter((number) => {
      const piece = this.index.segments[number];
      return this.#isBuffered((piece.start_us + piece.end_us) / 2);
    }));
  }
}
