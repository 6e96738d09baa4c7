// Which copy of the film is shown, and why: the file on this device while it is sent, the original, the pieces of a
// copy that is being made, or the finished copy. Asks the server about once a second.

import { RequestFailed } from "./api.js";
import { NoPicture } from "./player.js";
import { canFeed, Feed } from "./segments.js";
import { FrameList } from "./times.js";

const ASK_AGAIN = 1000;
const ASK_AGAIN_SETTLED = 1500;
const TRY_AGAIN = [1000, 2000, 5000];
/** The sound of a piece may end before its picture, and what lacks either cannot be shown yet: microseconds. */
const SOUND_BEHIND = 250_000;
const ENDED = new Set(["stopped", "destroyed"]);
const SETTLED = new Set(["ready"]);

/**
 * Events: `status` (detail: film-status), `frames` (the film's frames are known), `says` (detail: what to show instead
 * of a picture: {text, more, progress} or null), `closed` (detail: reasons), `opened`, `lost` (detail: line gone or
 * back), `available` (detail: film's time up to which there are pieces, or null).
 */
export class Film extends EventTarget {
  #api;
  #player;
  #file;
  #timer = null;
  #abort = new AbortController();
  #failed = new Set();
  #opening = null;
  #later = null;
  #tries = 0;
  #framesFor = null;
  #feed = null;
  #fileUrl = null;

  constructor({ api, player, file = null }) {
    super();
    this.#api = api;
    this.#player = player;
    this.#file = file;
    this.status = null;
    this.list = null;
    this.proxy = null;
    this.closed = false;
    this.lineLost = false;
    player.addEventListener("state", () => {
      if (!player.busy) this.#choose();
    });
    player.addEventListener("trouble", () => this.#trouble());
  }

  start() {
    if (this.#file) this.#choose();
    return this.#ask();
  }

  stop() {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#later);
    this.#player.close();
    if (this.#fileUrl) URL.revokeObjectURL(this.#fileUrl);
    this.#fileUrl = null;
  }

  // --- Asking -----------------------------------------------------------------------------------------------

  async #ask() {
    if (this.#abort.signal.aborted) return;
    clearTimeout(this.#timer);
    try {
      const status = await this.#api.status(this.#abort.signal);
      this.#line(false);
      await this.#hear(status);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      if (error instanceof RequestFailed && [403, 404, 410].includes(error.status)) {
        this.#close(error.data?.reasons ?? ["This film is not there for you any more."]);
      } else {
        this.#line(true);
      }
    }
    if (this.#abort.signal.aborted) return;
    const settled = SETTLED.has(this.status?.state) && this.status?.clips?.every((clip) => clip.state === "ready");
    this.#timer = setTimeout(() => this.#ask(), settled ? ASK_AGAIN_SETTLED : ASK_AGAIN);
  }

  #line(lost) {
    if (lost === this.lineLost) return;
    this.lineLost = lost;
    this.#fire("lost", lost);
  }

  async #hear(status) {
    this.status = status;
    if (!status.consent.allowed || ENDED.has(status.state)) {
      this.#close(status.consent.reasons.length ? status.consent.reasons : [status.state_label]);
      this.#fire("status", status);
      return;
    }
    if (this.closed) {
      this.closed = false;
      this.#fire("opened");
    }
    this.#fire("status", status);
    await this.#learn(status.playable);
    this.#choose();
  }

  #close(reasons) {
    this.#player.close();
    this.#feed = null;
    const first = !this.closed;
    this.closed = true;
    if (first) this.#fire("closed", reasons);
  }

  /** The frame lists: once when the film has been checked, and again when the copy is finished. */
  async #learn(playable) {
    const wanted = playable.frames_url ? `${playable.frames_url} ${playable.kind === "proxy"}` : null;
    if (!wanted || wanted === this.#framesFor) return;
    let data;
    try {
      data = await this.#api.json(playable.frames_url);
    } catch (error) {
      if (error instanceof RequestFailed) return; // asked again with the next status
      this.#line(true);
      return;
    }
    this.#framesFor = wanted;
    const first = this.list === null;
    if (first) this.list = FrameList.fromGaps(data.original, data.end_us);
    if (data.proxy) {
      const proxy = FrameList.fromGaps(data.proxy, 0);
      const tail = this.list.end - this.list.time(this.list.last);
      this.proxy = new FrameList(proxy.times, proxy.time(proxy.last) + tail);
    }
    if (first) {
      const open = this.#player.source;
      if (open?.kind !== "proxy") this.#player.know(this.list, open?.kind === "segments" ? this.#rebased() : null);
      this.#fire("frames", this.list);
    }
  }

  /** The times of the copy that is being made: the film's, from 0. */
  #rebased() {
    const start = this.list.start;
    return new FrameList(this.list.times.map((time) => time - start), this.list.end - start);
  }

  // --- Choosing ---------------------------------------------------------------------------------------------

  #candidates() {
    const { playable = {} } = this.status ?? {};
    const found = [];
    if (playable.kind === "proxy" && this.proxy) found.push("proxy");
    if (playable.kind === "original") found.push("original");
    if (this.#file) found.push("local");
    if (playable.kind !== "proxy" && playable.kind !== "original") {
      if (playable.try_src) found.push("original");
      if (playable.kind === "segments" && this.list && canFeed()) found.push("segments");
    }
    return found.filter((kind) => !this.#failed.has(kind));
  }

  #choose() {
    if (this.closed || this.#opening || this.#abort.signal.aborted) return;
    const [kind] = this.#candidates();
    const open = this.#player.source?.kind;
    if (!kind) {
      if (!open) this.#explain();
      return;
    }
    if (kind === open) return;
    if (open && this.#player.busy) return; // silently, when it next stands still
    this.#opening = this.#open(kind).finally(() => {
      this.#opening = null;
    });
  }

  async #open(kind) {
    const first = !this.#player.source;
    if (first) this.#fire("says", { text: "Opening the film…" });
    try {
      const used = await this.#player.use(this.#source(kind));
      if (!used) return;
      this.#tries = 0;
      this.#fire("says", null);
      // The frames may have become known while it was opened.
      if (this.list && !this.#player.lens.film) this.#player.know(this.list, kind === "segments" ? this.#rebased() : null);
    } catch (error) {
      if (this.#abort.signal.aborted || this.closed) return;
      if (error instanceof NoPicture && (await this.#isThere(kind))) {
        this.#failed.add(kind);
        if (!this.#player.source) this.#explain();
        this.#after(0);
      } else {
        this.#after(TRY_AGAIN[Math.min(this.#tries, TRY_AGAIN.length - 1)]);
        this.#tries += 1;
        if (!this.#player.source) this.#fire("says", { text: "The line is lost.", more: "Trying again by itself…" });
      }
    }
  }

  /** Whether the bytes themselves can be had: a browser says the same of a lost line as of a film it cannot read. */
  async #isThere(kind) {
    if (kind === "local" || kind === "segments") return true;
    try {
      await this.#api.touch(this.#address(kind));
      return true;
    } catch {
      return false;
    }
  }

  #address(kind) {
    const { playable } = this.status;
    return playable.kind === kind ? playable.src : playable.try_src;
  }

  #after(delay) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#choose(), delay);
  }

  #source(kind) {
    const media = kind === "proxy" ? this.proxy : kind === "segments" ? this.#rebased() : null;
    return {
      kind,
      film: this.list,
      media,
      limit: kind === "segments" ? () => this.available : null,
      open: (video) => this.#attach(kind, video),
    };
  }

  #attach(kind, video) {
    if (kind === "local") {
      this.#fileUrl ??= URL.createObjectURL(this.#file);
      video.src = this.#fileUrl;
      return () => {};
    }
    if (kind !== "segments") {
      video.src = this.#address(kind);
      return () => {};
    }
    const start = this.list.start;
    const feed = new Feed(video, {
      index: async () => {
        const index = await this.#api.json(this.#api.media("segments"));
        if (index.segments.length && !canFeed(index.mime)) {
          this.#failed.add("segments");
          throw new NoPicture();
        }
        return index;
      },
      init: () => this.#api.bytes(this.#api.media("segment-init")),
      piece: (number) => this.#api.bytes(this.#api.media(`segment-${number}`)),
      endUs: this.list.end - start,
      onProgress: (us, complete) => this.#fire("available", complete ? null : us + start),
      onTrouble: () => {
        if (this.#failed.has("segments")) video.dispatchEvent(new Event("error"));
      },
    });
    this.#feed = feed;
    return () => {
      feed.stop();
      if (this.#feed === feed) this.#feed = null;
      this.#fire("available", null);
    };
  }

  /** The film's time up to which a film that is being prepared can be shown; null: all of it. */
  get available() {
    if (!this.#feed || this.#feed.index?.complete) return null;
    return Math.max(0, this.#feed.availableUs - SOUND_BEHIND) + this.list.start;
  }

  /** What is open broke: open it again at the same place. */
  #trouble() {
    if (this.closed || this.#abort.signal.aborted) return;
    const source = this.#player.source;
    if (!source) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      if (this.#opening || this.closed || this.#player.source !== source) return;
      const kind = this.#candidates()[0] ?? source.kind;
      this.#opening = this.#open(kind).finally(() => {
        this.#opening = null;
      });
    }, TRY_AGAIN[Math.min(this.#tries, TRY_AGAIN.length - 1)]);
  }

  // --- Saying what is happening -----------------------------------------------------------------------------

  #explain() {
    const { status } = this;
    if (!status) {
      this.#fire("says", { text: "Opening the film…" });
      return;
    }
    const { state, rejected } = status;
    if (rejected) {
      this.#fire("says", { text: rejected.reason, more: rejected.advice });
      return;
    }
    if (state === "failed") {
      this.#fire("says", {
        text: "This film could not be prepared.",
        more: status.stage || "Go back to the film’s page to try again. Nothing is lost.",
      });
      return;
    }
    const cannot = this.#failed.size > 0;
    const text = {
      uploading: cannot ? "This browser cannot show this kind of film itself." : "The film is being sent.",
      checking: "The film is being checked.",
      preparing: cannot ? "This browser cannot show this kind of film itself." : "The film is being prepared.",
      ready: "This browser cannot show the film.",
    }[state];
    const more = {
      uploading: "It can be looked at here a few seconds after it has arrived whole.",
      checking: "In a few seconds it can be looked at.",
      preparing: "Its first seconds can be looked at as soon as they are ready.",
      ready: "Open it in an up-to-date Chrome, Edge, Firefox or Safari.",
    }[state];
    this.#fire("says", {
      text: text ?? status.state_label,
      more: more ?? "",
      progress: status.progress,
      stage: status.stage,
      secondsLeft: status.seconds_left,
    });
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
