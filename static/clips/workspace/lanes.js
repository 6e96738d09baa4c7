// What is drawn on canvas: ruler, storyboard, sound, and the whole film small.

import { clock, ruler, rulerDigits } from "./times.js";

/** Size a canvas to its box in real pixels; returns its context and its size in CSS pixels, or null when hidden. */
export function prepared(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [real, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== real) canvas.width = real;
  if (canvas.height !== tall) canvas.height = tall;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** The colours of the stylesheet, for the canvases. */
export function palette(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--ws-ink"),
    quiet: read("--ws-ink-quiet"),
    line: read("--ws-line"),
    sound: read("--ws-sound"),
    coming: read("--ws-coming"),
  };
}

export function drawRuler(canvas, view, colours) {
  const sheet = prepared(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const { step, lines } = ruler(view.from, view.to, width, 76);
  const digits = rulerDigits(step);
  context.font = "12px Arial, sans-serif";
  context.textBaseline = "middle";
  context.fillStyle = colours.text;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const at of lines) {
    const x = Math.round(((at - view.from) / (view.to - view.from)) * width) + 0.5;
    context.moveTo(x, height - 5);
    context.lineTo(x, height);
    const label = clock(at, digits).replace(/^0(\d:)/, "$1");
    const half = context.measureText(label).width / 2;
    context.fillText(label, Math.min(Math.max(x - half, 0), width - half * 2), height / 2 - 2);
  }
  context.stroke();
}

/** The sheet of small pictures: {columns, tile_w, tile_h, times_us}. */
export class Storyboard {
  constructor(image, layout) {
    this.image = image;
    this.layout = layout;
  }

  /** Which tile is nearest to a time. */
  tile(us) {
    const times = this.layout.times_us;
    let best = 0;
    for (let number = 1; number < times.length; number += 1) {
      if (Math.abs(times[number] - us) > Math.abs(times[best] - us)) break;
      best = number;
    }
    return best;
  }

  draw(canvas, view) {
    const sheet = prepared(canvas);
    if (!sheet) return;
    const { context, width, height } = sheet;
    const { columns, tile_w: tileWidth, tile_h: tileHeight } = this.layout;
    const shown = (tileWidth / tileHeight) * height;
    const each = (view.to - view.from) / (width / shown);
    // Slots stand still in the film, so that scrolling moves the pictures instead of exchanging them.
    for (let slot = Math.floor(view.from / each); slot * each < view.to; slot += 1) {
      const tile = this.tile((slot + 0.5) * each);
      const [column, row] = [tile % columns, Math.floor(tile / columns)];
      const x = ((slot * each - view.from) / (view.to - view.from)) * width;
      context.drawImage(
        this.image,
        column * tileWidth,
        row * tileHeight,
        tileWidth,
        tileHeight,
        x,
        0,
        Math.ceil(shown),
        height,
      );
    }
  }
}

/** The outline of the sound, from {per_second, min_max}; `start` is the film's time of its first step. */
export class Sound {
  constructor({ per_second: perSecond, min_max: coded }, start = 0) {
    this.step = 1e6 / perSecond;
    this.start = start;
    this.values = Int8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
    let loudest = 1;
    for (const value of this.values) loudest = Math.max(loudest, Math.abs(value));
    this.gain = 1 / Math.max(24, loudest); // quiet rooms are shown larger, silence stays silent
  }

  draw(canvas, view, colour) {
    const sheet = prepared(canvas);
    if (!sheet) return;
    const { context, width, height } = sheet;
    const steps = this.values.length / 2;
    const middle = height / 2;
    context.fillStyle = colour;
    for (let x = 0; x < width; x += 1) {
      const at = (part) => (view.from + ((view.to - view.from) * part) / width - this.start) / this.step;
      const first = Math.max(0, Math.floor(at(x)));
      const last = Math.min(steps - 1, Math.max(first, Math.ceil(at(x + 1)) - 1));
      if (first > last || at(x + 1) < 0) continue;
      let low = 0;
      let high = 0;
      for (let step = first; step <= last; step += 1) {
        low = Math.min(low, this.values[step * 2]);
        high = Math.max(high, this.values[step * 2 + 1]);
      }
      const top = middle - high * this.gain * (middle - 1);
      const bottom = middle - low * this.gain * (middle - 1);
      context.fillRect(x, top, 1, Math.max(1, bottom - top));
    }
  }
}

/** A lane that has nothing to show says why. */
export function drawWords(canvas, words, colours) {
  const sheet = prepared(canvas);
  if (!sheet) return;
  sheet.context.font = "14px Arial, sans-serif";
  sheet.context.textBaseline = "middle";
  sheet.context.fillStyle = colours.quiet;
  sheet.context.fillText(words, 8, sheet.height / 2);
}

/** The whole film as a thin strip with its marks. */
export function drawWhole(canvas, bounds, marks, colours, mark) {
  const sheet = prepared(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const x = (us) => ((us - bounds[0]) / (bounds[1] - bounds[0])) * width;
  context.fillStyle = colours.line;
  context.fillRect(0, height / 2 - 1, width, 2);
  for (const each of marks) {
    context.fillStyle = mark(each);
    context.fillRect(x(each.first_us), 4, Math.max(2, x(each.last_us) - x(each.first_us)), height - 8);
  }
}

