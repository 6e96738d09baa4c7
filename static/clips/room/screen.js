// The whole screen: full, awake, quiet when nobody touches it, and black when it must be.

const root = document.getElementById("room");
const layers = new Map([...root.querySelectorAll("[data-layer]")].map((each) => [each.dataset.layer, each]));
let shown = "question";
let before = null; // where blanking or asking began
let leaving = false;

export const part = (name) => root.querySelector(`[data-${name}]`);

/** The layer that is on the screen. */
export const onScreen = () => shown;

/** Bring a layer up; everything else is out of reach, for fingers, keys and screen readers. */
export function show(name, focus = true) {
  shown = name;
  for (const [each, layer] of layers) {
    layer.hidden = each !== name;
  }
  const first = layers.get(name).querySelector("[autofocus], input, textarea, button:not([disabled])");
  if (focus && first) first.focus({ preventScroll: true });
}

/** Cover what is on the screen, remembering it: "blank", "stopped" or "ask". */
export function cover(name) {
  if (!["blank", "stopped", "ask"].includes(shown)) before = shown;
  show(name);
}

/** Back to what was there. */
export function uncover() {
  const back = before || "question";
  before = null;
  show(back);
}

export function setBefore(name) {
  before = name;
}

// --- Full screen, and a screen that stays on ---------------------------------------------------------------------

let wake = null;

export async function stayAwake() {
  try {
    wake = await navigator.wakeLock?.request("screen");
  } catch {
    wake = null; // the battery is low, or the browser has none: the film still plays
  }
}

export async function fill() {
  try {
    await document.documentElement.requestFullscreen({ navigationUI: "hide" });
    await navigator.keyboard?.lock?.(["Escape"]); // so that Escape blanks instead of showing the browser
  } catch {
    // a browser that does not fill the screen shows the room in its window
  }
}

export async function letGo() {
  leaving = true;
  navigator.keyboard?.unlock?.();
  await wake?.release?.().catch(() => {});
  if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
}

/** `blank()` is called when the browser itself leaves the full screen. */
export function watchScreen(blank) {
  let full = false;
  document.addEventListener("fullscreenchange", () => {
    if (full && !document.fullscreenElement && !leaving) blank();
    full = Boolean(document.fullscreenElement);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && wake) stayAwake();
  });
}

// --- Idle ----------------------------------------------------------------------------------------------------------

const IDLE = 3500;
let wokenAt = -Infinity;

/** Whether this touch only brought the controls back. */
export const onlyWoke = () => performance.now() - wokenAt < 500;

/** Fade the controls when nobody touches anything; never for somebody who goes by keys or hears the page. */
export function watchIdle() {
  let timer = 0;
  let byKeys = false;
  const sleep = () => {
    if (byKeys || shown !== "stage" || root.querySelector("[data-panel]:not([hidden])")) return;
    root.classList.add("is-idle");
  };
  const wakeUp = () => {
    if (root.classList.contains("is-idle")) wokenAt = performance.now();
    root.classList.remove("is-idle");
    clearTimeout(timer);
    timer = setTimeout(sleep, IDLE);
  };
  for (const kind of ["pointermove", "pointerdown", "touchstart"]) {
    addEventListener(kind, () => {
      byKeys = false;
      wakeUp();
    }, { capture: true, passive: true });
  }
  addEventListener("keydown", () => {
    byKeys = true;
    wakeUp();
  }, true);
  addEventListener("focusin", wakeUp);
  addEventListener("click", (event) => {
    if (event.detail === 0) byKeys = true; // a screen reader's click has no pointer
    wakeUp();
  }, true);
}
