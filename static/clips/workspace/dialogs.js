// The list of keys, the settings of playing, and the way for a worry.

import { fillList } from "./keys.js";
import { clock } from "./times.js";

function closes(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

export function keyList(root, options) {
  const dialog = root.querySelector("[data-keys]");
  fillList(dialog.querySelector("[data-keys-list]"), options);
  closes(dialog);
  return dialog;
}

/** What lasts as long as this page: never kept in the browser. */
export function settings(root, { player, changed }) {
  const box = root.querySelector("[data-settings]");
  const button = root.querySelector("[data-do='settings']");
  const values = { late: 0, single: true };
  box.addEventListener("input", (event) => {
    const { setting } = event.target.dataset;
    const { value } = event.target;
    if (setting === "breath") player.breathMs = Number(value);
    else if (setting === "slow") player.setSound({ whenSlow: value });
    else if (setting === "volume") player.setSound({ volume: Number(value), muted: Number(value) === 0 });
    else if (setting === "late") values.late = Number(value);
    else if (setting === "single") values.single = event.target.checked;
    changed?.();
  });
  const toggle = (open = box.hidden) => {
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) box.querySelector("select, input").focus();
  };
  return { values, toggle, get open() { return !box.hidden; }, button, box };
}

/** A worry goes to the staff-only risk section, with its time in the film, and is kept nowhere here. */
export function concern(root, { api, says }) {
  const dialog = root.querySelector("[data-concern]");
  if (!dialog) return null;
  const text = dialog.querySelector("[data-concern-text]");
  const problem = dialog.querySelector("[data-concern-error]");
  const keep = dialog.querySelector("[data-concern-keep]");
  let at = 0;
  closes(dialog);
  const fault = (words) => {
    problem.hidden = !words;
    problem.textContent = words;
    text.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) text.focus();
  };
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      fault("Enter what you saw.");
      return;
    }
    keep.disabled = true;
    try {
      await api.concern(text.value, Math.round(at));
      text.value = "";
      fault("");
      dialog.close();
      says.briefly("Kept in the staff-only risk section.");
    } catch (error) {
      fault(error.data?.error ?? "The line is lost, so it is not kept yet. Your words stay here: try again in a moment.");
    } finally {
      keep.disabled = false;
    }
  });
  return {
    get unsaved() {
      return text.value.trim() !== "";
    },
    open(us) {
      if (!text.value.trim()) at = us; // words that were begun belong to where they were begun
      dialog.querySelector("[data-concern-time]").textContent = clock(at, 1);
      fault("");
      dialog.showModal();
      text.focus();
    },
  };
}
