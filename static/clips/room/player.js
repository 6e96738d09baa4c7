// One moment on the screen: exact to the frame, with a breath between repeats.

const SLACK_US = 500; // a browser may report a frame's time by a rounding error early

/** Which frame begins last at or before a time. */
function indexAt(times, us) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= us + SLACK_US) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

export class Player extends EventTarget {
  constructor(video) {
    super();
    this.video = video;
    this.times = [0];
    this.frame = 0;
    this.speed = 1;
    this.loop = false;
    this.breath = 2.5; // seconds between repeats
    this.breathing = 0;
    this.wanted = null;
    video.addEventListener("play", () => this.tell());
    video.addEventListener("pause", () => this.tell());
    video.addEventListener("ended", () => this.ended());
    video.addEventListener("seeked", () => this.seeked());
    video.addEventListener("loadeddata", () => this.tell());
    if (video.requestVideoFrameCallback) {
      const seen = (_now, { mediaTime }) => {
        this.frame = indexAt(this.times, mediaTime * 1e6);
        video.dataset.frame = String(this.frame);
        video.requestVideoFrameCallback(seen);
      };
      video.requestVideoFrameCallback(seen);
    } else {
      video.addEventListener("timeupdate", () => (this.frame = indexAt(this.times, video.currentTime * 1e6)));
    }
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Whether it plays, or waits to play again. */
  get playing() {
    return !this.video.paused || this.breathing !== 0;
  }

  load(source, times) {
    this.hush();
    this.times = times.length ? times : [0];
    this.frame = 0;
    this.wanted = null;
    this.video.src = source;
    this.video.defaultPlaybackRate = this.speed;
    this.video.playbackRate = this.speed;
    this.video.preservesPitch = true;
  }

  /** Let go of the film. */
  empty() {
    this.hush();
    this.video.removeAttribute("src");
    this.video.load();
  }

  hush() {
    clearTimeout(this.breathing);
    this.breathing = 0;
    this.video.pause();
  }

  play() {
    clearTimeout(this.breathing);
    this.breathing = 0;
    this.wanted = null;
    this.video.playbackRate = this.speed;
    this.video.play().catch(() => this.tell());
    this.tell();
  }

  pause() {
    this.hush();
    this.tell();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  again() {
    this.video.currentTime = 0;
    this.play();
  }

  /** One frame back or on; a step begun before the last has arrived counts from where that was going. */
  step(by) {
    this.pause();
    this.show(Math.min(Math.max((this.wanted ?? this.frame) + by, 0), this.times.length - 1));
  }

  /** Show exactly this frame: the middle of its time is within it whatever the browser rounds. */
  show(index) {
    const next = this.times[index + 1] ?? Math.max(this.video.duration * 1e6 || 0, this.times[index] + 2000);
    this.wanted = index;
    this.video.currentTime = (this.times[index] + next) / 2e6;
  }

  seeked() {
    if (this.wanted !== null) this.frame = this.wanted;
    this.wanted = null;
    this.video.dataset.frame = String(this.frame);
    this.tell();
  }

  ended() {
    this.frame = this.times.length - 1;
    if (this.loop) this.breathing = setTimeout(() => this.again(), this.breath * 1000);
    this.tell();
  }

  setSpeed(speed) {
    this.speed = speed;
    this.video.defaultPlaybackRate = speed;
    this.video.playbackRate = speed;
    this.tell();
  }

  setLoop(on) {
    this.loop = on;
    if (!on && this.breathing) this.pause();
    else if (on && this.video.ended) this.again();
    this.tell();
  }

  /** The frame on screen as a picture, while it is there to be drawn; null otherwise. */
  async picture() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return null;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  }
}
