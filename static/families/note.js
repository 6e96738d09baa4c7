// A note saves itself while somebody writes it. Without this script the page's own Save button does the same.
//
// Each part of the note is sent with the version that this page began from. When another window has changed it
// meanwhile, the server keeps both and says so; the writer then decides here, and nothing is lost on the way.
import { fetchJSON, RequestFailed } from "../accounts/session.js";

const SOON = 900; // milliseconds after the last key
const AT_LATEST = 5000; // while somebody types without a pause
const RETRIES = [2000, 4000, 8000, 15000];

class Part {
  constructor(element) {
    this.element = element;
    this.id = Number(element.dataset.partOf);
    this.area = element.querySelector("textarea");
    this.audience = element.querySelector("select");
    this.base = element.querySelector(`[name="base_${this.id}"]`);
    // What the page came with. Somebody may have typed before this script was here: that is not saved yet.
    const came = [...this.audience.options].find((option) => option.defaultSelected) ?? this.audience.options[0];
    this.saved = JSON.stringify([this.area.defaultValue, came.value]);
    this.conflict = null;
  }

  get now() {
    return JSON.stringify([this.area.value, this.audience.value]);
  }

  get dirty() {
    return this.now !== this.saved;
  }

  get sent() {
    return { section: this.id, text: this.area.value, audience: this.audience.value, base: Number(this.base.value) };
  }
}

class Note {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-note-state]");
    this.window = form.elements.window.value;
    this.turn = form.elements.turn;
    this.parts = [...form.querySelectorAll("[data-part-of]")].map((each) => new Part(each));
    this.failures = 0;
    this.saving = null;
    this.ended = false;
    form.addEventListener("input", () => this.soon());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting && !this.leaving) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save({ keepalive: true });
    });
    if (this.waiting) this.soon();
  }

  get waiting() {
    return this.parts.some((part) => part.dirty || part.conflict);
  }

  say(text, waits = false) {
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.classList.toggle("app-write__state--waits", waits);
  }

  soon() {
    if (this.ended) return;
    this.since ??= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(SOON, this.since + AT_LATEST - Date.now())));
    if (this.failures === 0) this.say("Not saved yet", true);
  }

  /** Save what changed; one save at a time, in the order typed. Resolves to whether everything is saved. */
  async save(options = {}) {
    clearTimeout(this.timer);
    this.since = undefined;
    if (this.saving) await this.saving;
    const changed = this.parts.filter((part) => part.dirty && !part.conflict);
    if (this.ended || !changed.length) return !this.waiting;
    this.saving = this.send(changed, options);
    await this.saving;
    this.saving = null;
    return !this.waiting;
  }

  async send(changed, options) {
    const sent = new Map(changed.map((part) => [part.id, part.now]));
    this.turn.value = Number(this.turn.value) + 1;
    const body = { window: this.window, turn: Number(this.turn.value), parts: changed.map((part) => part.sent) };
    try {
      const answer = await fetchJSON(this.form.dataset.saveUrl, { method: "POST", body, ...options });
      this.failures = 0;
      this.take(answer, sent);
    } catch (error) {
      this.failed(error);
    }
  }

  take(answer, sent) {
    for (const part of this.parts) {
      const version = answer.written[part.id];
      if (version === undefined) continue;
      part.base.value = version;
      part.saved = sent.get(part.id);
    }
    for (const conflict of answer.conflicts) this.differ(this.parts.find((part) => part.id === conflict.section), conflict);
    if (this.parts.some((part) => part.conflict)) this.say("Changed in another window too: choose below what to keep", true);
    else if (this.waiting) this.soon();
    else this.say(`Saved ${answer.at}`);
  }

  failed(error) {
    if (error instanceof RequestFailed && error.status < 500) {
      this.ended = true;
      this.say(
        error.data?.signed
          ? "This note was signed in another window. Copy what you still need from here and add it to the note."
          : `Not saved: ${error.message} Copy what you typed before you leave this page.`,
        true,
      );
      return;
    }
    const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.say("Not saved yet: the line is lost. Trying again…", true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** Both are shown; until the writer chooses, this part is sent no more, and the server keeps what was typed. */
  differ(part, conflict) {
    const box = document.getElementById("note-differs").content.cloneNode(true).firstElementChild;
    part.conflict = conflict;
    box.querySelector("[data-when]").textContent = conflict.at;
    box.querySelector("[data-theirs]").textContent = conflict.text || "Nothing: it was emptied there.";
    box.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-keep]")?.dataset.keep;
      if (!choice) return;
      if (choice === "theirs") part.area.value = conflict.text;
      if (choice === "both") part.area.value = `${conflict.text}\n\n${part.area.value}`;
      part.base.value = conflict.version;
      part.saved = null; // sent even when it says what is there: the words kept beside it then go
      part.conflict = null;
      box.remove();
      part.area.focus();
      this.save();
    });
    part.element.querySelector(".nhsuk-form-group").after(box);
  }

  /** Sign and Save send the form once what was typed has arrived, so that it says nothing older than the server has. */
  async submit(event) {
    if (!this.waiting && !this.saving) this.leaving = true;
    if (this.leaving) return;
    event.preventDefault();
    const button = event.submitter;
    if (this.parts.some((part) => part.conflict)) {
      this.form.querySelector("[data-keep]").focus();
      return;
    }
    await this.save(); // of something, so that this submission is over before the next begins
    if (this.waiting) return;
    this.leaving = true;
    this.form.requestSubmit(button);
  }
}

const form = document.querySelector("[data-note]");
if (form) new Note(form);
