// Films that are still on their way say how far they are; when one is ready the page says what comes next.
import { fetchJSON } from "../accounts/session.js";

const PAUSE = 3000;
const MADE = new Set(["ready", "rejected", "failed", "stopped", "destroyed"]);

async function follow(box) {
  const state = box.querySelector("[data-film-state]");
  const bar = box.querySelector("progress");
  for (;;) {
    try {
      const status = await fetchJSON(box.dataset.filmStatus);
      const percent = status.progress === null ? "" : ` ${Math.floor(status.progress * 100)} %`;
      state.textContent = (status.stage || status.state_label).toLowerCase() + percent;
      bar.hidden = status.progress === null;
      if (status.progress !== null) bar.value = status.progress;
      if (MADE.has(status.state)) {
        location.reload();
        return;
      }
    } catch {
      // asked again: a lost line says nothing about the film
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

for (const box of document.querySelectorAll("[data-live]")) follow(box);
