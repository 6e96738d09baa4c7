// What every page does: NHS.UK components, the search key, and a warning before typed words are lost.
import { initAll } from "../vendor/nhsuk-frontend/nhsuk-frontend.min.js";

/** Whether keys typed into this element are text, so that single-key shortcuts must leave them alone. */
export function takesText(element) {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
    return true;
  }
  return element instanceof HTMLInputElement && !["button", "checkbox", "radio", "range", "submit"].includes(element.type);
}

function searchKey() {
  const field = document.getElementById("search-field");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (takesText(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

// NHS.UK's own script puts aria-expanded on radios, which ARIA does not allow there; checkboxes keep theirs.
function questionsUnderRadios() {
  const radios = [...document.querySelectorAll("input[type='radio'][data-reveals]")];
  if (!radios.length) return;
  const update = () => {
    for (const radio of radios) {
      const panel = document.getElementById(radio.dataset.reveals);
      panel?.classList.toggle("nhsuk-radios__conditional--hidden", !radio.checked);
    }
  };
  update();
  document.addEventListener("change", update);
  document.addEventListener("reset", () => setTimeout(update));
  window.addEventListener("pageshow", update); // a page come back to may have other answers than it was sent with
}

// Pages are sent with no-store, so a browser does not keep what was typed when one goes Back: ask first.
// A form that saves itself, or that holds nothing worth keeping, says data-no-leave-warning.
function leaveWarning() {
  const typed = new Set();
  for (const form of document.querySelectorAll("form[method='post']:not([data-no-leave-warning]):not([data-sign-out])")) {
    form.addEventListener("input", () => typed.add(form));
    form.addEventListener("submit", () => typed.delete(form));
    form.addEventListener("reset", () => typed.delete(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (typed.size) event.preventDefault();
  });
}

initAll();
questionsUnderRadios();
searchKey();
if (document.body.classList.contains("app-desk")) leaveWarning();
