// Words and ideas: kept in memory as they are typed, sent when the line is there, never silently replaced.
import { ask, Lost, Refused } from "./api.js";

const PAUSE = 900; // milliseconds without a key before it is sent

/** The words of this room. `place(ref)` gives a moment's number in the lease that runs now. */
export class Words extends EventTarget {
  constructor(place) {
    super();
    this.all = []; // {id, ref, frame, who, text, version, sent}
    this.place = place;
    this.timer = 0;
    this.sending = null;
    this.trouble = "";
    addEventListener("online", () => this.soon(0));
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Take what the server holds; what is written here and not yet there stays. */
  take(list, refs) {
    const known = new Map(this.all.map((each) => [each.id, each]));
    const fresh = list.map((each) => {
      const mine = known.get(each.id);
      known.delete(each.id);
      if (mine && mine.text !== mine.sent) return mine;
      return { id: each.id, ref: refs.get(each.n) ?? null, frame: each.frame, who: each.who, text: each.text, version: each.version, sent: each.text };
    });
    this.all = [...fresh, ...[...known.values()].filter((each) => each.text !== each.sent)];
    this.tell();
    if (this.unsaved) this.soon(0);
  }

  begin(ref, frame, who) {
    const words = { id: crypto.randomUUID(), ref, frame, who, text: "", version: null, sent: "" };
    this.all.push(words);
    return words;
  }

  write(words, text) {
    words.text = text;
    this.tell();
    this.soon(PAUSE);
  }

  get unsaved() {
    return this.all.filter((each) => each.text !== each.sent);
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /** Send all that is not there yet; whether everything is. */
  async save() {
    if (this.sending) {
      await this.sending;
      return this.unsaved.length ? this.save() : true;
    }
    clearTimeout(this.timer);
    this.sending = this.sendAll();
    try {
      return await this.sending;
    } finally {
      this.sending = null;
      this.tell();
    }
  }

  async sendAll() {
    for (const words of this.unsaved) {
      const text = words.text;
      const body = { id: words.id, text, who: words.who, version: words.version, n: this.place(words.ref), frame: words.frame };
      try {
        const kept = await ask("words/", body);
        words.sent = text;
        words.version = kept.version;
        this.trouble = "";
      } catch (error) {
        if (error instanceof Refused && error.status === 409) {
          // Written elsewhere meanwhile: both are kept, side by side.
          this.all.push({ ...words, text: error.data.now.text, sent: error.data.now.text, version: error.data.now.version });
          Object.assign(words, { id: crypto.randomUUID(), version: null, sent: "" });
          this.soon(0);
          continue;
        }
        this.trouble = error instanceof Refused && error.status === 400 ? error.data.error : "";
        if (error instanceof Lost) this.soon(2000);
        if (!(error instanceof Refused) || error.status !== 400) return false;
      }
    }
    return !this.unsaved.length;
  }
}

/** New ideas and the next step. */
export class Ideas extends EventTarget {
  constructor() {
    super();
    this.text = { new_ideas: "", next_step: "" };
    this.sent = { ...this.text };
    this.version = null;
    this.timer = 0;
    addEventListener("online", () => this.soon(0));
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  take(ideas) {
    const { version, ...text } = ideas;
    for (const name of Object.keys(text)) {
      if (this.text[name] === this.sent[name]) this.text[name] = text[name];
      else if (text[name] && text[name] !== this.sent[name]) this.text[name] += `\n${text[name]}`;
    }
    this.sent = text;
    this.version = version;
    this.tell();
  }

  get unsaved() {
    return this.text.new_ideas.trim() !== this.sent.new_ideas || this.text.next_step.trim() !== this.sent.next_step;
  }

  write(name, text) {
    this.text[name] = text;
    this.tell();
    this.soon(PAUSE);
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    clearTimeout(this.timer);
    for (let tries = 0; this.unsaved && tries < 3; tries += 1) {
      const sending = { new_ideas: this.text.new_ideas.trim(), next_step: this.text.next_step.trim() };
      try {
        const kept = await ask("ideas/", { ...sending, version: this.version });
        this.sent = sending;
        this.version = kept.version;
      } catch (error) {
        if (error instanceof Refused && error.status === 409) {
          this.take(error.data.now); // an order or other words came between: what was typed stays
          continue;
        }
        if (error instanceof Lost) this.soon(2000);
        break;
      }
    }
    this.tell();
    return !this.unsaved;
  }
}
