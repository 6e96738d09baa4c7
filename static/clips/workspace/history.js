// Undo and redo. A command knows how to take itself back and how to happen again.

/**
 * @typedef {{label: string, undo: () => unknown, redo: () => unknown, key?: string}} Command
 * `key`: commands of the same key in quick succession become one (typing a note, nudging an edge).
 */

export class History {
  /**
   * @param {{limit?: number, within?: number, now?: () => number, changed?: () => void}} options `within`:
   *   milliseconds in which commands of the same key become one
   */
  constructor({ limit = 200, within = 1500, now = () => performance.now(), changed = () => {} } = {}) {
    this.limit = limit;
    this.within = within;
    this.now = now;
    this.changed = changed;
    this.done = [];
    this.undone = [];
  }

  /** Remember what has just been done. @param {Command} command */
  push(command) {
    const at = this.now();
    const before = this.done[this.done.length - 1];
    this.undone = [];
    if (before && command.key && before.key === command.key && at - before.at <= this.within) {
      before.redo = command.redo;
      before.label = command.label;
      before.at = at;
    } else {
      this.done.push({ ...command, at });
      if (this.done.length > this.limit) this.done.shift();
    }
    this.changed();
  }

  /** Nothing that follows becomes one with what was done before. */
  seal() {
    const before = this.done[this.done.length - 1];
    if (before) before.key = undefined;
  }

  get undoLabel() {
    return this.done.length ? this.done[this.done.length - 1].label : "";
  }

  get redoLabel() {
    return this.undone.length ? this.undone[this.undone.length - 1].label : "";
  }

  /** Take the last command back; returns its label, or an empty string when there is none. */
  undo() {
    const command = this.done.pop();
    if (!command) return "";
    command.key = undefined;
    command.undo();
    this.undone.push(command);
    this.changed();
    return command.label;
  }

  /** Do again what was taken back; returns its label, or an empty string when there is none. */
  redo() {
    const command = this.undone.pop();
    if (!command) return "";
    command.redo();
    this.done.push(command);
    this.changed();
    return command.label;
  }
}
