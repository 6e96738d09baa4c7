// The worker that hashes, so that the page stays quick: whole films, their samples, and pieces where the browser has
// no crypto.subtle (a page that was not opened by https).

import { recognise } from "./recognise.js";
import { Sha256, hex } from "./sha256.js";

const STEP = 2 * 1024 * 1024;
const stopped = new Set();

async function wholeFilm(id, file) {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += STEP) {
    hash.update(new Uint8Array(await file.slice(at, at + STEP).arrayBuffer()));
    await new Promise((resolve) => setTimeout(resolve)); // others may have their turn
    if (stopped.delete(id)) return null;
  }
  return hex(hash.digest());
}

const WORK = {
  film: (id, file) => wholeFilm(id, file),
  samples: (id, file) => recognise(file),
  piece: async (id, buffer) => new Sha256().update(new Uint8Array(buffer)).digest(),
};

addEventListener("message", async ({ data: { id, what, given } }) => {
  if (what === "stop") {
    stopped.add(given);
    return;
  }
  try {
    postMessage({ id, found: await WORK[what](id, given) });
  } catch (error) {
    postMessage({ id, error: error.name });
  }
});
