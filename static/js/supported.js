// Runs before the page is drawn, so that questions hidden until asked for do not flash open.
// A classic script on purpose: a module would run after the drawing.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
