// Runs before the page is drawn, so that questions hidden until asked for do not flash open.
// A classic script on purpose: a module would run after the drawing.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

// F2 covers the screen from the first moment, also while the script that keeps the cover is still on its way: the page
// hides itself here, and that script takes over when it comes (accounts/session.js). Every other key stays as it is.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "F2" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const cover = document.getElementById("vig-cover");
    const coming = cover && !("listening" in cover.dataset);
    if (!coming) return;
    event.preventDefault();
    document.documentElement.classList.add("vig-veiled", "vig-cover-asked");
  },
  { capture: true },
);
