// The film's page while the film is on its way: stage, progress and time left, asked for each second.
// When something changes that the page says in words (a state, who agrees, what can be played), the page loads anew.
import { fetchJSON } from "../accounts/session.js";

const EACH_SECOND = 1000;
const WORDS_EVERY = 15 * EACH_SECOND; // screen readers hear the words: not each second
const SETTLED = new Set(["ready", "rejected", "failed", "stopped", "destroyed"]);

const page = document.querySelector("[data-film]");
const bar = document.getElementById("film-progress");
const box = bar?.closest("[data-progress]");

/** A number of seconds as people say it. */
export function inWords(seconds) {
  if (seconds < 10) return "A few seconds left.";
  if (seconds < 90) return `About ${Math.round(seconds / 10) * 10} seconds left.`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `About ${minutes} minutes left.` : `About ${Math.round(minutes / 6) / 10} hours left.`;
}

let worded = 0;
let stage = "";

function show(status) {
  if (!box) return;
  const label = document.getElementById("film-progress-label");
  const known = typeof status.progress === "number";
  if (known) bar.value = Math.round(status.progress * 100);
  else bar.removeAttribute("value");
  label.textContent = `${status.stage || status.state_label}${known ? ` ${Math.round(status.progress * 100)}%` : ""}`;
  if (status.stage !== stage || Date.now() - worded > WORDS_EVERY) {
    stage = status.stage;
    worded = Date.now();
    const words = status.seconds_left === null ? "" : inWords(status.seconds_left);
    box.querySelector("[data-progress-detail]").textContent = words;
  }
}

function changed(status) {
  return (
    status.state !== page.dataset.state ||
    (status.playable.kind || "") !== page.dataset.kind ||
    status.consent.allowed !== (page.dataset.allowed === "1") ||
    status.erase_copy_due !== (page.dataset.erase === "1")
  );
}

async function ask() {
  let wait = SETTLED.has(page.dataset.state) ? 2 * EACH_SECOND : EACH_SECOND;
  try {
    const status = await fetchJSON(page.dataset.film);
    if (changed(status)) {
      window.location.reload();
      return;
    }
    show(status);
  } catch (error) {
    if (error.status === 404 || error.status === 403) return;
    wait = 5 * EACH_SECOND; // the line is down, or the server starts anew: ask more slowly
  }
  setTimeout(ask, document.hidden ? 5 * EACH_SECOND : wait);
}

if (page) ask();
