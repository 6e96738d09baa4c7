// The moments of a film as this window has them, and how they come to the server: one at a time, again and again
// until they are there, without ever overwriting what another window wrote.

import { isLost } from "./api.js";

/** What can be changed of a mark. `edges` is {first_us, last_us, first_frame, last_frame}. */
export const FIELDS = ["edges", "note", "tags", "initiative_by", "received_by"];
const WAITS = [1000, 2000, 4000, 8000, 15000];
const TYPING = 800;
const SOON = 350;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function edgesOf(mark) {
  return {
    first_us: mark.first_us,
    last_us: mark.last_us,
    first_frame: mark.first_frame ?? null,
    last_frame: mark.last_frame ?? null,
  };
}

/** What the server said of a mark, in the shape of FIELDS. */
function fieldsOf(json) {
  return {
    edges: edgesOf(json),
    note: json.note,
    tags: json.tags.map((tag) => tag.id),
    initiative_by: json.initiative_by,
    received_by: json.received_by,
  };
}

function wire(field, value) {
  if (field !== "edges") return { [field]: value };
  const { first_us, last_us, first_frame, last_frame } = value;
  return first_frame === null ? { first_us, last_us } : { first_us, last_us, first_frame, last_frame };
}

/** One mark: what the server has, and what is wanted here. */
class Entry {
  constructor(id) {
    this.id = id;
    this.server = null; // the fields as the server has them; null before the first answer
    this.json = null;
    this.version = 0;
    this.deleted = false; // on the server
    this.chosen = false; // on the server
    this.why = "";
    this.wanted = { exists: true, chosen: null };
    this.changes = {}; // field -> value, where it differs from the server's
    this.sending = false;
    this.tries = 0;
    this.timer = null;
    this.problem = null; // a sentence: the server will not take it as it is
    this.refusedChanges = null; // what it would not take
    this.mine = null; // typed here while another window changed the same note
  }

  get view() {
    const fields = { ...(this.server ?? {}), ...this.changes };
    const { edges, ...rest } = fields;
    return {
      id: this.id,
      ...rest,
      ...edges,
      words: this.json?.tags ?? [],
      state: this.json?.state ?? "marked",
      stateLabel: this.json?.state_label ?? "",
      progress: this.progress ?? null,
      error: this.json?.error ?? null,
      fileUrl: this.json?.file_url ?? null,
      chosen: this.wanted.chosen ?? this.chosen,
      problem: this.problem,
      mine: this.mine,
      saving: this.isDue,
    };
  }

  get isDue() {
    return this.next !== null || this.sending;
  }

  /** What has to be sent next, or null. */
  get next() {
    if (!this.wanted.exists) return this.server && !this.deleted ? "remove" : null;
    if (!this.server) return "create";
    if (this.deleted) return "restore";
    if (Object.keys(this.changes).length) return "change";
    if (this.wanted.chosen !== null && this.wanted.chosen !== this.chosen) return "choose";
    return null;
  }
}

/**
 * All marks of one film.
 *
 * Events: `changed` (detail: id or null for all), `conflict` ({id, fields}), `refused` ({id, message}), `saved`,
 * `lost` (the line is gone), `closed` (detail: reasons; the film may not be seen any more).
 */
export class Marks extends EventTarget {
  #entries = new Map();
  #api;
  #history;
  #stopped = false;

  constructor({ api, history, now = () => new Date() }) {
    super();
    this.#api = api;
    this.#history = history;
    this.now = now;
    this.savedAt = null;
    this.lost = false;
    this.online = () => this.#hurry();
    window.addEventListener("online", this.online);
  }

  destroy() {
    this.#stopped = true;
    window.removeEventListener("online", this.online);
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
  }

  // --- Reading ----------------------------------------------------------------------------------------------

  /** The marks that are there, in the order of the film. */
  get all() {
    return [...this.#entries.values()]
      .filter((entry) => entry.wanted.exists)
      .map((entry) => entry.view)
      .sort((one, other) => one.first_us - other.first_us || one.last_us - other.last_us);
  }

  get(id) {
    const entry = this.#entries.get(id);
    return entry?.wanted.exists ? entry.view : null;
  }

  number(id) {
    return this.all.findIndex((mark) => mark.id === id) + 1;
  }

  get chosenCount() {
    return this.all.filter((mark) => mark.chosen).length;
  }

  get unsaved() {
    return [...this.#entries.values()].filter((entry) => entry.isDue).length;
  }

  /** What the server has; changes that are not there yet stay. */
  load(rows) {
    const there = new Set(rows.map((row) => row.id));
    for (const row of rows) {
      const entry = this.#entries.get(row.id) ?? new Entry(row.id);
      this.#entries.set(row.id, entry);
      if (!entry.sending) this.#take(entry, row);
    }
    for (const entry of this.#entries.values()) {
      if (there.has(entry.id) || entry.sending || !entry.server || entry.isDue) continue;
      entry.deleted = true; // another window deleted it
      entry.wanted.exists = false;
    }
    this.#fire("changed", null);
  }

  /** The state of the clips, as film-status tells it. */
  follow(clips) {
    let stale = false;
    for (const clip of clips) {
      const entry = this.#entries.get(clip.id);
      if (!entry) {
        stale = true;
        continue;
      }
      if (entry.json && !entry.sending && clip.version === entry.version) {
        const before = [entry.json.state, entry.json.file_url, entry.json.error, entry.progress];
        entry.json = { ...entry.json, state: clip.state, file_url: clip.file_url, error: clip.error };
        entry.progress = clip.progress ?? null;
        const after = [entry.json.state, entry.json.file_url, entry.json.error, entry.progress];
        if (!same(before, after)) this.#fire("changed", clip.id);
      } else if (entry.json && clip.version > entry.version && !entry.isDue) {
        stale = true;
      }
    }
    const known = new Set(clips.map((clip) => clip.id));
    for (const entry of this.#entries.values()) {
      if (entry.server && !entry.deleted && !entry.isDue && entry.wanted.exists && !known.has(entry.id)) stale = true;
    }
    return stale;
  }

  // --- Changing, so that it can be undone -------------------------------------------------------------------

  /** A new moment; returns its id. */
  create(edges) {
    const id = crypto.randomUUID();
    const entry = new Entry(id);
    entry.changes = { edges, note: "", tags: [], initiative_by: null, received_by: null };
    this.#entries.set(id, entry);
    this.#history.push({
      label: "new moment",
      undo: () => this.#exist(id, false),
      redo: () => this.#exist(id, true),
    });
    this.#due(entry, 0);
    return id;
  }

  /** Change one field of a mark. `key` joins what follows quickly into one step of undo. */
  change(id, field, value, { label, key } = {}) {
    const entry = this.#entries.get(id);
    if (!entry || same(this.#value(entry, field), value)) return;
    const before = this.#value(entry, field);
    this.#history.push({
      label: label ?? field,
      key: key ? `${id} ${field} ${key}` : undefined,
      undo: () => this.#set(id, field, before, 0),
      redo: () => this.#set(id, field, value, 0),
    });
    this.#set(id, field, value, field === "note" ? TYPING : key ? SOON : 0);
  }

  remove(id) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { chosen } = entry.view;
    this.#history.push({
      label: "deleting a moment",
      undo: () => {
        this.#exist(id, true);
        if (chosen) this.#choose(id, true);
      },
      redo: () => this.#exist(id, false),
    });
    this.#exist(id, false);
  }

  choose(id, chosen) {
    this.#history.push({
      label: chosen ? "choosing a moment" : "taking a moment out",
      undo: () => this.#choose(id, !chosen),
      redo: () => this.#choose(id, chosen),
    });
    this.#choose(id, chosen);
  }

  /** Have a failed clip cut again. */
  async retry(id) {
    const entry = this.#entries.get(id);
    try {
      this.#take(entry, await this.#api.retry(id));
    } catch (error) {
      this.#fire("refused", { id, message: isLost(error) ? "The line is lost. Try again in a moment." : error.message });
    }
    this.#fire("changed", id);
  }

  /** Put words that another window's change pushed aside behind what stands there now, or let them go. */
  settleMine(id, keep) {
    const entry = this.#entries.get(id);
    if (!entry?.mine) return;
    const { mine } = entry;
    entry.mine = null;
    const now = this.#value(entry, "note");
    if (keep) this.change(id, "note", now ? `${now}\n${mine}` : mine, { label: "note" });
    else this.#fire("changed", id);
  }

  /** Resolves when a mark is on the server, or after `patience` milliseconds; whether it is there. */
  async there(id, patience = 8000) {
    const until = performance.now() + patience;
    const there = () => {
      const entry = this.#entries.get(id);
      return Boolean(entry?.server) && !entry.deleted;
    };
    while (!there() && performance.now() < until && !this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return there();
  }

  /** Send at once whatever waits: the page is being left or hidden. */
  flush() {
    for (const entry of this.#entries.values()) {
      if (entry.next && !entry.sending) this.#send(entry);
    }
  }

  #value(entry, field) {
    return field in entry.changes ? entry.changes[field] : entry.server?.[field];
  }

  #set(id, field, value, delay) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    // While something is on its way nobody knows what the server will have: then it is said again.
    if (entry.server && !entry.sending && same(entry.server[field], value)) delete entry.changes[field];
    else entry.changes[field] = value;
    this.#due(entry, delay);
  }

  #exist(id, exists) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.wanted.exists = exists;
    if (!exists) entry.wanted.chosen = null;
    this.#due(entry, 0);
    this.#fire("changed", null);
  }

  #choose(id, chosen) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.wanted.chosen = chosen;
    this.#due(entry, 0);
  }

  // --- Sending ----------------------------------------------------------------------------------------------

  #due(entry, delay) {
    entry.problem = null;
    entry.refusedChanges = null;
    clearTimeout(entry.timer);
    entry.timer = null;
    if (entry.next && !entry.sending) {
      if (delay) entry.timer = setTimeout(() => this.#send(entry), delay);
      else queueMicrotask(() => this.#send(entry));
    }
    this.#fire("changed", entry.id);
  }

  #hurry() {
    for (const entry of this.#entries.values()) {
      if (entry.next && !entry.sending && !entry.problem) this.#send(entry);
    }
  }

  async #send(entry) {
    clearTimeout(entry.timer);
    entry.timer = null;
    if (entry.sending || this.#stopped || entry.problem) return;
    const what = entry.next;
    if (!what) return;
    entry.sending = true;
    const sent = { ...entry.changes };
    this.#fire("changed", entry.id);
    try {
      const json = await this.#request(entry, what, sent);
      entry.sending = false;
      entry.tries = 0;
      this.#settle(entry, sent, what);
      this.#take(entry, json);
      this.savedAt = this.now();
      this.lost = false;
      this.#fire("saved");
    } catch (error) {
      entry.sending = false;
      this.#failed(entry, what, sent, error);
    }
    this.#fire("changed", entry.id);
    if (entry.next && !entry.timer && !entry.problem && !this.#stopped) this.#send(entry);
  }

  #request(entry, what, sent) {
    const body = Object.assign({}, ...Object.entries(sent).map(([field, value]) => wire(field, value)));
    if (what === "create") return this.#api.create({ id: entry.id, ...body });
    if (what === "change") return this.#api.change(entry.id, { version: entry.version, ...body });
    if (what === "remove") return this.#api.remove(entry.id, entry.version);
    if (what === "restore") return this.#api.restore(entry.id);
    return this.#api.choose(entry.id, entry.wanted.chosen, entry.why);
  }

  /** What was sent has arrived: it is no change any more, unless it was changed again meanwhile. */
  #settle(entry, sent, what) {
    if (what !== "create" && what !== "change") return;
    for (const [field, value] of Object.entries(sent)) {
      if (same(entry.changes[field], value)) delete entry.changes[field];
    }
  }

  #take(entry, json) {
    entry.json = json;
    entry.server = fieldsOf(json);
    entry.version = json.version;
    entry.deleted = Boolean(json.deleted);
    if (entry.deleted) {
      // Being deleted takes it out of the review; the note why comes back with it.
      entry.chosen = false;
    } else {
      entry.chosen = json.chosen;
      entry.why = json.chosen ? json.why : entry.why;
      if (entry.wanted.chosen === entry.chosen) entry.wanted.chosen = null;
    }
    for (const field of FIELDS) {
      if (field in entry.changes && same(entry.changes[field], entry.server[field])) delete entry.changes[field];
    }
  }

  #failed(entry, what, sent, error) {
    if (isLost(error)) {
      this.lost = true;
      const wait = WAITS[Math.min(entry.tries, WAITS.length - 1)];
      entry.tries += 1;
      entry.timer = setTimeout(() => this.#send(entry), wait);
      this.#fire("lost");
      return;
    }
    if (error.status === 409 && error.data?.mark) {
      this.#rebase(entry, what, sent, error.data.mark);
      return;
    }
    if (error.status === 403 || error.status === 410 || error.status === 404) {
      entry.problem = error.data?.error ?? "This film cannot be changed any more.";
      this.#fire("closed", error.data?.reasons ?? [entry.problem]);
      return;
    }
    const message = error.data?.error ?? error.message;
    if (what === "remove") entry.wanted.exists = true;
    else if (what === "choose") entry.wanted.chosen = null;
    else entry.problem = message;
    this.#fire("refused", { id: entry.id, message });
  }

  /** Another window wrote first: its change stands; ours goes on top where it is about something else. */
  #rebase(entry, what, sent, json) {
    const base = entry.server;
    const mine = { ...entry.changes };
    this.#take(entry, json);
    // Deleted there while something was written here: what was written brings it back.
    const back = entry.deleted && what !== "remove";
    if (what === "remove") entry.wanted.exists = !entry.deleted;
    const lost = [];
    for (const field of Object.keys(mine)) {
      if (same(base?.[field], entry.server[field]) || same(mine[field], entry.server[field])) continue;
      // The server found the frames of times that were marked before anybody knew them: nobody's change.
      if (field === "edges" && base?.edges.first_frame === null) continue;
      lost.push(field);
      if (field === "note") entry.mine = mine.note;
      delete entry.changes[field];
    }
    this.#fire("conflict", { id: entry.id, fields: lost, back, deleting: what === "remove" });
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
