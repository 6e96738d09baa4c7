// A link that is shown once is chosen whole when it is touched, so that copying takes all of it.
document.querySelector("[data-select]")?.addEventListener("focus", (event) => event.target.select());
