// What brings player, timeline, moments and server together.

import { Api, RequestFailed } from "./api.js";
import { concern, keyList, settings } from "./dialogs.js";
import { Film } from "./film.js";
import { Hands } from "./hands.js";
import { History } from "./history.js";
import { Sound, Storyboard } from "./lanes.js";
import { Marking } from "./marking.js";
import { Marks } from "./marks.js";
import { Panel } from "./panel.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { Says } from "./says.js";
import { Timeline } from "./timeline.js";
import { clock, left, spoken } from "./times.js";

const speedText = (rate) => `${String(Math.round(rate * 100) / 100)}×`;

export class Workspace {
  #lanes = { storyboard: null, sound: false, stage: null };
  #reading = false;
  #stills = [];
  #wasPlaying = false;
  #queue = [];
  #gone = false;

  constructor(root, facts, { source = null } = {}) {
    this.root = root;
    this.facts = facts;
    this.mayMark = facts.may_mark;
    const find = (name) => root.querySelector(`[data-${name}]`);
    this.parts = {
      time: find("time"),
      frame: find("frame"),
      badge: find("badge"),
      speedShown: find("speed-shown"),
      speed: find("speed"),
      play: find("play"),
      zoom: find("zoom-shown"),
      saved: find("saved"),
      sheetLabel: find("sheet-label"),
      panel: find("panel"),
      loop: root.querySelector("[data-do='loop']"),
      sound: root.querySelector("[data-do='sound']"),
      undo: root.querySelector("[data-do='undo']"),
      redo: root.querySelector("[data-do='redo']"),
    };
    this.says = new Says(root);
    this.api = new Api(facts.urls);
    this.player = new Player(find("stage"));
    this.picture = new Picture(find("picture"), find("stage"));
    this.history = new History({ changed: () => this.#showHistory() });
    this.marks = new Marks({ api: this.api, history: this.history });
    this.film = new Film({ api: this.api, player: this.player, file: source });
    this.timeline = new Timeline(find("timeline"), {
      readOnly: !this.mayMark,
      framesPerSecond: () => this.framesPerSecond,
    });
    this.panel = new Panel(root, { principles: facts.principles, people: facts.people, mayMark: this.mayMark });
    this.settings = settings(root, { player: this.player });
    this.keys = keyList(root, { principles: facts.principles, mayMark: this.mayMark });
    this.concern = concern(root, { api: this.api, says: this.says });
    this.marking = new Marking(this);
    this.hands = new Hands(this);
    this.#listen();
  }

  start() {
    this.#showPlace();
    this.#showState();
    this.film.start();
    this.#readMarks();
  }

  destroy() {
    this.#gone = true;
    this.marks.flush();
    this.film.stop();
    this.hands.destroy();
    this.timeline.destroy();
    this.picture.destroy();
    this.marks.destroy();
    window.removeEventListener("beforeunload", this.leaving);
    document.removeEventListener("visibilitychange", this.hidden);
  }

  get unsaved() {
    return this.marks.unsaved + (this.concern?.unsaved ? 1 : 0);
  }

  get list() {
    return this.film.list;
  }

  get framesPerSecond() {
    const { list } = this;
    return list && list.count > 1 ? ((list.count - 1) * 1e6) / (list.time(list.last) - list.start) : 25;
  }

  // --- What is heard ----------------------------------------------------------------------------------------

  #listen() {
    const { player, film, marks, timeline, panel, picture, says, marking } = this;
    player.addEventListener("shown", () => this.#showPlace());
    player.addEventListener("state", () => this.#showState());
    player.addEventListener("source", () => this.#showSource());
    player.addEventListener("passed", (event) => this.#playNext(event.detail));
    player.addEventListener("waiting", (event) => {
      this.root.classList.toggle("ws--waiting", event.detail && player.busy);
    });
    player.addEventListener("refused", () => says.briefly("The browser wants a press on Play first."));
    picture.addEventListener("changed", () => {
      this.parts.zoom.textContent = speedText(picture.scale);
    });
    picture.addEventListener("tapped", () => player.toggle());

    film.addEventListener("says", (event) => says.instead(event.detail));
    film.addEventListener("frames", () => {
      this.#showSource();
      this.#readMarks();
    });
    film.addEventListener("status", (event) => this.#hear(event.detail));
    film.addEventListener("available", (event) => timeline.setAvailable(event.detail));
    film.addEventListener("closed", (event) => this.#close(event.detail));
    film.addEventListener("opened", () => {
      says.instead({ text: "Opening the film…" });
      this.#lanes = { storyboard: null, sound: false, stage: null };
      this.#readMarks();
    });
    film.addEventListener("lost", () => this.#showSaved());

    marks.addEventListener("changed", () => this.#showMarks());
    marks.addEventListener("saved", () => this.#showSaved());
    marks.addEventListener("lost", () => this.#showSaved());
    marks.addEventListener("refused", (event) => says.message(event.detail.message));
    marks.addEventListener("closed", (event) => says.message(event.detail.join(" ")));
    marks.addEventListener("conflict", (event) => this.#conflict(event.detail));

    timeline.addEventListener("seek", (event) => {
      this.#queue = [];
      player.setRange(null);
      player.seek(event.detail);
    });
    timeline.addEventListener("select", (event) => marking.select(event.detail));
    timeline.addEventListener("open", (event) => marking.play(event.detail));
    timeline.addEventListener("edges", (event) => marking.drag(event.detail));
    timeline.addEventListener("nudge", ({ detail }) => marking.nudge(detail.id, detail.edge, detail.frames));

    panel.addEventListener("select", (event) => marking.select(event.detail));
    panel.addEventListener("open", (event) => marking.play(event.detail));
    panel.addEventListener("nudge", ({ detail }) => marking.nudge(marking.selected, detail.edge, detail.frames));
    panel.addEventListener("here", (event) => marking.moveHere(event.detail));
    panel.addEventListener("change", ({ detail: { field, value, label, key } }) => {
      if (marking.selected) marks.change(marking.selected, field, value, { label, key });
    });
    panel.addEventListener("mine", (event) => marks.settleMine(marking.selected, event.detail));
    panel.addEventListener("still", (event) => {
      player.pause();
      player.show(event.detail.frame);
    });
    // Whoever writes looks away: the film waits, and goes on afterwards.
    panel.addEventListener("typing", () => {
      this.#wasPlaying = player.busy;
      if (player.busy) player.pause();
    });
    panel.addEventListener("typed", () => {
      this.history.seal();
      if (this.#wasPlaying && !this.#gone && document.visibilityState === "visible") player.play();
      this.#wasPlaying = false;
    });

    this.leaving = (event) => {
      marks.flush();
      if (this.unsaved) event.preventDefault();
    };
    this.hidden = () => {
      if (document.visibilityState !== "hidden") return;
      player.pause();
      marks.flush();
    };
    window.addEventListener("beforeunload", this.leaving);
    document.addEventListener("visibilitychange", this.hidden);
  }

  // --- The server -------------------------------------------------------------------------------------------

  async #readMarks() {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const data = await this.api.marks();
      if (this.#gone) return;
      this.marks.load(data.marks);
      this.#stills = data.stills;
      this.#showStills();
      this.#loadLanes(data);
    } catch (error) {
      if (!(error instanceof RequestFailed)) setTimeout(() => !this.#gone && this.#readMarks(), 3000);
    } finally {
      this.#reading = false;
    }
  }

  /** Storyboard and sound come while the film is prepared. */
  #loadLanes({ storyboard, peaks, sound_note: soundNote }) {
    if (this.film.closed) return;
    if (storyboard && !this.#lanes.storyboard) {
      this.#lanes.storyboard = storyboard;
      const image = new Image();
      image.addEventListener("load", () => {
        if (!this.film.closed) this.timeline.setStoryboard(new Storyboard(image, storyboard));
      });
      image.src = this.api.media("storyboard");
    }
    if (peaks && !this.#lanes.sound) {
      this.#lanes.sound = true;
      this.api
        .json(this.api.media("peaks"))
        .then((data) => this.timeline.setSound(new Sound(data, this.list?.start ?? 0)))
        .catch(() => {
          this.#lanes.sound = false;
        });
    } else if (!peaks) {
      this.timeline.setSound(null, soundNote || "");
    }
  }

  #hear(status) {
    const stale = this.marks.follow(status.clips ?? []);
    const stage = `${status.state} ${status.stage} ${status.playable.kind}`;
    const missing = !this.#lanes.storyboard || !this.#lanes.sound;
    if (stale || (missing && stage !== this.#lanes.stage && status.consent.allowed)) this.#readMarks();
    this.#lanes.stage = stage;
    const doing = { uploading: "Being sent", checking: "Being checked", preparing: "Being prepared" }[status.state];
    const percent = typeof status.progress === "number" ? `${Math.floor(status.progress * 100)} %` : "";
    const words = doing ? [[doing, percent].filter(Boolean).join(" "), left(status.seconds_left)].filter(Boolean).join(", ") : "";
    this.root.dataset.state = status.state;
    this.preparing = words;
    this.#showSaved();
  }

  #close(reasons) {
    this.timeline.setStoryboard(null);
    this.timeline.setSound(null);
    this.#stills = [];
    this.#showStills();
    this.says.instead({
      text: "This film cannot be shown at the moment.",
      more: `${reasons.join(" ")} What you wrote is kept.`,
    });
  }

  #conflict({ fields, back, deleting }) {
    if (deleting) {
      this.says.message("This moment was changed in another window, so it has not been deleted. This is the newest.");
    } else if (back) {
      this.says.message("This moment had been deleted in another window. Because you wrote here, it is back.");
    } else if (fields.includes("note")) {
      this.says.message("The note was changed in another window: this is the newest. What you had typed is under it.");
    } else if (fields.length) {
      this.says.message("This moment was changed in another window: this is the newest.");
    }
  }

  /** Keep a still of the frame on screen. */
  async keepStill() {
    const { shown } = this.player;
    if (shown.frame === null || !shown.exact) {
      this.says.briefly("A still can be kept as soon as the film’s frames are known.");
      return;
    }
    const { selected } = this.marking;
    this.root.classList.add("ws--flash");
    setTimeout(() => this.root.classList.remove("ws--flash"), 200);
    try {
      const clip = selected && (await this.marks.there(selected)) ? selected : null;
      const still = await this.api.still(shown.frame, clip);
      this.#stills = [...this.#stills.filter((one) => one.id !== still.id), still];
      this.#showStills();
      this.says.briefly(`Still of frame ${still.frame} kept${still.clip ? " with the moment" : ""}.`);
    } catch (error) {
      this.says.message(error.data?.error ?? "The line is lost, so the still is not kept. Try again in a moment.");
    }
  }

  // --- Playing moments --------------------------------------------------------------------------------------

  /** One moment after the other; the speed stays as it is. */
  playAll() {
    this.#queue = this.marks.all.map((mark) => mark.id);
    this.player.setLoop(false);
    this.#playNext(null);
  }

  #playNext(range) {
    if (range && range.queued !== true) this.#queue = [];
    const id = this.#queue.shift();
    if (!id) return;
    const mark = this.marks.get(id);
    if (!mark) {
      this.#playNext({ queued: true });
      return;
    }
    this.marking.select(id, { seek: false });
    this.player.playRange({ from: mark.first_us, to: mark.last_us, queued: true });
  }

  stopQueue() {
    this.#queue = [];
  }

  // --- What is shown ----------------------------------------------------------------------------------------

  /** A mark with what the frames say of it: its end, its length, its number. */
  full(mark) {
    const { list } = this;
    const end = list && mark.last_frame !== null ? list.until(mark.last_frame) : mark.last_us;
    return {
      ...mark,
      end_us: end,
      length_us: end - mark.first_us,
      frames: list?.count ?? 0,
      initiative: this.panel.name(mark.initiative_by),
      received: this.panel.name(mark.received_by),
      initiator: this.facts.people.findIndex((one) => one.id === mark.initiative_by) % 4,
      receiver: this.facts.people.findIndex((one) => one.id === mark.received_by) % 4,
    };
  }

  #showMarks() {
    const marks = this.marks.all.map((mark) => this.full(this.marking.dragged(mark)));
    const { selected } = this.marking;
    this.panel.show(marks, selected, { chosenElsewhere: this.facts.chosen_elsewhere });
    this.timeline.setMarks(marks, selected);
    this.parts.sheetLabel.textContent = marks.length ? `Moments ${marks.length}` : "Moments";
    this.#showStills();
    this.#showSaved();
  }

  showMarks() {
    this.#showMarks();
  }

  #showStills() {
    const { selected } = this.marking;
    const shown = this.#stills.filter((still) => still.clip === selected);
    const key = `${selected} ${shown.map((still) => still.id).join()}`;
    if (key === this.stillsShown) return;
    this.stillsShown = key;
    this.panel.stills(shown);
  }

  #showSaved() {
    const { marks } = this;
    const count = marks.unsaved;
    let text = "";
    if (this.mayMark) {
      if (count && (marks.lost || this.film.lineLost)) text = "Not saved yet: the line is lost. Trying again…";
      else if (count) text = "Saving…";
      else if (marks.savedAt) {
        text = `Saved ${marks.savedAt.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
      }
    }
    if (!text && this.film.lineLost) text = "The line is lost. Trying again…";
    this.parts.saved.textContent = text || this.preparing || "";
    this.parts.saved.classList.toggle("ws-saved--lost", text.includes("lost"));
    const mark = marks.get(this.marking.selected);
    this.panel.saved(!mark || !this.mayMark ? "" : mark.problem ? "not saved" : mark.saving ? "saving…" : marks.savedAt ? text.toLowerCase() : "");
  }

  #showHistory() {
    const { undo, redo } = this.parts;
    if (!undo) return;
    const { undoLabel, redoLabel } = this.history;
    undo.disabled = !undoLabel;
    redo.disabled = !redoLabel;
    undo.setAttribute("aria-label", undoLabel ? `Undo: ${undoLabel}` : "Undo");
    redo.setAttribute("aria-label", redoLabel ? `Do again: ${redoLabel}` : "Do again");
  }

  #showSource() {
    this.timeline.setBounds(this.player.bounds);
    this.#showMarks();
    this.#showPlace();
  }

  #showPlace() {
    const { player, list, parts } = this;
    const { us, frame, exact, known } = player.shown;
    parts.time.textContent = clock(us);
    parts.frame.textContent = frame === null ? "" : `frame ${frame}`;
    parts.badge.hidden = !known;
    parts.badge.textContent = exact ? "exact" : "about";
    parts.badge.classList.toggle("ws-badge--about", !exact);
    this.root.dataset.frame = frame === null ? "" : String(frame);
    this.root.dataset.us = String(us);
    this.timeline.setBounds(player.bounds);
    this.timeline.setPlace(us, { playing: player.busy });
    this.timeline.describePlace(frame, list?.count ?? null, frame === null ? spoken(us) : `${spoken(us)}, frame ${frame}`);
    this.marking.follow();
  }

  #showState() {
    const { player, parts } = this;
    const { busy } = player;
    this.root.classList.toggle("ws--playing", busy);
    parts.play.setAttribute("aria-label", busy ? "Pause" : "Play");
    parts.speed.textContent = speedText(player.rate);
    const going = player.reverseSpeed ? `−${speedText(player.reverseSpeed)}` : player.rate === 1 ? "" : speedText(player.rate);
    parts.speedShown.textContent = going;
    parts.loop.setAttribute("aria-pressed", String(player.loop));
    const heard = !player.muted && !(player.rate < 1 && player.whenSlow === "silent");
    parts.sound.setAttribute("aria-pressed", String(heard));
    this.root.classList.toggle("ws--silent", !heard);
  }
}

