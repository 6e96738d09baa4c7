// One film on its way: what is sent, what the server has, what went wrong and when it is tried again. Knows no page.

import { RequestFailed, fetchJSON } from "../../accounts/session.js";
import { howFar, sendPiece } from "./line.js";
import { Unreadable } from "./proof.js";
import { Speed } from "./words.js";

const SMALLEST = 256 * 1024;
const LONGEST_WAIT = 30_000;
const FULL_WAIT = 60_000;
const TUS = { "Tus-Resumable": "1.0.0" };

/** It cannot go on by itself: `words` say why, `then` is the state ("failed", "unreadable" or "broken"). */
class Ended extends Error {
  constructor(words, then = "failed", status = 0) {
    super(words);
    this.then = then;
    this.status = status;
  }
}

/** It can go on after a while. `why`: "line", "busy" or "full". */
class Later extends Error {
  constructor(why, words = "", { wait = null, offset = null } = {}) {
    super(words);
    Object.assign(this, { why, wait, offset });
  }
}

class SignIn extends Error {}

const spread = (wait) => wait * (0.75 + Math.random() / 2);

/** Ask until there is an answer: a broken line and a server that starts anew are waited out. */
async function insist(ask, signal) {
  for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await ask();
    } catch (error) {
      if (signal?.aborted) throw error;
      if (error instanceof RequestFailed && error.status < 500 && ![408, 423, 429].includes(error.status)) throw error;
      await sleep(spread(wait), signal);
    }
  }
}

function sleep(wait, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, wait);
    window.addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}

/**
 * States: new, queued, sending, waiting (for the line, another page or space), signing-in, paused, arrived (whole on the
 * server, being proven), proven, broken (arrived, but not as it was sent), unreadable, failed, cancelled.
 * Fires "change" at each step, "state" when the state is another one.
 */
export class Sending extends EventTarget {
  #abort = new AbortController();
  #hashing = null;
  #hashSent = false;
  #chunk;
  #wake = null;
  #token = "";

  constructor({ file, samples, facts, proof }) {
    super();
    Object.assign(this, { file, samples, facts, proof });
    this.length = file.size;
    this.sent = 0; // bytes that have left, of which `offset` are safe
    this.offset = 0;
    this.state = "new";
    this.words = "";
    this.retryAt = null;
    this.upload = null; // the server's description of it
    this.status = null; // film-status
    this.speed = new Speed();
    this.#chunk = facts.chunk_bytes;
  }

  get live() {
    return ["new", "queued", "sending", "waiting", "signing-in", "paused", "unreadable"].includes(this.state);
  }

  /** Whether leaving the page would stop something. */
  get unsafe() {
    return this.live || (this.state === "arrived" && !this.#hashSent);
  }

  #to(state, words = "") {
    const other = state !== this.state || words !== this.words;
    this.state = state;
    this.words = words;
    if (state !== "sending") this.speed.stop();
    if (other) this.dispatchEvent(new Event("state"));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  // --- Beginning ------------------------------------------------------------------------------------------------

  /** Tell the server of it, so that it can be gone on with after whatever happens. False when it was refused. */
  begin(about) {
    return this.#announce({ ...about, length: this.length, samples: this.samples });
  }

  /** Send a film again from the start that the server knows already; its marks are kept. */
  startAgain(film) {
    return this.#announce({ film, length: this.length, samples: this.samples });
  }

  async #announce(body) {
    try {
      const upload = await insist(() => fetchJSON(this.facts.urls.uploads, { body, headers: TUS }), this.#abort.signal);
      this.#know(upload);
      this.#hashSent = false;
      if (this.state === "cancelled") return this.cancel(); // while it was being begun
      this.#to("queued");
      return true;
    } catch (error) {
      if (this.state !== "cancelled") this.#to("failed", this.#refusal(error));
      return false;
    }
  }

  /** Go on with an upload that the server has already. */
  takeUp(upload) {
    this.#know(upload);
    this.#to("queued");
  }

  #know(upload) {
    this.upload = upload;
    this.#token = upload.token;
    this.offset = this.sent = upload.offset;
  }

  #refusal(error) {
    if (!(error instanceof RequestFailed)) return "This film could not be begun. Try again.";
    const { data } = error;
    const fields = Object.values(data?.fields ?? {}).flatMap((each) => each.map(({ message }) => message));
    return [data?.message, ...fields].filter(Boolean).join(" ") || "This film could not be begun. Try again.";
  }

  // --- Sending --------------------------------------------------------------------------------------------------

  /** Send until it has arrived, is paused, or cannot go on. */
  async run() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#prove();
    let known = false;
    let tries = 0;
    this.#to("sending");
    for (;;) {
      try {
        if (!known) await this.#ask(signal);
        known = true;
        if (this.offset >= this.length) break;
        await this.#piece(signal);
        tries = 0;
      } catch (error) {
        if (signal.aborted) return;
        known = false;
        if (error instanceof SignIn) {
          this.#to("signing-in");
          await this.#signInAgain(signal);
          tries += 1;
          if (tries > 1) await this.#rest(spread(Math.min(1000 * 2 ** tries, LONGEST_WAIT)), signal);
        } else if (error instanceof Later) {
          if (error.wait === 0) continue;
          tries += 1;
          const wait = error.wait ?? spread(Math.min(1000 * 2 ** (tries - 1), LONGEST_WAIT));
          this.retryAt = Date.now() + wait;
          this.why = error.why;
          this.#to("waiting", error.message);
          await this.#rest(wait, signal);
        } else {
          const words = error instanceof Ended ? error.message || (await this.#why(error.status)) : ASTRAY;
          this.#to(error.then ?? "failed", words);
          return;
        }
        if (signal.aborted) return;
        if (this.state === "failed") return;
        this.#to("sending");
      }
    }
    this.#to("arrived");
    this.#follow();
  }

  /** Where the server is: the only truth after anything went wrong. */
  async #ask(signal) {
    this.#judge(await howFar({ url: this.upload.upload_url, token: this.#token, signal }));
  }

  async #piece(signal) {
    const from = this.offset;
    const body = await this.#read(from, Math.min(from + this.#chunk, this.length));
    const checksum = await this.proof.piece(body);
    const answer = await sendPiece({
      url: this.upload.upload_url,
      token: this.#token,
      offset: from,
      body,
      checksum,
      signal,
      progress: (bytes) => {
        this.sent = from + bytes;
        this.speed.note(this.sent);
        this.#changed();
      },
    });
    try {
      this.#judge(answer);
    } catch (error) {
      // On a line that breaks often, small pieces get through where large ones never do.
      if (answer.status === 0 || answer.status === 400) this.#chunk = Math.max(SMALLEST, this.#chunk / 2);
      throw error;
    }
    this.#chunk = Math.min(this.facts.chunk_bytes, this.#chunk * 2);
  }

  async #read(from, to) {
    try {
      return await this.file.slice(from, to).arrayBuffer();
    } catch {
      throw new Ended(UNREADABLE, "unreadable");
    }
  }

  /** Believe an answer about offset, or throw what follows from it. */
  #judge({ status, offset, data }) {
    if ((status === 200 || status === 204) && offset !== null) {
      this.offset = this.sent = offset;
      this.speed.note(offset);
      this.#changed();
      return;
    }
    const words = data?.message ?? "";
    if (status === 401) throw new SignIn();
    if (status === 409) throw new Later("line", "", { wait: 0 });
    if (status === 423) throw new Later("busy", words || "Another page is sending this film at this moment.");
    if (status === 507) throw new Later("full", words || "There is no room left on the server.", { wait: FULL_WAIT });
    if (status === 460) throw new Later("line", words);
    if (status === 410 && data?.send_again) throw new Ended(words, "broken");
    if ([403, 404, 410, 413, 415, 412].includes(status)) {
      throw new Ended(words, "failed", status);
    }
    throw new Later("line");
  }

  /** The reasons of a refusal that came without words: an answer to HEAD has none. */
  async #why(status) {
    const plain = ENDED[status] ?? "The server does not take this film any further.";
    if (status === 404) return plain;
    try {
      const { consent } = await fetchJSON(this.upload.status_url);
      return consent.reasons.length ? `${plain} ${consent.reasons.join(" ")}` : plain;
    } catch {
      return plain;
    }
  }

  /** A token that ran out, or a sign-in that did: the page asks for it, and sending goes on by itself. */
  async #signInAgain(signal) {
    try {
      const { uploads } = await insist(() => fetchJSON(this.facts.urls.case_uploads, { signal }), signal);
      const mine = uploads.find(({ upload }) => upload === this.upload.upload);
      if (mine) this.#know(mine);
      else this.#to("failed", "This film is not among yours that are on their way. Look at the family’s films.");
    } catch (error) {
      if (!signal.aborted) this.#to("failed", this.#refusal(error));
    }
  }

  #rest(wait, signal) {
    const own = new AbortController();
    this.#wake = () => own.abort();
    signal.addEventListener("abort", this.#wake, { once: true });
    return sleep(wait, own.signal);
  }

  /** Do not wait any longer before trying again. */
  tryNow() {
    this.#wake?.();
  }

  pause() {
    if (!this.live) return;
    this.#abort.abort(new DOMException("Paused", "AbortError"));
    this.sent = this.offset;
    this.#to("paused");
  }

  /** Back in line, after a pause or with the film chosen again. */
  ready(file = this.file) {
    this.file = file;
    this.#to("queued");
  }

  /** Give it up; what arrived is destroyed. False when the server could not be told. */
  async cancel() {
    this.#abort.abort(new DOMException("Cancelled", "AbortError"));
    if (!this.upload) {
      this.#to("cancelled");
      return true;
    }
    try {
      await fetchJSON(this.upload.upload_url, { method: "DELETE", headers: TUS });
    } catch (error) {
      if (error instanceof RequestFailed && error.status === 409) {
        this.#to("arrived");
        this.#prove();
        this.#follow();
        return false;
      }
      if (!(error instanceof RequestFailed && [404, 410].includes(error.status))) {
        this.#to("paused", "The line is lost, so the server could not be told. Try again.");
        return false;
      }
    }
    this.#to("cancelled");
    return true;
  }

  // --- Proving, and what becomes of it --------------------------------------------------------------------------

  /** Work the whole hash out beside the sending, and state it as soon as it is known. */
  #prove() {
    this.#hashing ??= this.proof
      .film(this.file)
      .then((sha256) => insist(() => fetchJSON(this.upload.hash_url, { body: { sha256 } })))
      .then((said) => {
        this.#hashSent = true;
        if (said.state === "mismatch") this.#to("broken", said.message);
      })
      .catch((error) => {
        this.#hashing = null;
        if (["cancelled", "failed"].includes(this.state)) return;
        if (error instanceof Unreadable) {
          if (this.state !== "arrived") return; // the sending meets the same, and says so
          this.#to("arrived", UNREADABLE);
        } else if (error instanceof RequestFailed && error.data?.message) {
          this.#to(this.state === "arrived" ? "broken" : this.state, error.data.message);
        } else setTimeout(() => this.#prove(), 2000);
      });
  }

  async #follow() {
    for (;;) {
      let wait = 1000;
      try {
        this.status = await fetchJSON(this.upload.status_url);
        if (this.status.hash_equal && this.state === "arrived") this.#to("proven");
        // The server keeps a film that is not what was sent apart: it waits for it anew.
        if (this.status.state === "uploading" && this.#hashSent) {
          this.#to("broken", "What arrived is not what was sent. Send the film again: your marks are kept.");
          return;
        }
        this.#changed();
        const over = ["ready", "rejected", "failed", "stopped", "destroyed"].includes(this.status.state);
        if (over && this.status.hash_equal !== null) return;
      } catch (error) {
        if (error instanceof RequestFailed && [403, 404, 410].includes(error.status)) {
          this.status = { state: "stopped", consent: { allowed: false, reasons: error.data?.reasons ?? [] } };
          this.#changed();
          return;
        }
        wait = 5000;
      }
      await sleep(wait);
    }
  }

  /** Broken on arrival: everything about it begins again with the same file. */
  async sendAgain() {
    this.#hashing = null;
    this.status = null;
    return this.startAgain(this.upload.film);
  }

  /** Whether the film could be looked at already: it exists for the server. */
  get film() {
    return this.upload?.film ?? null;
  }
}

const UNREADABLE =
  "The film cannot be read on this device any more: it was moved or changed, or its card was taken out. Choose it again.";
const ASTRAY =
  "Something went wrong on this page. Reload it and choose the film again: it goes on where it stopped.";
const ENDED = {
  403: "This film cannot be sent any further.",
  404: "There is no such film on its way any more.",
  410: "The sending of this film was ended.",
  413: "This piece goes past the film’s end. Choose the film again and go on.",
};
