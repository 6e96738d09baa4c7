// With JavaScript a kept form goes on by itself; files would have to be chosen again, so then the person decides.
document.querySelector("[data-send-on]")?.requestSubmit();
