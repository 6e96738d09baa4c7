// The keys of the workspace: one table, for doing and for the list on "?".

/** [what it does, keys as people read them, ...keys as the browser calls them]; letters are lower case here. */
export const KEYS = [
  ["Playing", [
    ["play", "Play or pause", "Space", " "],
    ["pause", "Pause", "K", "k"],
    ["back", "Backwards; again for faster", "J", "j"],
    ["forward", "Forwards; again for faster", "L", "l"],
    ["frame-back", "One frame back", "← or ,", "ArrowLeft", ","],
    ["frame-on", "One frame forward", "→ or .", "ArrowRight", "."],
    ["second-back", "One second back", "Shift ←", "Shift+ArrowLeft"],
    ["second-on", "One second forward", "Shift →", "Shift+ArrowRight"],
    ["home", "To the beginning", "Home", "Home"],
    ["end", "To the end", "End", "End"],
    ["slower", "Slower", "[", "["],
    ["faster", "Faster", "]", "]"],
    ["loop", "Repeat the moment, or the film", "R", "r"],
    ["sound", "Sound on or off", "M", "m"],
  ]],
  ["Marking", [
    ["mark-in", "The moment begins here", "I", "i"],
    ["mark-out", "The moment ends here", "O", "o"],
    ["start-here", "Move the moment’s start here", "Shift I", "Shift+i"],
    ["end-here", "Move the moment’s end here", "Shift O", "Shift+o"],
    ["start-earlier", "Start one frame earlier", "Z", "z"],
    ["start-later", "Start one frame later", "X", "x"],
    ["end-earlier", "End one frame earlier", "V", "v"],
    ["end-later", "End one frame later", "B", "b"],
    ["note", "Write a note", "N", "n"],
    ["choose", "Choose for the review", "C", "c"],
    ["still", "Keep a still of this frame", "S", "s"],
    ["delete", "Delete the moment", "Delete", "Delete", "Backspace"],
    ["concern", "A worry, for the risk section", "W", "w"],
    ["undo", "Undo", "Ctrl Z", "Control+z"],
    ["redo", "Do again", "Ctrl Shift Z", "Control+Shift+z", "Control+y"],
  ]],
  ["Finding the way", [
    ["previous", "Moment before", "PgUp", "PageUp"],
    ["next", "Moment after", "PgDn", "PageDown"],
    ["play-moment", "Play the moment", "P or Enter", "p", "Enter"],
    ["timeline-in", "Timeline closer", "↑", "ArrowUp"],
    ["timeline-out", "Timeline further", "↓", "ArrowDown"],
    ["picture-in", "Into the picture", "+", "+", "="],
    ["picture-out", "Out of the picture", "−", "-"],
    ["picture-whole", "Whole picture", "0", "0"],
    ["pan-left", "Move the picture", "Alt ← ↑ → ↓", "Alt+ArrowLeft"],
    ["pan-right", "", "", "Alt+ArrowRight"],
    ["pan-up", "", "", "Alt+ArrowUp"],
    ["pan-down", "", "", "Alt+ArrowDown"],
    ["escape", "Leave off", "Esc", "Escape"],
    ["keys", "This list", "?", "?", "Shift+?"],
  ]],
];

const WRITES = new Set([
  "mark-in", "mark-out", "start-here", "end-here", "start-earlier", "start-later", "end-earlier", "end-later",
  "choose", "still", "delete", "concern", "undo", "redo",
]);

const table = new Map();
for (const [, rows] of KEYS) {
  for (const [name, , , ...keys] of rows) for (const key of keys) table.set(key, name);
}

/** "Control+Shift+z", "ArrowLeft", "?" … for a keydown event. Shift is left out where it makes another sign. */
export function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const sign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Control");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && !sign) parts.push("Shift");
  return [...parts, key].join("+");
}

/** Whether this is one letter or figure without anything held: what speech control may type by accident. */
export function isSingle(event) {
  return /^[a-z0-9]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** What a keydown event asks for, or null. */
export function actionOf(event) {
  return table.get(nameOf(event)) ?? null;
}

/** Fill the list on "?": what a reader may not do is left out. */
export function fillList(box, { principles, mayMark }) {
  box.replaceChildren();
  const section = (title, rows) => {
    const part = document.createElement("section");
    const heading = document.createElement("h3");
    heading.textContent = title;
    const list = document.createElement("dl");
    for (const [keys, text] of rows) {
      const term = document.createElement("dt");
      for (const word of keys.split(" ")) {
        const node = document.createElement(word === "or" ? "span" : "kbd");
        node.textContent = word;
        term.append(node, " ");
      }
      const meaning = document.createElement("dd");
      meaning.textContent = text;
      const row = document.createElement("div");
      row.append(term, meaning);
      list.append(row);
    }
    part.append(heading, list);
    box.append(part);
  };
  for (const [title, rows] of KEYS) {
    const shown = rows.filter(([name, text]) => text && (mayMark || !WRITES.has(name)));
    if (shown.length) section(title, shown.map(([, text, keys]) => [keys, text]));
  }
  if (mayMark && principles.length) {
    section("What is going well", principles.map((each) => [each.key.toUpperCase(), each.label]));
  }
}
