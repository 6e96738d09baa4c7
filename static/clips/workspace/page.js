// The workspace as a page of its own.
import { mount } from "./index.js";

const workspace = mount(document.querySelector("[data-workspace]"));
// Shown again from the browser's memory, the page would hold a film that it let go of.
window.addEventListener("pagehide", () => workspace.destroy(), { once: true });
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
