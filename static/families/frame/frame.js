// Every page of the frame: one that the browser kept is asked for anew, so that Back shows nothing that has passed.
addEventListener("pageshow", (event) => event.persisted && location.reload());
