// The moments beside the picture: a list, and the one that is being worked on.

import { clock, length, shortClock } from "./times.js";


function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

const STAR = "m12 3 2.7 6 6.3.7-4.7 4.3 1.3 6.5L12 17.2 6.4 20.5l1.3-6.5L3 9.7 9.3 9z";

/** In words, where a moment's own file stands; empty when it is cut. */
export function stateWords(mark) {
  if (mark.problem) return "Not saved";
  if (mark.state === "failed") return "Could not be cut";
  if (mark.state === "cutting") return mark.progress ? `Being cut ${Math.round(mark.progress * 100)} %` : "Being cut";
  return "";
}

/**
 * Events: `select` (id), `open` (id: play it), `change` ({field, value, label, key}), `nudge` ({edge, frames}), `here`
 * (edge), `still` (still), `mine` (keep: boolean), `typing`, `typed`.
 */
export class Panel extends EventTarget {
  #rows = new Map();
  #edges = {};
  #selected = null;
  #principles;
  #names;

  constructor(root, { principles, people, mayMark }) {
    super();
    const find = (name) => root.querySelector(`[data-${name}]`);
    this.mayMark = mayMark;
    this.#principles = new Map(principles.map((each) => [each.id, each]));
    this.#names = new Map(people.map((each) => [each.id, each.name]));
    this.parts = {
      count: find("count"),
      list: find("moments"),
      empty: find("empty"),
      editor: find("editor"),
      edges: find("edges"),
      principles: find("principles"),
      meaning: find("meaning"),
      note: find("note"),
      noteSaved: find("note-saved"),
      noteError: find("note-error"),
      mine: find("mine"),
      stills: find("stills"),
      chosen: find("chosen"),
      choose: root.querySelector("[data-do='choose']"),
      retry: root.querySelector("[data-do='retry']"),
      playAll: root.querySelector("[data-do='play-all']"),
    };
    for (const edge of ["first", "last"]) this.#makeEdge(edge);
    this.#listen();
  }

  name(id) {
    return this.#names.get(id) ?? "";
  }

  // --- The list ---------------------------------------------------------------------------------------------

  show(marks, selected, { chosenElsewhere = 0 } = {}) {
    const { list, empty, count, chosen, playAll } = this.parts;
    count.textContent = marks.length ? String(marks.length) : "";
    empty.hidden = marks.length > 0;
    if (playAll) playAll.disabled = !marks.length;
    if (chosen) chosen.textContent = String(marks.filter((mark) => mark.chosen).length + chosenElsewhere);
    const there = new Set();
    marks.forEach((mark, index) => {
      there.add(mark.id);
      const row = this.#rows.get(mark.id) ?? this.#makeRow(mark.id);
      this.#fill(row, mark, index, mark.id === selected);
      if (list.children[index] !== row.item) list.insertBefore(row.item, list.children[index] ?? null);
    });
    for (const [id, row] of this.#rows) {
      if (there.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    const mark = marks.find((one) => one.id === selected) ?? null;
    const fresh = (mark?.id ?? null) !== this.#selected;
    this.#selected = mark?.id ?? null;
    this.#edit(mark, fresh);
    if (fresh && mark) this.#reveal();
  }

  /** The row of the selected moment, within the list alone: the page itself does not move. */
  #reveal() {
    const item = this.#rows.get(this.#selected)?.item;
    const { list } = this.parts;
    if (!item) return;
    const [row, box] = [item.getBoundingClientRect(), list.getBoundingClientRect()];
    if (row.top < box.top) list.scrollTop -= box.top - row.top;
    else if (row.bottom > box.bottom) list.scrollTop += Math.min(row.bottom - box.bottom, row.top - box.top);
  }

  #makeRow(id) {
    const item = element("li", "ws-moment");
    const button = element("button", "ws-moment__button");
    button.type = "button";
    const head = element("span", "ws-moment__head");
    const number = element("span", "ws-moment__number");
    const times = element("span", "ws-moment__times");
    const long = element("span", "ws-moment__length");
    const star = element("span", "ws-moment__star");
    const state = element("span", "ws-moment__state");
    head.append(number, times, long, star, state);
    const tags = element("span", "ws-moment__tags");
    const note = element("span", "ws-moment__note");
    button.append(head, tags, note);
    button.addEventListener("click", () => this.#fire("select", id));
    button.addEventListener("dblclick", () => this.#fire("open", id));
    item.append(button);
    this.#rows.set(id, { item, button, number, times, long, star, state, tags, note });
    return this.#rows.get(id);
  }

  #fill(row, mark, index, selected) {
    row.item.classList.toggle("ws-moment--selected", selected);
    if (selected) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
    row.number.textContent = String(index + 1);
    row.times.textContent = `${shortClock(mark.first_us)}–${shortClock(mark.end_us)}`;
    row.long.textContent = length(mark.length_us);
    row.star.replaceChildren();
    if (mark.chosen) {
      row.star.append(icon(STAR), element("span", "nhsuk-u-visually-hidden", "chosen for the review"));
    }
    row.state.textContent = stateWords(mark);
    row.state.classList.toggle("ws-moment__state--trouble", Boolean(mark.problem) || mark.state === "failed");
    const words = mark.tags.map((id) => this.#words(mark, id).label);
    const turn = [this.name(mark.initiative_by), this.name(mark.received_by)].filter(Boolean).join(" → ");
    row.tags.textContent = [...words, turn].filter(Boolean).join(" · ");
    row.tags.hidden = !row.tags.textContent;
    row.note.textContent = mark.note;
    row.note.hidden = !mark.note;
  }

  /** A principle as it was worded when it was tagged, or as it is offered now. */
  #words(mark, id) {
    return mark.words.find((tag) => tag.id === id) ?? this.#principles.get(id) ?? { label: "", description: "", key: "" };
  }

  // --- The one being worked on ------------------------------------------------------------------------------

  #makeEdge(edge) {
    const box = element("div", "ws-edge");
    const label = element("span", "ws-edge__label", edge === "first" ? "In" : "Out");
    const time = element("span", "ws-edge__time");
    box.append(label, time);
    const which = edge === "first" ? "Start" : "End";
    if (this.mayMark) {
      const button = (text, name, run) => {
        const node = element("button", "ws-edge__button", text);
        node.type = "button";
        node.setAttribute("aria-label", name);
        node.title = name;
        node.addEventListener("click", run);
        box.append(node);
      };
      button("−1", `${which}: −1 frame`, () => this.#fire("nudge", { edge, frames: -1 }));
      button("+1", `${which}: +1 frame`, () => this.#fire("nudge", { edge, frames: 1 }));
      button("here", `${which} here, at the picture on screen`, () => this.#fire("here", edge));
    }
    this.parts.edges.append(box);
    this.#edges[edge] = time;
  }

  #listen() {
    const { principles, note, editor, mine } = this.parts;
    for (const button of principles.querySelectorAll("[data-principle]")) {
      const id = Number(button.dataset.principle);
      button.addEventListener("click", () => this.toggle(id));
      const tell = () => this.#mean(id);
      button.addEventListener("pointerenter", tell);
      button.addEventListener("focus", tell);
      button.addEventListener("pointerleave", () => this.#mean(null));
      button.addEventListener("blur", () => this.#mean(null));
    }
    for (const select of editor.querySelectorAll("[data-person]")) {
      select.addEventListener("change", () => {
        const label = select.dataset.person === "initiative_by" ? "whose initiative it was" : "who received it";
        this.#fire("change", { field: select.dataset.person, value: select.value || null, label });
      });
    }
    note.addEventListener("input", () => this.#fire("change", { field: "note", value: note.value, label: "note", key: "typing" }));
    note.addEventListener("focus", () => this.#fire("typing"));
    note.addEventListener("blur", () => this.#fire("typed"));
    mine.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-mine-keep]")?.dataset.mineKeep;
      if (choice) this.#fire("mine", choice === "yes");
    });
  }

  /** Tag the moment with a principle, or take it off. */
  toggle(id) {
    if (!this.mark || !this.mayMark) return;
    const has = this.mark.tags.includes(id);
    const order = [...this.#principles.keys()];
    const tags = has ? this.mark.tags.filter((one) => one !== id) : [...this.mark.tags, id];
    tags.sort((one, other) => order.indexOf(one) - order.indexOf(other));
    const { label } = this.#words(this.mark, id);
    this.#fire("change", { field: "tags", value: tags, label: has ? `taking off “${label}”` : `“${label}”` });
    this.#mean(id);
  }

  #mean(id) {
    const { meaning } = this.parts;
    const shown = id ?? (this.mark?.tags.length === 1 ? this.mark.tags[0] : null);
    const press = matchMedia("(pointer: coarse)").matches ? "Tap" : "Press a figure for";
    const hint = this.mayMark && this.#principles.size ? `${press} what is going well here.` : "";
    meaning.textContent = shown === null || !this.mark ? hint : this.#words(this.mark, shown).description;
  }

  #edit(mark, fresh) {
    this.mark = mark;
    const { editor, principles, note, noteError, retry, choose } = this.parts;
    editor.hidden = !mark;
    if (!mark) return;
    this.#edges.first.textContent = clock(mark.first_us).replace(/^0/, "");
    this.#edges.last.textContent = clock(mark.last_us).replace(/^0/, "");
    for (const button of principles.querySelectorAll("[data-principle]")) {
      button.setAttribute("aria-pressed", String(mark.tags.includes(Number(button.dataset.principle))));
    }
    for (const select of editor.querySelectorAll("[data-person]")) select.value = mark[select.dataset.person] ?? "";
    if (fresh || (document.activeElement !== note && note.value !== mark.note)) note.value = mark.note;
    else if (note.value !== mark.note && mark.mine !== null) note.value = mark.note;
    noteError.hidden = !mark.problem;
    noteError.textContent = mark.problem ?? "";
    this.#edges.last.parentElement.classList.toggle("ws-edge--long", mark.length_us > 10e6);
    if (retry) retry.hidden = mark.state !== "failed";
    if (choose) {
      choose.setAttribute("aria-pressed", String(mark.chosen));
      choose.lastElementChild.textContent = mark.chosen ? "In the review" : "For the review";
    }
    this.#showMine(mark);
    if (fresh) this.#mean(null);
  }

  /** Words typed here that another window's change to the same note pushed aside. */
  #showMine(mark) {
    const { mine } = this.parts;
    mine.hidden = mark.mine === null;
    if (mark.mine === null) {
      mine.replaceChildren();
      return;
    }
    if (mine.dataset.shown === mark.mine && mine.children.length) return;
    mine.dataset.shown = mark.mine;
    const text = element("p", "ws-mine__words", mark.mine);
    const keep = element("button", "ws-small ws-small--text", "Add it to the note");
    const drop = element("button", "ws-small ws-small--text", "Let it go");
    keep.type = drop.type = "button";
    keep.dataset.mineKeep = "yes";
    drop.dataset.mineKeep = "no";
    mine.replaceChildren(element("p", "ws-mine__title", "You had typed:"), text, keep, drop);
  }

  saved(text) {
    this.parts.noteSaved.textContent = text;
  }

  stills(stills) {
    const { stills: list } = this.parts;
    list.replaceChildren();
    for (const still of stills) {
      const item = element("li", "ws-still");
      const button = element("button", "ws-still__button");
      button.type = "button";
      button.setAttribute("aria-label", `Still at ${clock(still.time_us)}, frame ${still.frame}: go there`);
      const image = element("img");
      image.src = still.url;
      image.alt = "";
      button.append(image);
      button.addEventListener("click", () => this.#fire("still", still));
      item.append(button);
      list.append(item);
    }
    list.hidden = !stills.length;
    this.#reveal();
  }

  focusNote() {
    this.parts.note.focus();
  }

  focusRow(id) {
    this.#rows.get(id)?.button.focus({ preventScroll: true });
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
