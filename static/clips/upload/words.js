// Sizes, speeds and times as people say them.

const UNITS = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "KB"],
];

export function size(bytes) {
  for (const [unit, name] of UNITS) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(bytes / unit < 10 ? 1 : 0).replace(/\.0$/, "")} ${name}`;
  }
  return `${bytes} bytes`;
}

export function timeLeft(seconds) {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 6) / 10} hours left`;
}

/** Whole per cent, never 100 before it is all. */
export const percent = (part, whole) => (part >= whole ? 100 : Math.min(99, Math.floor((100 * part) / (whole || 1))));

const NOT_FILMS = [
  [/^image\//, "a picture, not a film"],
  [/^audio\//, "sound alone, not a film"],
  [/^text\//, "text, not a film"],
  [/pdf$|document|spreadsheet|presentation|msword|zip|json$/, "a document, not a film"],
];

/** What is wrong with a file that nobody has to send first to find out; empty when nothing is. */
export function unfit(file, { mostBytes, mostWords }) {
  const name = `“${file.name}”`;
  if (!file.size) return `${name} is empty: it has no bytes in it. Choose the film itself.`;
  const what = NOT_FILMS.find(([pattern]) => pattern.test(file.type));
  if (what) return `${name} is ${what[1]}. Choose a film.`;
  if (file.size > mostBytes) {
    return `${name} is ${size(file.size)}, and the largest that we take is ${mostWords}. Cut it on the device to the part that you need, or film with a lower quality setting.`;
  }
  return "";
}

/** Speed over the last half minute, so that the time left does not jump. */
export class Speed {
  #seen = [];

  /** @param {number} sent bytes so far */
  note(sent, now = performance.now()) {
    const last = this.#seen.at(-1);
    if (last && sent < last[1]) this.#seen = []; // a piece that was lost is sent again
    if (last && now - last[0] < 250) return;
    this.#seen.push([now, sent]);
    while (this.#seen.length > 2 && now - this.#seen[0][0] > 30_000) this.#seen.shift();
  }

  stop() {
    this.#seen = [];
  }

  /** Bytes a second; null while nobody can say yet. */
  get rate() {
    if (this.#seen.length < 2) return null;
    const [from, to] = [this.#seen[0], this.#seen.at(-1)];
    return to[0] - from[0] < 2000 ? null : ((to[1] - from[1]) * 1000) / (to[0] - from[0]);
  }
}
