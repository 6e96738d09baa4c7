// Who is in the film decides whose consent is asked for: only theirs is shown.

const form = document.querySelector("[data-questions]");

function show() {
  const ticked = new Set([...form.querySelectorAll("input[name='people']:checked")].map(({ value }) => value));
  for (const block of form.querySelectorAll("[data-consent-of]")) block.hidden = !ticked.has(block.dataset.consentOf);
}

if (form) {
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
