// Marking: where a moment begins and ends, which one is being worked on, and its edges frame by frame.

import { length, shortClock } from "./times.js";

const LONG = 10e6; // a moment for a shared review seldom needs more

export class Marking {
  #pending = null;
  #drag = null;

  constructor(workspace) {
    this.ws = workspace;
    this.selected = null;
  }

  // --- I and O ----------------------------------------------------------------------------------------------

  /** Where the film stands: {us, frame}. */
  get #here() {
    const { us, frame } = this.ws.player.shown;
    return { us, frame };
  }

  #at(us) {
    const { list } = this.ws;
    if (!list) return { us: Math.max(0, Math.round(us)), frame: null };
    const frame = list.at(Math.max(us, list.start));
    return { us: list.time(frame), frame };
  }

  /** I: a moment begins at the frame on screen; a late finger can be corrected. A second I replaces the first. */
  begin() {
    const { player, settings, says } = this.ws;
    if (!player.open) return;
    const late = player.playing ? settings.values.late * 1000 * player.rate : 0;
    const again = this.#pending !== null;
    this.#pending = late ? this.#at(player.shown.us - late) : this.#here;
    says.aloud(`${again ? "Begins instead" : "Begins"} at ${shortClock(this.#pending.us)}.`);
    this.follow();
  }

  /** O: it ends at the frame on screen, and is a moment at once. */
  end() {
    const { player, says, marks } = this.ws;
    if (!player.open) return;
    if (!this.#pending) {
      says.briefly("Press I first, where the moment begins.");
      return;
    }
    let [first, last] = [this.#pending, this.#here];
    const turned = last.us < first.us;
    if (turned) [first, last] = [last, first];
    this.#pending = null;
    this.ws.timeline.setPending(null);
    says.standing("");
    const id = marks.create(this.#edges(first, last));
    this.select(id, { seek: false });
    const mark = this.ws.full(marks.get(id));
    const words = `Moment ${marks.number(id)} marked, ${length(mark.length_us)}.`;
    if (turned) says.briefly(`${words} It runs from here to where you pressed I.`);
    else says.aloud(words);
  }

  /** Forget an I without its O; false when there was none. */
  leaveOff() {
    if (!this.#pending) return false;
    this.#pending = null;
    this.ws.timeline.setPending(null);
    this.ws.says.standing("");
    this.ws.says.aloud("Not marked.");
    return true;
  }

  /** The film moved on while a moment is being marked. */
  follow() {
    if (!this.#pending) return;
    const { us } = this.ws.player.shown;
    const { list } = this.ws;
    const [from, to] = [Math.min(this.#pending.us, us), Math.max(this.#pending.us, us)];
    this.ws.timeline.setPending({ from, to });
    const long = (list ? list.until(list.at(to)) : to) - from;
    const gentle = long > LONG ? " · ten seconds are plenty for one moment" : "";
    this.ws.says.standing(`Marking ${length(long)}${gentle} · O to end`);
  }

  // --- Which one --------------------------------------------------------------------------------------------

  select(id, { seek = true } = {}) {
    const { marks, player, timeline } = this.ws;
    const mark = id ? marks.get(id) : null;
    const fresh = this.selected !== (mark?.id ?? null);
    this.selected = mark?.id ?? null;
    if (fresh) this.ws.history.seal();
    this.ws.showMarks();
    if (!mark) {
      if (player.loop) player.setRange(null);
      return;
    }
    timeline.reveal(mark.first_us, mark.last_us);
    if (player.loop && fresh) player.setRange(this.#range(mark));
    if (seek && !player.busy) player.seek(mark.first_us);
  }

  /** The moment after (1) or before (-1) the selected one, or the nearest to the place on screen. */
  neighbour(direction) {
    const { all } = this.ws.marks;
    if (!all.length) return;
    const at = all.findIndex((mark) => mark.id === this.selected);
    let next = all[at + direction];
    if (at < 0) {
      const { us } = this.ws.player.shown;
      next = direction > 0 ? all.find((mark) => mark.first_us > us) : all.findLast((mark) => mark.first_us < us);
      next ??= direction > 0 ? all[0] : all[all.length - 1];
    }
    if (!next) return;
    this.select(next.id);
    const mark = this.ws.full(next);
    this.ws.says.aloud(`Moment ${this.ws.marks.number(next.id)}, from ${shortClock(mark.first_us)}, ${length(mark.length_us)}.`);
  }

  #range(mark) {
    return { from: mark.first_us, to: mark.last_us };
  }

  /** Play a moment from its first frame to its last. */
  play(id = this.selected) {
    const mark = id ? this.ws.marks.get(id) : null;
    if (!mark) return;
    this.ws.stopQueue();
    this.select(id, { seek: false });
    this.ws.player.playRange(this.#range(mark));
  }

  /** Repeat the moment (the whole film when none is selected), or leave off repeating. */
  loop() {
    const { player, marks, says } = this.ws;
    const mark = marks.get(this.selected);
    const on = !player.loop;
    player.setLoop(on);
    player.setRange(on && mark ? this.#range(mark) : null);
    says.aloud(on ? (mark ? "Repeats the moment." : "Repeats the film.") : "Does not repeat.");
    if (on && mark && !player.busy) player.playRange(this.#range(mark));
  }

  // --- Edges ------------------------------------------------------------------------------------------------

  #edges(first, last) {
    return { first_us: first.us, last_us: last.us, first_frame: first.frame, last_frame: last.frame };
  }

  #ends(mark) {
    return {
      first: { us: mark.first_us, frame: mark.first_frame },
      last: { us: mark.last_us, frame: mark.last_frame },
    };
  }

  /** A mark while one of its edges is being dragged. */
  dragged(mark) {
    return this.#drag?.id === mark.id ? { ...mark, ...this.#drag.edges } : mark;
  }

  drag({ id, edge, us, done }) {
    const mark = this.ws.marks.get(id);
    if (!mark || !this.ws.mayMark) return;
    if (us !== null) {
      const { list } = this.ws;
      const ends = this.#ends(mark);
      const frame = list ? (edge === "first" ? list.nearest(us) : list.at(us)) : null;
      ends[edge] = list ? { us: list.time(frame), frame } : { us: Math.round(us), frame: null };
      if (ends.last.us < ends.first.us) ends[edge] = edge === "first" ? ends.last : ends.first;
      this.#drag = { id, edges: this.#edges(ends.first, ends.last) };
      this.ws.player.pause();
      this.ws.player.seek(ends[edge].us);
    }
    if (done) {
      const edges = this.#drag?.edges;
      this.#drag = null;
      if (edges) this.#move(id, edges, "moving an edge");
    }
    this.ws.showMarks();
  }

  /** An edge some frames earlier or later; the frame that it is on comes to the screen. */
  nudge(id, edge, frames) {
    const mark = id ? this.ws.marks.get(id) : null;
    if (!mark || !this.ws.mayMark) return;
    const { list, player } = this.ws;
    const ends = this.#ends(mark);
    const end = ends[edge];
    if (list) {
      const from = end.frame ?? list.at(end.us);
      const frame = list.clamp(from + frames);
      ends[edge] = { us: list.time(frame), frame };
    } else {
      const us = Math.max(0, Math.round(end.us + (frames * 1e6) / this.ws.framesPerSecond));
      ends[edge] = { us: Math.min(us, player.bounds[1]), frame: null };
    }
    if (ends.last.us < ends.first.us) {
      this.ws.says.aloud("A moment has at least one frame.");
      return;
    }
    player.pause();
    player.seek(ends[edge].us);
    this.#move(id, this.#edges(ends.first, ends.last), "moving an edge", edge);
    this.ws.says.aloud(`${edge === "first" ? "Starts" : "Ends"} at frame ${ends[edge].frame ?? shortClock(ends[edge].us)}.`);
  }

  /** Move an edge of the selected moment to the frame on screen. */
  moveHere(edge) {
    const mark = this.ws.marks.get(this.selected);
    if (!mark || !this.ws.mayMark) return;
    const ends = this.#ends(mark);
    ends[edge] = this.#here;
    if (ends.last.us < ends.first.us) {
      this.ws.says.briefly(
        edge === "first" ? "The picture on screen is after the moment’s end." : "The picture on screen is before the moment’s start.",
      );
      return;
    }
    this.#move(mark.id, this.#edges(ends.first, ends.last), "moving an edge");
  }

  #move(id, edges, label, key = undefined) {
    this.ws.marks.change(id, "edges", edges, { label, key });
    if (this.ws.player.loop && this.ws.player.range) this.ws.player.setRange({ from: edges.first_us, to: edges.last_us });
  }

  // --- The rest ---------------------------------------------------------------------------------------------

  choose() {
    const mark = this.ws.marks.get(this.selected);
    if (!mark || !this.ws.facts.choosable) return;
    this.ws.marks.choose(mark.id, !mark.chosen);
    const count = this.ws.marks.chosenCount + this.ws.facts.chosen_elsewhere;
    const words = mark.chosen ? "Taken out of the review." : `Chosen for the review: ${count} now.`;
    this.ws.says.briefly(!mark.chosen && count > 3 ? `${words} Three is the custom, not a limit.` : words);
  }

  remove() {
    const mark = this.ws.marks.get(this.selected);
    if (!mark || !this.ws.mayMark) return;
    const number = this.ws.marks.number(mark.id);
    const { all } = this.ws.marks;
    const at = all.findIndex((one) => one.id === mark.id);
    const next = all[at + 1] ?? all[at - 1] ?? null;
    this.ws.marks.remove(mark.id);
    this.select(next?.id ?? null, { seek: false });
    this.ws.says.briefly(`Moment ${number} deleted. Ctrl Z brings it back.`);
  }

  tag(key) {
    const principle = this.ws.facts.principles.find((one) => one.key.toLowerCase() === key);
    if (!principle) return false;
    const mark = this.ws.marks.get(this.selected);
    if (!mark) {
      this.ws.says.briefly("Select a moment first, or mark one with I and O.");
      return true;
    }
    const has = mark.tags.includes(principle.id);
    this.ws.panel.toggle(principle.id);
    this.ws.says.aloud(`${principle.label}${has ? " taken off" : ""}.`);
    return true;
  }
}
