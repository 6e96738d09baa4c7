// A screen that goes dark takes the line of a tablet with it: kept awake while something is being sent.

let lock = null;
let wanted = false;

async function hold() {
  if (!wanted || lock || document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => {
      lock = null;
    });
    if (!wanted) await lock?.release();
  } catch {
    lock = null; // a battery that is nearly empty, for example
  }
}

export function stayAwake(yes) {
  if (yes === wanted) return;
  wanted = yes;
  if (yes) hold();
  else lock?.release();
}

document.addEventListener("visibilitychange", hold);
