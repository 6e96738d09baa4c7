// What the workspace tells: quietly to the eye, politely to a screen reader, and over the picture when there is none.

import { left } from "./times.js";

const PILL = 4000;

export class Says {
  #timer = null;
  #standing = "";

  constructor(root) {
    const find = (name) => root.querySelector(`[data-${name}]`);
    this.live = find("says");
    this.pill = find("pill");
    this.banner = find("banner");
    this.veil = find("veil");
    this.veilText = find("veil-text");
    this.veilMore = find("veil-more");
    this.veilProgress = find("veil-progress");
  }

  /** For screen readers. The same words twice are said twice. */
  aloud(text) {
    this.live.textContent = this.live.textContent === text ? `${text}\u00a0` : text;
  }

  /** A short line over the picture that goes by itself; also said aloud. */
  briefly(text) {
    clearTimeout(this.#timer);
    this.#pill(text);
    this.aloud(text);
    this.#timer = setTimeout(() => this.#pill(this.#standing), PILL);
    this.brief = true;
  }

  /** A line that stays as long as something lasts (marking); not said aloud. */
  standing(text) {
    this.#standing = text;
    if (!this.brief || !text) this.#pill(text);
  }

  #pill(text) {
    this.brief = false;
    this.pill.textContent = text;
    this.pill.hidden = !text;
  }

  /** A message over the picture that stays until it is read. */
  message(text, { action = null, run = null } = {}) {
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "ws-small ws-small--text";
    close.textContent = "All right";
    close.addEventListener("click", () => this.hush());
    this.banner.replaceChildren(words);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ws-small ws-small--text";
      button.textContent = action;
      button.addEventListener("click", () => {
        this.hush();
        run();
      });
      this.banner.append(button);
    }
    this.banner.append(close);
    this.banner.hidden = false;
    this.aloud(text);
  }

  hush() {
    this.banner.hidden = true;
    this.banner.replaceChildren();
  }

  get speaking() {
    return !this.banner.hidden;
  }

  /** Instead of a picture: {text, more, progress, stage, secondsLeft}, or null when the picture is there. */
  instead(what) {
    this.veil.hidden = what === null;
    if (what === null) {
      this.veilText.textContent = "";
      return;
    }
    if (this.veilText.textContent !== what.text) this.aloud(what.text);
    this.veilText.textContent = what.text;
    const known = typeof what.progress === "number";
    this.veilProgress.hidden = !known;
    if (known) this.veilProgress.value = what.progress;
    const percent = known ? `${Math.floor(what.progress * 100)} %` : "";
    const doing = [what.stage, percent, left(what.secondsLeft)].filter(Boolean).join(", ");
    this.veilMore.textContent = [doing && `${doing}.`, what.more].filter(Boolean).join(" ");
  }
}
