// A film on its way, as a row of the page.

import * as words from "./words.js";

const SAYS = {
  new: "Getting ready…",
  queued: "Waits for its turn.",
  paused: "Paused.",
  "signing-in": "Your sign-in has run out. Sign in again: the sending then goes on by itself.",
  cancelled: "Cancelled. What had arrived was erased.",
};

export class Row {
  #spoken = "";

  /** @param {{sending, template, acts: Object<string, function>, workspace: (film) => string, say: (text) => void}} */
  constructor({ sending, template, acts, workspace, say }) {
    Object.assign(this, { sending, acts, workspace, say });
    this.element = template.content.firstElementChild.cloneNode(true);
    this.part = (name) => this.element.querySelector(`[data-${name}]`);
    this.button = (what) => this.element.querySelector(`[data-do="${what}"]`);
    this.part("name").textContent = sending.file.name;
    this.part("size").textContent = words.size(sending.length);
    const erased = this.part("erased");
    erased.id = `up-erased-${(Row.made += 1)}`;
    this.part("erased-label").htmlFor = erased.id;
    this.part("bar").setAttribute("aria-label", `Sent of ${sending.file.name}`);
    for (const button of this.element.querySelectorAll("button[data-do]")) {
      button.addEventListener("click", () => acts[button.dataset.do](sending, this));
    }
    this.part("again-file").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) acts.again(sending, file, this);
    });
    erased.addEventListener("change", () => acts.erased(sending, this));
    sending.addEventListener("change", () => this.update());
    sending.addEventListener("state", () => this.#speak());
    this.update();
  }

  static made = 0;

  update() {
    const { sending } = this;
    const { state } = sending;
    const status = sending.status;
    const done = ["arrived", "proven"].includes(state);
    this.element.dataset.state = state;
    this.element.classList.toggle("up-row--done", done);
    this.element.classList.toggle("up-row--trouble", ["failed", "broken", "unreadable"].includes(state));
    const bar = this.part("bar");
    const preparing = done && status && typeof status.progress === "number" && status.state !== "uploading";
    bar.hidden = ["new", "failed", "cancelled", "broken"].includes(state) || (done && !preparing);
    bar.value = preparing ? 100 * status.progress : (100 * sending.sent) / sending.length;
    this.part("row-says").textContent = this.says;
    this.error(this.trouble);
    const over = done && status && ["rejected", "failed", "stopped", "destroyed"].includes(status.state);
    const show = {
      look: sending.film && ["queued", "sending", "waiting", "signing-in", "paused"].includes(state),
      open: done && !over,
      pause: ["queued", "sending", "waiting"].includes(state),
      resume: state === "paused",
      try: state === "waiting",
      again: state === "unreadable",
      restart: state === "broken",
      cancel: sending.live && state !== "cancelled",
      remove: ["failed", "cancelled"].includes(state),
    };
    for (const [what, shown] of Object.entries(show)) this.button(what).hidden = !shown;
    this.button("restart").textContent = "Send it again";
    this.button("restart").disabled = state !== "broken";
    if (sending.film) this.button("open").href = this.workspace(sending.film);
    this.part("erase").hidden = !(status?.erase_copy_due || this.part("erased").disabled);
  }

  /** The sentence of the row. */
  get says() {
    const { sending } = this;
    const { state, sent, length, status } = sending;
    if (SAYS[state]) return state === "paused" ? `Paused. ${this.#share}` : SAYS[state];
    if (state === "sending") {
      const { rate } = sending.speed;
      const quick = rate ? `, ${words.size(rate)} a second, ${words.timeLeft((length - sent) / rate)}` : "";
      return `${this.#share}${quick}`;
    }
    if (state === "waiting") {
      const seconds = Math.max(0, Math.ceil((sending.retryAt - Date.now()) / 1000));
      const when = seconds > 0 ? ` Trying again in ${seconds} second${seconds === 1 ? "" : "s"}.` : " Trying again…";
      const why = sending.why === "line" ? sending.words || "The line is lost. Nothing that arrived is lost." : sending.words;
      return `${why}${when} ${this.#share}`;
    }
    if (state === "arrived") {
      const proof = sending.words || "Being proven: is what arrived what was sent?";
      return `All of it has arrived. ${proof} ${this.#prepared}`.trim();
    }
    if (state === "proven") return `Arrived whole: what is there is, byte for byte, what was sent. ${this.#prepared}`.trim();
    if (state === "broken" && status) return "All of it was sent.";
    return "";
  }

  get #share() {
    const { sent, length } = this.sending;
    return `${words.percent(sent, length)}% (${words.size(sent)} of ${words.size(length)})`;
  }

  /** How the preparing goes: never a failure of the sending. */
  get #prepared() {
    const { status } = this.sending;
    if (!status || ["rejected", "failed", "stopped", "destroyed"].includes(status.state)) return "";
    if (status.state === "ready") return "It is ready.";
    if (status.state === "uploading") return "";
    const share = typeof status.progress === "number" ? ` ${Math.round(100 * status.progress)}%` : "";
    const left = status.seconds_left === null ? "" : `, ${words.timeLeft(status.seconds_left)}`;
    return `${status.stage || status.state_label}${share}${left}.`;
  }

  get trouble() {
    const { sending } = this;
    const { status } = sending;
    if (["failed", "broken", "unreadable"].includes(sending.state)) return sending.words;
    if (sending.state === "paused" && sending.words) return sending.words;
    if (status?.rejected) return `It arrived, but cannot be used. ${status.rejected.reason} ${status.rejected.advice}`;
    if (status?.state === "failed") return "It arrived, but could not be prepared. Its page says more, and lets you try again.";
    if (status && !status.consent.allowed) return status.consent.reasons.join(" ");
    return this.note ?? "";
  }

  /** Say something until the next choice. */
  warn(text) {
    this.note = text;
    this.update();
    if (text) this.say(text);
  }

  error(text) {
    const line = this.part("row-error");
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !text;
  }

  #speak() {
    const { state } = this.sending;
    if (state === this.#spoken) return;
    this.#spoken = state;
    if (state === "sending" || state === "new" || state === "queued") return;
    this.say(`${this.sending.file.name}: ${this.trouble || this.says}`);
  }

  erasedNoted() {
    const box = this.part("erased");
    box.checked = true;
    box.disabled = true;
    this.part("erased-label").textContent = "Noted: the copy on this device is erased";
  }
}
