// Keys and buttons: everything that can be done, by name.

import { actionOf, isSingle, nameOf } from "./keys.js";

const TEXT = "input:not([type]), input[type='text'], input[type='search'], textarea, select, [contenteditable]";
const TURNS = "input[type='range'], input[type='checkbox'], input[type='radio']";

export class Hands {
  #byPointer = false;
  #swallow = false;

  constructor(workspace) {
    this.ws = workspace;
    const { root } = workspace;
    this.click = (event) => {
      const button = event.target.closest("[data-do]");
      if (button && root.contains(button)) this.do(button.dataset.do);
    };
    this.keydown = (event) => this.#key(event);
    this.keyup = (event) => {
      if (this.#swallow && event.key === " ") event.preventDefault();
      this.#swallow = false;
    };
    this.pointer = (event) => {
      this.#byPointer = true;
      const { settings } = this.ws;
      if (settings.open && !settings.box.contains(event.target) && !settings.button.contains(event.target)) settings.toggle(false);
    };
    this.focus = () => {
      if (this.#tabbed) this.#byPointer = false;
      this.#tabbed = false;
    };
    root.addEventListener("click", this.click);
    document.addEventListener("keydown", this.keydown);
    document.addEventListener("keyup", this.keyup);
    document.addEventListener("pointerdown", this.pointer, true);
    document.addEventListener("focusin", this.focus);
  }

  #tabbed = false;

  destroy() {
    this.ws.root.removeEventListener("click", this.click);
    document.removeEventListener("keydown", this.keydown);
    document.removeEventListener("keyup", this.keyup);
    document.removeEventListener("pointerdown", this.pointer, true);
    document.removeEventListener("focusin", this.focus);
  }

  #key(event) {
    if (event.key === "Tab") this.#tabbed = true;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const { target } = event;
    const element = target instanceof Element ? target : document.body;
    if (element.matches(TEXT)) {
      if (event.key === "Escape" && this.ws.root.contains(element)) {
        if (this.ws.settings.box.contains(element)) this.#escape();
        else element.blur();
        event.preventDefault();
      }
      return;
    }
    if (element.matches(TURNS) && !["Escape"].includes(event.key) && !isSingle(event)) return;
    if (!this.ws.root.contains(element) && element !== document.body && element.closest("a, button, form")) return;
    const name = nameOf(event);
    if (element.closest("a, button, summary") && (event.key === "Enter" || (event.key === " " && !this.#byPointer))) return;
    if (element.matches("[data-window]") && this.ws.timeline.windowKey(event.key)) {
      event.preventDefault();
      return;
    }
    if (element.closest("[data-moments]") && (name === "ArrowDown" || name === "ArrowUp")) {
      this.ws.marking.neighbour(name === "ArrowDown" ? 1 : -1);
      this.ws.panel.focusRow(this.ws.marking.selected);
      event.preventDefault();
      return;
    }
    if (isSingle(event) && !this.ws.settings.values.single) return;
    const action = actionOf(event);
    if (isSingle(event) && !event.shiftKey && this.ws.mayMark && this.ws.marking.tag(event.key.toLowerCase())) {
      event.preventDefault();
      return;
    }
    if (!action) return;
    if (event.repeat && !/^(frame|second|picture|pan|timeline|start|end|slower|faster)/.test(action)) {
      event.preventDefault();
      return;
    }
    if (event.key === " ") this.#swallow = true;
    if (this.do(action) !== false) event.preventDefault();
  }

  /** Do something by its name; false when there was nothing to do. */
  do(action) {
    const { player, marking, timeline, picture, history, mayMark } = this.ws;
    const writes = (run) => (mayMark ? run() : false);
    const actions = {
      play: () => {
        this.ws.stopQueue();
        player.toggle();
      },
      pause: () => player.pause(),
      back: () => {
        this.ws.stopQueue();
        player.back();
      },
      forward: () => player.forward(),
      "frame-back": () => player.step(-1),
      "frame-on": () => player.step(1),
      "second-back": () => player.jump(-1e6),
      "second-on": () => player.jump(1e6),
      home: () => player.seek(player.bounds[0]),
      end: () => player.seek(player.bounds[1]),
      slower: () => player.changeRate(-1),
      faster: () => player.changeRate(1),
      loop: () => marking.loop(),
      sound: () => player.setSound({ muted: !player.muted }),
      "mark-in": () => writes(() => marking.begin()),
      "mark-out": () => writes(() => marking.end()),
      "start-here": () => writes(() => marking.moveHere("first")),
      "end-here": () => writes(() => marking.moveHere("last")),
      "start-earlier": () => writes(() => marking.nudge(marking.selected, "first", -1)),
      "start-later": () => writes(() => marking.nudge(marking.selected, "first", 1)),
      "end-earlier": () => writes(() => marking.nudge(marking.selected, "last", -1)),
      "end-later": () => writes(() => marking.nudge(marking.selected, "last", 1)),
      note: () => {
        if (!marking.selected) return false;
        this.sheet(true);
        return this.ws.panel.focusNote();
      },
      choose: () => writes(() => marking.choose()),
      still: () => writes(() => this.ws.keepStill()),
      delete: () => writes(() => (marking.selected ? marking.remove() : false)),
      retry: () => writes(() => this.ws.marks.retry(marking.selected)),
      concern: () => writes(() => {
        player.pause();
        this.ws.concern.open(player.shown.us);
      }),
      undo: () => writes(() => this.#told(history.undo(), "Undone")),
      redo: () => writes(() => this.#told(history.redo(), "Done again")),
      previous: () => marking.neighbour(-1),
      next: () => marking.neighbour(1),
      "play-moment": () => (marking.selected ? marking.play() : false),
      "play-all": () => this.ws.playAll(),
      "timeline-in": () => timeline.zoom(1.6),
      "timeline-out": () => timeline.zoom(1 / 1.6),
      "picture-in": () => picture.zoom(1.3),
      "picture-out": () => picture.zoom(1 / 1.3),
      "picture-whole": () => picture.whole(),
      "pan-left": () => picture.pan(-1, 0),
      "pan-right": () => picture.pan(1, 0),
      "pan-up": () => picture.pan(0, -1),
      "pan-down": () => picture.pan(0, 1),
      settings: () => this.ws.settings.toggle(),
      keys: () => this.ws.keys.showModal(),
      sheet: () => this.sheet(),
      escape: () => this.#escape(),
    };
    const run = actions[action];
    return run ? run() : false;
  }

  #told(label, word) {
    if (!label) {
      this.ws.says.briefly(word === "Undone" ? "Nothing to undo." : "Nothing to do again.");
      return;
    }
    const { marking, marks } = this.ws;
    if (marking.selected && !marks.get(marking.selected)) marking.select(null);
    this.ws.showMarks();
    this.ws.says.briefly(`${word}: ${label}.`);
  }

  /** The moments as a sheet over the lower part of a small screen. */
  sheet(open = null) {
    const { panel } = this.ws.parts;
    const now = open ?? !panel.classList.contains("ws-panel--open");
    panel.classList.toggle("ws-panel--open", now);
    for (const button of this.ws.root.querySelectorAll("[data-do='sheet'][aria-expanded]")) {
      button.setAttribute("aria-expanded", String(now));
    }
  }

  #escape() {
    const { says, settings, marking, player, root, parts } = this.ws;
    if (settings.open) {
      settings.toggle(false);
      settings.button.focus();
    } else if (says.speaking) says.hush();
    else if (marking.leaveOff()) return true;
    else if (parts.panel.classList.contains("ws-panel--open")) {
      this.sheet(false);
      root.querySelector("[data-do='sheet'][aria-expanded]").focus();
    } else if (player.loop) marking.loop();
    else if (marking.selected) marking.select(null);
    else return false;
    return true;
  }
}
