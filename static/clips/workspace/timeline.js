// The film along a line: storyboard, sound and moments at one scale, and below them the whole film.

import { drawRuler, drawWhole, drawWords, palette } from "./lanes.js";
import { length, shortClock, spoken } from "./times.js";

const SHORTEST = 250_000; // the narrowest view, microseconds
const EDGE = 10; // pixels from an edge within which it is taken hold of
const DRAG = 4; // pixels before a press becomes a drag

/**
 * Events: `seek` (us), `select` (id), `edges` ({id, edge, us, done}), `open` (id: play it), `nudge` ({id, edge,
 * frames}).
 */
export class Timeline extends EventTarget {
  #parts;
  #bounds = [0, 1];
  #view = { from: 0, to: 1 };
  #marks = [];
  #selected = null;
  #pending = null;
  #place = 0;
  #dirty = null;
  #lanesDirty = false;
  #pointers = new Map();
  #pinch = null;
  #hold = null;
  #storyboard = null;
  #sound = null;
  #soundWords = "";
  #available = null;
  #nodes = new Map();
  #follow = true;

  constructor(root, { framesPerSecond = () => 25, frameOf = () => null, readOnly = false } = {}) {
    super();
    const find = (name) => root.querySelector(`[data-${name}]`);
    this.root = root;
    this.frameOf = frameOf;
    this.framesPerSecond = framesPerSecond;
    this.readOnly = readOnly;
    this.#parts = {
      lanes: find("lanes"),
      ruler: find("ruler"),
      storyboard: find("storyboard"),
      sound: find("sound"),
      marks: find("marks"),
      turns: find("turns"),
      playhead: find("playhead"),
      whole: find("whole"),
      wholeCanvas: find("whole-canvas"),
      window: find("window"),
    };
    const { lanes, whole, marks } = this.#parts;
    lanes.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    lanes.addEventListener("pointerdown", (event) => this.#down(event));
    lanes.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) lanes.addEventListener(name, (event) => this.#up(event));
    whole.addEventListener("pointerdown", (event) => this.#wholeDown(event));
    whole.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    marks.addEventListener("dblclick", (event) => {
      const id = event.target.closest("[data-mark]")?.dataset.mark;
      if (id) this.#fire("open", id);
    });
    marks.addEventListener("keydown", (event) => this.#markKey(event));
    marks.addEventListener("click", (event) => {
      // From a keyboard or a screen reader; a press of the hand has been dealt with already.
      const id = event.target.closest("[data-mark]")?.dataset.mark;
      if (id && event.detail === 0 && !event.target.closest("[role='slider']")) this.#fire("select", id);
    });
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(lanes);
  }

  destroy() {
    this.resized.disconnect();
    cancelAnimationFrame(this.#dirty);
  }

  // --- What is shown ----------------------------------------------------------------------------------------

  get view() {
    return { ...this.#view };
  }

  setBounds([from, to]) {
    if (from === this.#bounds[0] && to === this.#bounds[1]) return;
    const whole = this.#view.from <= this.#bounds[0] && this.#view.to >= this.#bounds[1];
    this.#bounds = [from, Math.max(to, from + 1)];
    if (whole) this.#view = { from, to: this.#bounds[1] };
    else this.#show(this.#view.from, this.#view.to);
    this.draw();
  }

  setMarks(marks, selected) {
    this.#marks = marks;
    this.#selected = selected;
    this.draw();
  }

  /** The moment that is being marked: {from, to}, or null. */
  setPending(pending) {
    this.#pending = pending;
    this.draw({ lanes: false });
  }

  setPlace(us, { playing = false } = {}) {
    this.#place = us;
    const { from, to } = this.#view;
    if (playing && this.#follow && !this.#hold && (us < from || us > to)) {
      const span = to - from;
      this.#show(us - span * 0.1, us + span * 0.9);
    }
    this.draw({ lanes: false });
  }

  setStoryboard(storyboard) {
    this.#storyboard = storyboard;
    this.draw();
  }

  setSound(sound, words = "") {
    this.#sound = sound;
    this.#soundWords = words;
    this.draw();
  }

  setAvailable(us) {
    this.#available = us;
    this.draw();
  }

  /** Bring a stretch into view without changing the scale if it fits. */
  reveal(from, to) {
    const span = this.#view.to - this.#view.from;
    if (from >= this.#view.from && to <= this.#view.to) return;
    const wide = Math.max(span, (to - from) * 1.25);
    const middle = (from + to) / 2;
    this.#show(middle - wide / 2, middle + wide / 2);
  }

  /** Closer (factor > 1) or further; around a time, or around the place on screen. */
  zoom(factor, around = null) {
    const { from, to } = this.#view;
    const inside = this.#place >= from && this.#place <= to;
    const at = around ?? (inside ? this.#place : (from + to) / 2);
    const span = Math.max(SHORTEST, (to - from) / factor);
    const part = (at - from) / (to - from);
    this.#show(at - span * part, at + span * (1 - part));
  }

  #show(from, to) {
    const [first, last] = this.#bounds;
    const span = Math.min(Math.max(to - from, Math.min(SHORTEST, last - first)), last - first);
    const begin = Math.min(Math.max(from, first), last - span);
    this.#view = { from: begin, to: begin + span };
    this.draw();
  }

  #x(us) {
    return ((us - this.#view.from) / (this.#view.to - this.#view.from)) * this.#parts.lanes.clientWidth;
  }

  #us(x) {
    const width = Math.max(1, this.#parts.lanes.clientWidth);
    const us = this.#view.from + (x / width) * (this.#view.to - this.#view.from);
    return Math.min(Math.max(us, this.#bounds[0]), this.#bounds[1]);
  }

  /** Draw with the next picture; while the film plays only the place changes, which is cheap. */
  draw({ lanes = true } = {}) {
    this.#lanesDirty ||= lanes;
    this.#dirty ??= requestAnimationFrame(() => {
      this.#dirty = null;
      if (this.#lanesDirty) this.#drawLanes();
      this.#lanesDirty = false;
      this.#drawPlace();
    });
  }

  #drawLanes() {
    const parts = this.#parts;
    const colours = palette(this.root);
    drawRuler(parts.ruler, this.#view, colours);
    if (this.#storyboard) this.#storyboard.draw(parts.storyboard, this.#view);
    else drawWords(parts.storyboard, "", colours);
    if (this.#sound) this.#sound.draw(parts.sound, this.#view, colours.sound);
    else drawWords(parts.sound, this.#soundWords, colours);
    drawWhole(parts.wholeCanvas, this.#bounds, this.#marks, colours, (mark) =>
      mark.id === this.#selected ? colours.text : colours.sound,
    );
    this.#drawMarks();
    this.#drawWindow();
  }

  #drawPlace() {
    const { playhead } = this.#parts;
    const x = this.#x(this.#place);
    playhead.hidden = x < -1 || x > this.#parts.lanes.clientWidth + 1;
    playhead.style.transform = `translateX(${x}px)`;
    this.root.style.setProperty("--ws-available", this.#available === null ? "none" : `${this.#x(this.#available)}px`);
    this.root.classList.toggle("ws-timeline--coming", this.#available !== null);
    const [first, last] = this.#bounds;
    const place = ((this.#place - first) / (last - first)) * this.#parts.whole.clientWidth;
    this.#parts.whole.style.setProperty("--ws-place", `${place}px`);
    this.#drawPending();
  }

  /** What a screen reader says of the place; told apart from drawing, which happens far more often. */
  describePlace(frame, count, text) {
    const { playhead } = this.#parts;
    playhead.setAttribute("aria-valuemin", "0");
    playhead.setAttribute("aria-valuemax", String(count === null ? Math.round(this.#bounds[1] / 1e6) : count - 1));
    playhead.setAttribute("aria-valuenow", String(frame === null ? Math.round(this.#place / 1e6) : frame));
    playhead.setAttribute("aria-valuetext", text);
  }

  #drawWindow() {
    const { window: box, whole } = this.#parts;
    const [first, last] = this.#bounds;
    const width = whole.clientWidth;
    const left = ((this.#view.from - first) / (last - first)) * width;
    const right = ((this.#view.to - first) / (last - first)) * width;
    box.style.transform = `translateX(${left}px)`;
    box.style.width = `${Math.max(12, right - left)}px`;
    const percent = Math.round(((this.#view.from - first) / Math.max(1, last - first)) * 100);
    box.setAttribute("aria-valuemax", "100");
    box.setAttribute("aria-valuenow", String(percent));
    box.setAttribute("aria-valuetext", `${spoken(this.#view.from)} to ${spoken(this.#view.to)}`);
  }

  /** Overlapping moments stand above one another. */
  #rows() {
    const ends = [];
    return this.#marks.map((mark) => {
      let row = ends.findIndex((end) => end < mark.first_us);
      if (row < 0) row = ends.length < 3 ? ends.length : 0;
      ends[row] = mark.last_us;
      return row;
    });
  }

  #drawMarks() {
    const { marks: lane } = this.#parts;
    const rows = this.#rows();
    const most = Math.max(1, ...rows.map((row) => row + 1));
    lane.style.setProperty("--ws-rows", String(most));
    const there = new Set();
    this.#marks.forEach((mark, index) => {
      there.add(mark.id);
      const node = this.#nodes.get(mark.id) ?? this.#makeMark(mark.id);
      this.#placeMark(node, mark, index, rows[index]);
    });
    for (const [id, node] of this.#nodes) {
      if (there.has(id)) continue;
      node.box.remove();
      this.#nodes.delete(id);
    }
    this.#drawTurns();
  }

  /** Two thin lanes, once any moment says so: whose initiative it was, and who received it. */
  #drawTurns() {
    const { turns } = this.#parts;
    const rows = ["initiative", "received"].map((field) => this.#marks.filter((mark) => mark[field]));
    turns.hidden = !rows.some((row) => row.length);
    this.root.classList.toggle("ws-timeline--turns", !turns.hidden);
    rows.forEach((marks, number) => {
      const row = turns.children[number];
      while (row.children.length > marks.length) row.lastElementChild.remove();
      marks.forEach((mark, index) => {
        const box = row.children[index] ?? row.appendChild(document.createElement("div"));
        const left = this.#x(mark.first_us);
        box.className = `ws-turn ws-turn--${number ? mark.receiver : mark.initiator}`;
        box.dataset.mark = mark.id;
        box.textContent = number ? mark.received : mark.initiative;
        box.style.left = `${left}px`;
        box.style.width = `${Math.max(6, this.#x(mark.end_us ?? mark.last_us) - left)}px`;
      });
    });
  }

  #makeMark(id) {
    const box = document.createElement("div");
    box.className = "ws-mark";
    box.dataset.mark = id;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ws-mark__button";
    box.append(button);
    const edges = {};
    if (!this.readOnly) {
      for (const edge of ["first", "last"]) {
        const handle = document.createElement("span");
        handle.className = `ws-mark__edge ws-mark__edge--${edge}`;
        handle.dataset.edge = edge;
        handle.setAttribute("role", "slider");
        edges[edge] = handle;
        box.append(handle);
      }
    }
    this.#parts.marks.append(box);
    const node = { box, button, edges };
    this.#nodes.set(id, node);
    return node;
  }

  #placeMark(node, mark, index, row) {
    const left = this.#x(mark.first_us);
    const right = Math.max(this.#x(mark.end_us ?? mark.last_us), left + 6);
    const width = this.#parts.lanes.clientWidth;
    node.box.hidden = right < 0 || left > width;
    node.box.style.left = `${left}px`;
    node.box.style.width = `${right - left}px`;
    node.box.style.setProperty("--ws-row", String(row));
    node.button.style.paddingLeft = left < 0 ? `${10 - left}px` : "";
    const selected = mark.id === this.#selected;
    node.box.classList.toggle("ws-mark--selected", selected);
    node.box.classList.toggle("ws-mark--chosen", mark.chosen);
    node.box.classList.toggle("ws-mark--narrow", right - left < 34);
    node.button.textContent = String(index + 1);
    const turn = [mark.initiative && `initiative by ${mark.initiative}`, mark.received && `received by ${mark.received}`];
    const words = `Moment ${index + 1}, from ${shortClock(mark.first_us)} to ${shortClock(mark.last_us)}, ${length(mark.length_us)}`;
    const all = [words, ...turn, mark.chosen && "chosen for the review"].filter(Boolean);
    node.button.setAttribute("aria-label", all.join(", "));
    node.button.setAttribute("aria-pressed", String(selected));
    for (const [edge, handle] of Object.entries(node.edges)) {
      const us = edge === "first" ? mark.first_us : mark.last_us;
      const frame = edge === "first" ? mark.first_frame : mark.last_frame;
      handle.tabIndex = selected ? 0 : -1;
      handle.setAttribute("aria-label", `${edge === "first" ? "Start" : "End"} of moment ${index + 1}`);
      handle.setAttribute("aria-valuemin", "0");
      handle.setAttribute("aria-valuemax", String(frame === null ? Math.round(this.#bounds[1] / 1000) : mark.frames - 1));
      handle.setAttribute("aria-valuenow", String(frame === null ? Math.round(us / 1000) : frame));
      handle.setAttribute("aria-valuetext", frame === null ? spoken(us) : `${spoken(us)}, frame ${frame}`);
    }
  }

  #drawPending() {
    const { marks: lane } = this.#parts;
    let box = lane.querySelector(".ws-mark--pending");
    if (!this.#pending) {
      box?.remove();
      return;
    }
    if (!box) {
      box = document.createElement("div");
      box.className = "ws-mark--pending";
      lane.append(box);
    }
    const left = this.#x(Math.min(this.#pending.from, this.#pending.to));
    const right = this.#x(Math.max(this.#pending.from, this.#pending.to));
    box.style.left = `${left}px`;
    box.style.width = `${Math.max(2, right - left)}px`;
    box.classList.toggle("ws-mark--long", this.#pending.to - this.#pending.from > 10e6);
  }

  // --- The hand ---------------------------------------------------------------------------------------------

  #point(event) {
    return event.clientX - this.#parts.lanes.getBoundingClientRect().left;
  }

  #wheel(event) {
    event.preventDefault();
    const across = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (across) {
      const by = (event.deltaX || event.deltaY) / Math.max(1, this.#parts.lanes.clientWidth);
      const span = this.#view.to - this.#view.from;
      this.#show(this.#view.from + by * span, this.#view.to + by * span);
    } else {
      this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0025)), this.#us(this.#point(event)));
    }
  }

  #edgeAt(event, x) {
    if (this.readOnly) return null;
    const handle = event.target.closest?.("[data-edge]");
    if (handle) return { id: handle.closest("[data-mark]").dataset.mark, edge: handle.dataset.edge };
    const box = event.target.closest?.("[data-mark]");
    if (!box) return null;
    const mark = this.#marks.find((one) => one.id === box.dataset.mark);
    if (!box.classList.contains("ws-mark")) return null;
    const [left, right] = [this.#x(mark.first_us), this.#x(mark.end_us ?? mark.last_us)];
    if (right - left < EDGE * 3) return null; // too narrow to have a middle otherwise
    if (x - left < EDGE) return { id: mark.id, edge: "first" };
    if (right - x < EDGE) return { id: mark.id, edge: "last" };
    return null;
  }

  #down(event) {
    if (event.button > 0) return;
    const x = this.#point(event);
    this.#pointers.set(event.pointerId, x);
    this.#parts.lanes.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 2) {
      this.#letGo();
      const [a, b] = [...this.#pointers.values()];
      this.#pinch = { distance: Math.abs(a - b), middle: (a + b) / 2 };
      return;
    }
    const edge = this.#edgeAt(event, x);
    const id = event.target.closest?.("[data-mark]")?.dataset.mark ?? null;
    this.#hold = { kind: edge ? "edge" : id ? "mark" : "place", id, ...edge, x, dragged: false };
    if (edge) {
      this.#fire("select", edge.id);
      this.#nodes.get(edge.id)?.edges[edge.edge]?.focus({ preventScroll: true });
    } else if (!id) {
      this.#fire("seek", this.#us(x));
      this.#parts.playhead.focus({ preventScroll: true });
    }
    event.preventDefault();
  }

  #move(event) {
    if (!this.#pointers.has(event.pointerId)) {
      if (event.pointerType === "mouse") {
        this.#parts.lanes.classList.toggle("ws-lanes--edge", this.#edgeAt(event, this.#point(event)) !== null);
      }
      return;
    }
    const x = this.#point(event);
    this.#pointers.set(event.pointerId, x);
    if (this.#pinch && this.#pointers.size === 2) {
      const [a, b] = [...this.#pointers.values()];
      const next = { distance: Math.abs(a - b), middle: (a + b) / 2 };
      const span = this.#view.to - this.#view.from;
      const by = ((this.#pinch.middle - next.middle) / Math.max(1, this.#parts.lanes.clientWidth)) * span;
      this.#show(this.#view.from + by, this.#view.to + by);
      if (this.#pinch.distance > 10) this.zoom(next.distance / this.#pinch.distance, this.#us(next.middle));
      this.#pinch = next;
      return;
    }
    const hold = this.#hold;
    if (!hold) return;
    if (!hold.dragged && Math.abs(x - hold.x) < DRAG) return;
    hold.dragged = true;
    if (hold.kind === "edge") this.#fire("edges", { id: hold.id, edge: hold.edge, us: this.#us(x), done: false });
    else this.#fire("seek", this.#us(x));
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pinch) {
      if (this.#pointers.size < 2) this.#pinch = null;
      this.#hold = null;
      return;
    }
    const hold = this.#hold;
    this.#hold = null;
    if (!hold) return;
    if (hold.kind === "edge" && hold.dragged) {
      this.#fire("edges", { id: hold.id, edge: hold.edge, us: this.#us(this.#point(event)), done: true });
    } else if (hold.kind === "mark" && !hold.dragged && event.type === "pointerup") {
      this.#fire("select", hold.id);
      this.#nodes.get(hold.id)?.button.focus({ preventScroll: true });
    }
  }

  /** A second finger came: what the first one did stays as it is. */
  #letGo() {
    if (this.#hold?.kind === "edge" && this.#hold.dragged) {
      this.#fire("edges", { id: this.#hold.id, edge: this.#hold.edge, us: null, done: true });
    }
    this.#hold = null;
  }

  #wholeDown(event) {
    const box = this.#parts.whole.getBoundingClientRect();
    const at = (x) => this.#bounds[0] + ((x - box.left) / box.width) * (this.#bounds[1] - this.#bounds[0]);
    const span = this.#view.to - this.#view.from;
    let off = at(event.clientX) - (this.#view.from + this.#view.to) / 2;
    if (Math.abs(off) > span / 2) {
      off = 0;
      this.#fire("seek", Math.min(Math.max(at(event.clientX), this.#bounds[0]), this.#bounds[1]));
    }
    const go = (moved) => {
      const middle = at(moved.clientX) - off;
      this.#show(middle - span / 2, middle + span / 2);
    };
    const { whole } = this.#parts;
    whole.setPointerCapture(event.pointerId);
    const end = () => {
      whole.removeEventListener("pointermove", go);
      for (const name of ["pointerup", "pointercancel"]) whole.removeEventListener(name, end);
    };
    whole.addEventListener("pointermove", go);
    for (const name of ["pointerup", "pointercancel"]) whole.addEventListener(name, end);
    go(event);
    event.preventDefault();
    this.#parts.window.focus({ preventScroll: true });
  }

  // --- The keyboard on what has the focus -------------------------------------------------------------------

  #markKey(event) {
    const slider = event.target.closest("[role='slider']");
    if (!slider) return;
    const id = slider.closest("[data-mark]").dataset.mark;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    const frames = event.shiftKey ? step * Math.round(this.framesPerSecond()) : step;
    this.#fire("nudge", { id, edge: slider.dataset.edge, frames });
    event.preventDefault();
    event.stopPropagation();
  }

  /** Keys on the window over the whole film. */
  windowKey(key) {
    const span = this.#view.to - this.#view.from;
    const by = { ArrowLeft: -0.2, ArrowRight: 0.2, PageDown: -0.9, PageUp: 0.9 }[key];
    if (by) this.#show(this.#view.from + by * span, this.#view.to + by * span);
    else if (key === "Home") this.#show(this.#bounds[0], this.#bounds[0] + span);
    else if (key === "End") this.#show(this.#bounds[1] - span, this.#bounds[1]);
    else return false;
    return true;
  }

  focusMark(id) {
    this.#nodes.get(id)?.button.focus({ preventScroll: true });
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
