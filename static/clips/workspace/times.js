// Time and frame arithmetic. Every time is a whole number of microseconds of presented time.

/** A browser may report a frame's time a rounding error early: this much before a frame still is that frame. */
export const SLACK_US = 500;

/** The presented frames of a film: when each begins, and when the last one ends. */
export class FrameList {
  /**
   * @param {ArrayLike<number>} times begin of each frame, rising
   * @param {number} end when the last frame ends
   */
  constructor(times, end) {
    if (!times.length) throw new RangeError("A film has at least one frame.");
    this.times = Float64Array.from(times);
    this.end = Math.max(end, this.times[this.times.length - 1] + 1);
  }

  /** From the server's spelling: the first time, then the gaps. */
  static fromGaps(gaps, end) {
    const times = new Float64Array(gaps.length);
    let at = 0;
    gaps.forEach((gap, index) => {
      at += gap;
      times[index] = at;
    });
    return new FrameList(times, end);
  }

  get count() {
    return this.times.length;
  }

  get last() {
    return this.times.length - 1;
  }

  get start() {
    return this.times[0];
  }

  clamp(frame) {
    return Math.min(Math.max(Math.round(frame), 0), this.last);
  }

  /** When a frame begins. */
  time(frame) {
    return this.times[this.clamp(frame)];
  }

  /** When a frame ends: the next one's begin, or the film's end. */
  until(frame) {
    const index = this.clamp(frame);
    return index === this.last ? this.end : this.times[index + 1];
  }

  /** A point within a frame's interval; its middle is the safest place to seek to. */
  within(frame, part = 0.5) {
    return this.time(frame) + (this.until(frame) - this.time(frame)) * part;
  }

  /** The frame on screen at a time: the last that begins at or before it. */
  at(us) {
    const wanted = us + SLACK_US;
    let low = 0;
    let high = this.last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The frame whose begin lies nearest: what a dragged edge snaps to. */
  nearest(us) {
    const before = this.at(us);
    if (before === this.last) return before;
    return us - this.times[before] <= this.times[before + 1] - us ? before : before + 1;
  }
}

/**
 * How the film's own times and those of the file being played belong together.
 *
 * The film's list is the original's. The file played is the original itself (the same list), or the proxy or its
 * pieces: frame k is frame k, at a time of its own.
 */
export class Lens {
  /**
   * @param {FrameList | null} film null while nobody knows the frames yet
   * @param {FrameList | null} media null: the file played is the original
   */
  constructor(film = null, media = null) {
    this.film = film;
    this.media = media ?? film;
  }

  /** The film's frame shown at a time of the file played, or null. */
  frameOf(mediaUs) {
    return this.media ? Math.min(this.media.at(mediaUs), this.film.last) : null;
  }

  /** The film's time of what is shown at a time of the file played. Inside a frame it goes on evenly. */
  toFilm(mediaUs) {
    if (!this.film || this.media === this.film) return mediaUs;
    const frame = this.frameOf(mediaUs);
    return Math.min(this.film.time(frame) + Math.max(0, mediaUs - this.media.time(frame)), this.film.until(frame));
  }

  /** The time of the file played at which the film's time is shown. */
  toMedia(filmUs) {
    if (!this.film || this.media === this.film) return filmUs;
    const frame = this.film.at(filmUs);
    return Math.min(this.media.time(frame) + Math.max(0, filmUs - this.film.time(frame)), this.media.until(frame));
  }
}

const two = (number) => String(number).padStart(2, "0");

/** "00:46.133", with hours only when there are any. */
export function clock(us, digits = 3) {
  const unit = 10 ** (6 - digits);
  const whole = Math.max(0, Math.floor(us / unit + 1e-6));
  const perSecond = 10 ** digits;
  const seconds = Math.floor(whole / perSecond);
  const hours = Math.floor(seconds / 3600);
  const rest = digits ? `.${String(whole % perSecond).padStart(digits, "0")}` : "";
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
  return hours ? `${hours}:${minutes}` : minutes;
}

/** "0:46.1": the short form for lists. */
export function shortClock(us) {
  const text = clock(us, 1);
  return text.startsWith("0") ? text.slice(1) : text;
}

/** "7.8 s" */
export function length(us) {
  return `${(Math.max(0, us) / 1e6).toFixed(1)} s`;
}

/** "1 minute 46.1 seconds": for people who listen. */
export function spoken(us) {
  const tenths = Math.round(us / 1e5);
  const minutes = Math.floor(tenths / 600);
  const seconds = (tenths % 600) / 10;
  const words = `${seconds} second${seconds === 1 ? "" : "s"}`;
  return minutes ? `${minutes} minute${minutes === 1 ? "" : "s"} ${words}` : words;
}

/** "about 2 minutes left" */
export function left(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `about ${minutes} minute${minutes === 1 ? "" : "s"} left`;
}

/** The distances between lines of a ruler, microseconds. */
const STEPS = [
  1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1.5e7, 3e7, 6e7, 1.2e8, 3e8, 6e8, 9e8, 1.8e9, 3.6e9,
];

/** The lines of a ruler so that labels stand at least `apart` pixels from one another. */
export function ruler(from, to, width, apart = 80) {
  const least = ((to - from) / Math.max(1, width)) * apart;
  const step = STEPS.find((each) => each >= least) ?? STEPS[STEPS.length - 1];
  const lines = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) lines.push(at);
  return { step, lines };
}

/** How many digits of a second a ruler with this step needs. */
export function rulerDigits(step) {
  return step >= 1e6 ? 0 : step >= 1e5 ? 1 : 2;
}
