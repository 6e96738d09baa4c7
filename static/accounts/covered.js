// The covered page of a tab that was loaded again: it leads back to where the tab was, which only the tab knows.
const form = document.querySelector("[data-covered-page]");
if (form) {
  try {
    form.elements.place.value = sessionStorage.getItem("vig-place") || "";
  } catch {
    // without storage, it leads to the day's page
  }
  form.addEventListener("submit", () => {
    try {
      sessionStorage.removeItem("vig-place");
    } catch {
      // nothing was kept
    }
  });
  (form.elements.pin || form.elements.password).focus();
}
