// The micro-analysis workspace. `mount(root, {source})` brings the markup of templates/clips/_workspace.html to life.

import { markActivity, onCovered } from "../../accounts/session.js";
import { Workspace } from "./workspace.js";

/**
 * @param {HTMLElement} root what holds the workspace's markup, or is it
 * @param {{film?: string, source?: File | null}} options `film`: its id, which must be the one in the markup;
 *   `source`: the file on this device, shown until the server has its copy
 * @returns {{destroy: () => void, flush: () => void, unsaved: () => number}} `destroy` lets go of film and listeners,
 *   after what was written has been sent
 */
export function mount(root, { film = null, source = null } = {}) {
  const box = root.matches("[data-workspace]") ? root : root.querySelector("[data-workspace]");
  if (!box) throw new Error("There is no workspace in this part of the page.");
  const facts = JSON.parse(box.querySelector("script[type='application/json']").textContent);
  if (film && film !== facts.film) throw new Error("This workspace is for another film.");
  const workspace = new Workspace(box, facts, { source });
  const playing = setInterval(() => {
    if (workspace.player.busy && document.visibilityState === "visible") markActivity();
  }, 5000);
  const uncovered = onCovered(() => workspace.player.pause());
  workspace.start();
  return {
    destroy() {
      clearInterval(playing);
      uncovered();
      workspace.destroy();
    },
    flush: () => workspace.marks.flush(),
    unsaved: () => workspace.unsaved,
  };
}
