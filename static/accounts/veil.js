// The overlay itself: hides the page from eyes and screen readers, stops its sound, and says nothing in the title,
// the address or the icon. Knows no server; session.js decides when.

const dialog = document.getElementById("vig-cover");
const root = document.documentElement;
const PLACE = "vig-place"; // sessionStorage: where this tab was, should it be loaded again while it is covered

let covered = false;
let before = null; // what the page looked like: title, icon, address, state

/** Whether this page is covered. */
export const isVeiled = () => covered;

/** Hide everything at once. Returns false when it was hidden already. */
export function veil() {
  if (!dialog || covered) return false;
  covered = true;
  root.classList.add("vig-covered");
  before = { title: document.title, address: location.href, state: history.state, icons: [] };
  quieten();
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
  if (!dialog.open) dialog.showModal(); // the rest of the page becomes inert, for screen readers too
  nameNothing();
  return true;
}

/** Show the page again as it was, the focus where it was. */
export function unveil() {
  if (!covered) return false;
  covered = false;
  titles?.disconnect();
  document.title = before.title;
  for (const [link, address] of before.icons) link.href = address;
  history.replaceState(before.state, "", before.address);
  forgetPlace();
  root.classList.remove("vig-covered");
  dialog.close();
  before = null;
  return true;
}

/** This tab is nobody's any more: keep no trace of where it was. */
export function forgetPlace() {
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // storage may be switched off; then nothing was kept
  }
}

function quieten() {
  for (const medium of document.querySelectorAll("video, audio")) medium.pause();
}

let titles = null;

function nameNothing() {
  document.title = "Paused";
  for (const link of document.querySelectorAll("link[rel~='icon']")) {
    before.icons.push([link, link.href]);
    link.href = dialog.dataset.icon;
  }
  // A page that counts in its title (an upload's progress) goes on counting where nobody sees it.
  titles = new MutationObserver(() => {
    if (document.title === "Paused") return;
    before.title = document.title;
    document.title = "Paused";
  });
  const title = document.querySelector("title");
  if (title) titles.observe(title, { childList: true, characterData: true, subtree: true });
  hideAddress();
}

function hideAddress() {
  const { pathname, search, hash } = new URL(before.address);
  try {
    sessionStorage.setItem(PLACE, pathname + search + hash);
  } catch {
    // without storage, a reload leads to the day's page instead
  }
  history.replaceState(null, "", dialog.dataset.covered);
}

if (dialog) {
  // Escape must not close it, not even the second time, when Chromium asks nobody.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    if (covered) dialog.showModal();
  });
  // What is typed into the cover is for no listener of the page.
  for (const kind of ["input", "beforeinput", "change", "paste", "click", "pointerdown", "pointerup", "focusin"]) {
    dialog.addEventListener(kind, (event) => event.stopPropagation());
  }
  // First in line on the window: no shortcut of the page works while it is covered, nor hears the PIN.
  for (const kind of ["keydown", "keypress", "keyup"]) {
    window.addEventListener(
      kind,
      (event) => {
        if (!covered) return;
        event.stopImmediatePropagation();
        if (!dialog.contains(event.target) || event.key === "Escape") event.preventDefault();
      },
      { capture: true },
    );
  }
  document.addEventListener(
    "play",
    (event) => {
      if (covered) event.target.pause();
    },
    { capture: true },
  );
  // Back inside the same page while it is covered: remember where it went, show nothing of it.
  window.addEventListener("popstate", () => {
    if (!covered) return;
    before.address = location.href;
    before.state = history.state;
    hideAddress();
  });
}
