// Fingers and keys: every button by its name, every key by the button that it stands for.
import { takesText } from "../../js/frame.js";
import { onlyWoke, onScreen } from "./screen.js";

const KEYS = {
  a: "again",
  p: "previous",
  n: "next",
  l: "loop",
  m: "sound",
  s: "still",
  w: "words",
  o: "moments",
  c: "captions",
  arrowleft: "back",
  arrowright: "on",
  ",": "back",
  ".": "on",
  pageup: "previous",
  pagedown: "next",
};
const SPEEDS = { 1: 0.25, 2: 0.5, 3: 1 };

function clicked(event, { acts, player }) {
  const wanted = event.target.closest("button");
  if (!wanted) {
    if (event.target.closest("[data-screen]") && event.detail && !onlyWoke()) player.toggle();
    return;
  }
  if (wanted.dataset.speed) player.setSpeed(Number(wanted.dataset.speed));
  else if (wanted.dataset.do) acts[wanted.dataset.do]();
  // A finger's button must not keep the keys: Space is for the film.
  if (event.detail && document.activeElement?.closest("[data-controls]")) document.activeElement.blur();
}

function pressed(event, { acts, button, blank, player }) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    blank();
    return;
  }
  if (onScreen() !== "stage" || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  if (event.target instanceof HTMLInputElement) return; // arrows choose who speaks
  const key = event.key.toLowerCase();
  if (key === " " && !(event.target instanceof HTMLButtonElement)) player.toggle();
  else if (KEYS[key] && !button(KEYS[key]).disabled) acts[KEYS[key]]();
  else if (SPEEDS[key]) player.setSpeed(SPEEDS[key]);
  else return;
  event.preventDefault();
}

/** Listen for as long as the page is there. `button(name)` is the element; `blank()` makes the screen black. */
export function hands(root, room) {
  root.addEventListener("click", (event) => clicked(event, room));
  addEventListener("keydown", (event) => pressed(event, room), true);
}
