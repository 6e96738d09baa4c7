// One film on screen, frame by frame. All times that go in and out are the film's own (microseconds) and its frames.

import { Lens } from "./times.js";

/** Places within a frame's interval that are tried until the browser shows that very frame. */
const PARTS = [0.5, 0.25, 0.75, 0.1, 0.9];
/** How long to wait for the browser to say which frame it has put on the screen, milliseconds. */
const PATIENCE = 250;
const NUDGE = 100; // microseconds: another time, and far less than a frame
/** Distances at which the next frame is looked for while nobody knows the frames, microseconds. */
const PROBES = [5e3, 9e3, 1.7e4, 2.1e4, 3.4e4, 4.2e4, 6.7e4, 1.2e5];
const SEEK_LIMIT = 15000;

export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

/** The browser opened the film but has no picture to show: a kind of film that it does not know. */
export class NoPicture extends Error {}

const micro = (seconds) => Math.round(seconds * 1e6);

function once(target, names, limit) {
  return new Promise((resolve) => {
    let timer;
    const done = (event) => {
      for (const name of names) target.removeEventListener(name, done);
      clearTimeout(timer);
      resolve(event?.type ?? null);
    };
    for (const name of names) target.addEventListener(name, done);
    if (limit) timer = setTimeout(() => done(null), limit);
  });
}

/**
 * A player without controls.
 *
 * Events: `shown` (another picture is on the screen), `state` (playing, speed, loop, sound), `trouble` (the source
 * broke), `waiting` (detail: whether it waits for the line), `passed` (a range came to its end).
 *
 * A source is `{key, kind, open(video) -> close(), film, media, limit()}`: `film` and `media` are frame lists or null,
 * `limit()` the film's time up to which there is something to show, or null.
 */
export class Player extends EventTarget {
  #video = null;
  #close = () => {};
  #turn = 0;
  #eager = false;
  #want = null;
  #chase = null;
  #chased = null;
  #callbacks = 0;
  #mediaUs = null;
  #presented = 0;
  #gaps = [];
  #waiters = new Set();
  #reverse = null;
  #range = null;
  #breath = null;
  #frameHandle = null;

  constructor(stage, { label = "The film" } = {}) {
    super();
    this.stage = stage;
    this.label = label;
    this.lens = new Lens();
    this.source = null;
    this.shown = { us: 0, frame: null, exact: false, known: false };
    this.rate = 1;
    this.muted = false;
    this.volume = 1;
    this.whenSlow = "pitch"; // "pitch": kept; "drop": goes down with the speed; "silent"
    this.loop = false;
    this.breathMs = 0;
    this.duration = 0;
  }

  // --- What is open -----------------------------------------------------------------------------------------

  get video() {
    return this.#video;
  }

  get open() {
    return this.#video !== null;
  }

  get playing() {
    return this.#video !== null && !this.#video.paused && !this.#video.ended;
  }

  /** Playing, going backwards, or between two rounds of a loop. */
  get busy() {
    return this.playing || this.#reverse !== null || this.#breath !== null;
  }

  get reverseSpeed() {
    return this.#reverse ? this.#reverse.speed : 0;
  }

  get range() {
    return this.#range;
  }

  get canCheck() {
    return "requestVideoFrameCallback" in HTMLVideoElement.prototype;
  }

  /** The film's times of its first frame and of its end. */
  get bounds() {
    const list = this.lens.film;
    return list ? [list.start, list.end] : [0, Math.max(this.duration, 1)];
  }

  /** The frame that is on screen or on its way to it. */
  get target() {
    return this.#want?.frame ?? this.#chased?.frame ?? this.shown.frame;
  }

  get targetUs() {
    return this.#want?.us ?? this.#chased?.us ?? this.shown.us;
  }

  /**
   * Show a source, at the same place as before; what is open now stays on screen until the new one is there.
   * Throws NoPicture. Resolves to false when another source was asked for meanwhile.
   */
  async use(source) {
    const turn = ++this.#turn;
    const video = document.createElement("video");
    video.playsInline = true;
    video.preload = "auto";
    video.disablePictureInPicture = true;
    video.disableRemotePlayback = true;
    video.tabIndex = -1;
    video.className = "ws-video ws-video--coming";
    video.setAttribute("aria-label", this.label);
    this.stage.append(video);
    const close = source.open(video);
    const drop = () => {
      video.removeAttribute("src");
      video.load();
      video.remove();
      close();
    };
    const outcome = await once(video, ["loadeddata", "error"]);
    if (turn !== this.#turn) {
      drop();
      return false;
    }
    if (outcome === "error") {
      const code = video.error?.code ?? 0;
      drop();
      if (code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE) throw new NoPicture();
      throw new Error("The film did not come.");
    }
    if (!video.videoWidth) {
      drop();
      throw new NoPicture();
    }
    const lens = new Lens(source.film, source.media);
    const playing = this.playing;
    const place = this.shown.known ? this.targetUs : null;
    if (place !== null) {
      const frame = lens.film ? lens.film.at(place) : null;
      video.currentTime = (frame === null ? place : lens.media.within(frame)) / 1e6;
      await once(video, ["seeked", "error"], SEEK_LIMIT);
      if (turn !== this.#turn) {
        drop();
        return false;
      }
    }
    this.#drop();
    this.#video = video;
    this.#close = close;
    this.source = source;
    this.lens = lens;
    this.duration = Number.isFinite(video.duration) ? micro(video.duration) : this.duration;
    video.classList.remove("ws-video--coming");
    this.#listen(video);
    this.#applySound();
    video.playbackRate = this.rate;
    this.#fire("source");
    await this.seek(place ?? this.bounds[0]);
    const eager = this.#eager;
    this.#eager = false;
    if ((playing || eager) && turn === this.#turn) await this.play();
    return true;
  }

  /** The frames became known, or known anew, while the same source is open. */
  know(film, media) {
    this.lens = new Lens(film, media);
    if (this.source) Object.assign(this.source, { film, media });
    if (this.#video && !this.playing && this.shown.known) this.seek(this.shown.us);
    this.#fire("source");
  }

  /** Let go of the film at once: nothing of it stays on the screen or in memory. */
  close() {
    this.#turn += 1;
    this.#stopAll();
    this.#drop();
    for (const coming of this.stage.querySelectorAll("video")) {
      coming.removeAttribute("src");
      coming.load();
      coming.remove();
    }
    this.source = null;
    this.#fire("state");
  }

  #drop() {
    const video = this.#video;
    if (!video) return;
    this.#video = null;
    if (this.#frameHandle !== null) video.cancelVideoFrameCallback?.(this.#frameHandle);
    this.#frameHandle = null;
    this.#mediaUs = null;
    for (const waiter of [...this.#waiters]) waiter(true);
    video.pause();
    video.removeAttribute("src");
    video.load();
    video.remove();
    this.#close();
    this.#close = () => {};
  }

  #listen(video) {
    const here = () => video === this.#video;
    const state = () => here() && this.#fire("state");
    for (const name of ["play", "pause", "ratechange", "volumechange"]) video.addEventListener(name, state);
    video.addEventListener("durationchange", () => {
      if (here() && Number.isFinite(video.duration)) this.duration = micro(video.duration);
    });
    video.addEventListener("waiting", () => here() && this.#fire("waiting", true));
    video.addEventListener("playing", () => here() && this.#fire("waiting", false));
    video.addEventListener("seeked", () => here() && this.#fire("waiting", false));
    video.addEventListener("error", () => here() && this.#fire("trouble"));
    video.addEventListener("ended", () => {
      if (!here()) return;
      if (this.loop && !this.#range) this.#again(this.bounds[0]);
      else if (this.#range) this.#passed();
      else if (this.lens.film) this.show(this.lens.film.last);
      this.#fire("state");
    });
    video.addEventListener("timeupdate", () => {
      // Where the browser does not tell about frames, its clock must do.
      if (here() && !this.canCheck && this.playing) this.#saw(micro(video.currentTime));
    });
    this.#watch(video);
  }

  #watch(video) {
    if (!this.canCheck) return;
    this.#frameHandle = video.requestVideoFrameCallback((_now, frame) => {
      if (video !== this.#video) return;
      const mediaUs = micro(frame.mediaTime);
      if (this.playing && this.#mediaUs !== null && frame.presentedFrames === this.#presented + 1) {
        const gap = mediaUs - this.#mediaUs;
        if (gap > 0) this.#gaps = [...this.#gaps.slice(-20), gap];
      }
      this.#presented = frame.presentedFrames;
      this.#saw(mediaUs);
      this.#watch(video);
    });
  }

  /** A picture came to the screen. */
  #saw(mediaUs) {
    this.#callbacks += 1;
    this.#mediaUs = mediaUs;
    for (const waiter of [...this.#waiters]) waiter();
    if (!this.playing && this.#chased) return; // the chase tells what it caught
    this.#tell(this.canCheck);
    this.#checkRange();
  }

  #tell(checked) {
    const frame = this.lens.frameOf(this.#mediaUs);
    const us = frame === null ? Math.max(0, this.#mediaUs) : this.lens.film.time(frame);
    this.shown = { us, frame, exact: checked && frame !== null, known: true };
    this.#fire("shown", this.shown);
  }

  // --- Going to a place -------------------------------------------------------------------------------------

  /** Show one frame; resolves when it, or a newer wish, is on screen. */
  show(frame) {
    const list = this.lens.film;
    if (!list) return Promise.resolve();
    const index = list.clamp(frame);
    return this.#go({ frame: this.#reachable(index), us: list.time(this.#reachable(index)) });
  }

  /** Show the picture of a time of the film. */
  seek(us) {
    const list = this.lens.film;
    if (list) return this.show(list.at(us));
    const [from, to] = this.bounds;
    return this.#go({ us: Math.min(Math.max(us, from), to) });
  }

  /** One frame on or back (or several). */
  step(count) {
    this.#halt();
    if (this.lens.film) return this.show((this.target ?? 0) + count);
    return this.#stepBlind(Math.sign(count));
  }

  /** On or back by a stretch of time. */
  jump(us) {
    if (this.#reverse) this.#halt();
    return this.seek(this.targetUs + us);
  }

  #reachable(index) {
    const limit = this.source?.limit?.() ?? null;
    return limit === null ? index : Math.min(index, this.lens.film.at(limit - 1000));
  }

  #go(want) {
    if (!this.#video) return Promise.resolve();
    this.#want = want;
    this.#chase ??= this.#run().finally(() => {
      this.#chase = null;
    });
    return this.#chase;
  }

  async #run() {
    while (this.#want && this.#video) {
      const want = this.#want;
      this.#want = null;
      this.#chased = want;
      const { film, media } = this.lens;
      let sure = false;
      if (want.frame !== undefined && film) {
        for (const part of PARTS) {
          sure = await this.#seekMedia(media.within(want.frame, part), (us) => this.lens.frameOf(us) === want.frame);
          if (sure || this.#want || !this.#video || this.playing || !this.canCheck) break;
        }
      } else {
        await this.#seekMedia(this.lens.toMedia(want.us), null);
      }
      if (!this.#video) break;
      if (!this.canCheck) this.#mediaUs = micro(this.#video.currentTime);
      if (this.#mediaUs !== null) this.#tell(sure || (want.frame === undefined && this.canCheck));
    }
    this.#chased = null;
  }

  /** Seek, and wait until the browser says that a picture for which `right` holds is on screen. */
  async #seekMedia(us, right) {
    const video = this.#video;
    const seen = this.#callbacks;
    video.currentTime = us / 1e6;
    await once(video, ["seeked", "error", "emptied"], SEEK_LIMIT);
    if (video !== this.#video || !this.canCheck) return false;
    const good = () => this.#mediaUs !== null && (right ? right(this.#mediaUs) : true);
    if (this.playing) return good();
    await new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve();
      };
      const look = (gone) => {
        if (gone || (this.#callbacks > seen && good())) finish();
      };
      const timer = setTimeout(finish, PATIENCE);
      this.#waiters.add(look);
      look();
    });
    return video === this.#video && good();
  }

  async #stepBlind(direction) {
    const from = this.#mediaUs ?? 0;
    const gap = this.#gaps.length ? [...this.#gaps].sort((a, b) => a - b)[this.#gaps.length >> 1] : null;
    const aims = direction < 0 ? [0.5, 1, 1.5, 2.5].map((part) => -part * (gap ?? 33333)) : [];
    if (direction > 0) aims.push(...(gap ? [1.5, 2, 2.5, 3.5].map((part) => part * gap) : PROBES));
    for (const aim of aims) {
      await this.#go({ us: Math.max(0, from + aim) });
      if (this.#mediaUs === null || Math.sign(this.#mediaUs - from) === direction) break;
    }
    const moved = this.#mediaUs === null ? 0 : Math.abs(this.#mediaUs - from);
    if (!gap && direction > 0 && moved > 0) this.#gaps = [moved];
  }

  // --- Playing ----------------------------------------------------------------------------------------------

  async play() {
    const video = this.#video;
    if (!video) {
      this.#eager = true; // asked for before the film was there: it begins when it is
      return;
    }
    this.#endReverse();
    this.#endBreath();
    if (this.#range && this.#beyond(this.#range)) {
      if (this.loop) await this.seek(this.#range.from);
      else this.#range = null;
    }
    if (!this.#range && (video.ended || this.#atEnd())) await this.seek(this.bounds[0]);
    await this.#start();
  }

  async #start() {
    if (this.#chase) await this.#chase;
    const video = this.#video;
    if (!video) return;
    try {
      await video.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.#fire("refused");
      else if (error.name !== "AbortError") throw error;
    }
  }

  pause() {
    this.#eager = false;
    this.#halt();
    this.#fire("state");
  }

  toggle() {
    if (this.busy || this.#eager) this.pause();
    else this.play();
  }

  /** J: backwards, by going to one earlier picture after another; again for twice, then four times the speed. */
  back() {
    const speed = this.#reverse ? Math.min(4, this.#reverse.speed * 2) : 1;
    if (this.playing || this.#breath) this.#halt();
    this.#range = null;
    if (this.#reverse) {
      this.#reverse.speed = speed;
    } else {
      this.#reverse = { speed, at: performance.now(), us: this.shown.us, handle: 0 };
      this.#reverse.handle = requestAnimationFrame((now) => this.#backwards(now));
    }
    this.#fire("state");
  }

  /** L: forwards; again for twice, then four times the speed. */
  forward() {
    if (this.#reverse) {
      this.#halt();
      this.setRate(1);
      return this.play();
    }
    if (this.playing) this.setRate(this.rate < 1 ? 1 : Math.min(4, this.rate * 2));
    return this.play();
  }

  #backwards(now) {
    const reverse = this.#reverse;
    if (!reverse) return;
    reverse.us -= (now - reverse.at) * 1000 * reverse.speed;
    reverse.at = now;
    const start = this.bounds[0];
    if (reverse.us <= start) {
      this.seek(start);
      this.#endReverse();
      this.#fire("state");
      return;
    }
    if (!this.#chase) this.seek(reverse.us);
    reverse.handle = requestAnimationFrame((later) => this.#backwards(later));
  }

  #atEnd() {
    const list = this.lens.film;
    return list ? this.shown.frame === list.last : this.shown.us >= this.bounds[1] - 1;
  }

  #endReverse() {
    if (this.#reverse) cancelAnimationFrame(this.#reverse.handle);
    this.#reverse = null;
  }

  #endBreath() {
    clearTimeout(this.#breath);
    this.#breath = null;
  }

  #halt() {
    this.#endReverse();
    this.#endBreath();
    if (this.#video && !this.#video.paused) this.#stand();
  }

  /** Stand still, on the frame that the film's clock has reached: the picture may be one ahead of what was told. */
  #stand() {
    this.#video.pause();
    this.#mediaUs = micro(this.#video.currentTime);
    this.#tell(this.canCheck);
    if (this.lens.film) this.show(this.shown.frame);
    // Not to the very same time: Chromium leaves out a seek to where a paused film stands, and with it the picture.
    else this.#go({ us: this.#mediaUs + NUDGE });
  }

  #stopAll() {
    this.#halt();
    this.#want = null;
    this.#range = null;
  }

  setRate(rate) {
    this.rate = Math.min(4, Math.max(0.1, rate));
    if (this.#video) this.#video.playbackRate = this.rate;
    this.#applySound();
    this.#fire("state");
  }

  /** The next slower (-1) or faster (+1) speed of the list. */
  changeRate(direction) {
    const options = direction > 0 ? SPEEDS.filter((one) => one > this.rate) : SPEEDS.filter((one) => one < this.rate);
    if (options.length) this.setRate(direction > 0 ? options[0] : options[options.length - 1]);
  }

  setSound({ muted = this.muted, volume = this.volume, whenSlow = this.whenSlow }) {
    Object.assign(this, { muted, volume, whenSlow });
    this.#applySound();
    this.#fire("state");
  }

  #applySound() {
    const video = this.#video;
    if (!video) return;
    video.volume = this.volume;
    video.muted = this.muted || (this.rate < 1 && this.whenSlow === "silent");
    video.preservesPitch = this.whenSlow !== "drop";
  }

  // --- From here to there -----------------------------------------------------------------------------------

  /**
   * Play `range` = {from, to, name}: film's times of its first and last frame, both shown. With `loop` on it starts
   * again after a breath, else it stops on its last frame and says `passed`.
   */
  async playRange(range) {
    this.#halt();
    this.#range = range;
    await this.seek(range.from);
    if (this.#range === range) await this.#start();
  }

  /** What the loop repeats; null for the whole film. Playing goes on. */
  setRange(range) {
    this.#range = range;
    this.#fire("state");
  }

  setLoop(loop) {
    this.loop = loop;
    if (!loop && this.#breath) this.#halt();
    this.#fire("state");
  }

  #beyond(range) {
    return this.shown.us >= range.to || this.shown.us < range.from;
  }

  #checkRange() {
    const range = this.#range;
    if (!range || !this.playing || this.shown.us < range.to) return;
    this.#passed();
  }

  async #passed() {
    const range = this.#range;
    this.#video.pause();
    await this.seek(range.to);
    if (this.#range !== range) return;
    if (this.loop) {
      this.#again(range.from);
    } else {
      this.#range = null;
      this.#fire("passed", range);
      this.#fire("state");
    }
  }

  #again(from) {
    this.#endBreath();
    this.#breath = setTimeout(async () => {
      this.#breath = null;
      await this.seek(from);
      this.#start();
    }, this.breathMs);
    this.#fire("state");
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
