// A page that waits for the worker: how far it is, asked for each second; when it is through the page loads anew.
import { fetchJSON } from "../accounts/session.js";

const box = document.querySelector("[data-pack]");
const bar = document.getElementById("pack-progress");
const EACH_SECOND = 1000;

async function ask() {
  let wait = EACH_SECOND;
  try {
    const status = await fetchJSON(box.dataset.pack);
    if (status.state !== box.dataset.state) {
      window.location.reload();
      return;
    }
    if (status.steps) {
      bar.max = status.steps;
      bar.value = status.done;
      document.getElementById("pack-steps").textContent = `${status.done} of ${status.steps} parts done.`;
    }
  } catch (error) {
    if (error.status === 404 || error.status === 403) return;
    wait = 5 * EACH_SECOND; // the line is down: ask more slowly
  }
  setTimeout(ask, wait);
}

if (box && bar) setTimeout(ask, EACH_SECOND);
