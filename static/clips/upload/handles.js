// In Chromium a film that was dropped, or chosen through its own dialog, comes with a handle: the permission to ask
// for the same file again. Handles alone are kept (IndexedDB), under the upload's id, until the film has arrived or was
// given up; never a byte of the film. Elsewhere nothing is kept, and the film is chosen again.

const STORE = "handles";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("vig-uploads", 1);
    asked.addEventListener("upgradeneeded", () => asked.result.createObjectStore(STORE));
    asked.addEventListener("success", () => resolve(asked.result));
    asked.addEventListener("error", () => reject(asked.error));
  });
}

async function within(mode, act) {
  if (!("FileSystemFileHandle" in window)) return undefined;
  try {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const request = act(database.transaction(STORE, mode).objectStore(STORE));
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    } finally {
      database.close();
    }
  } catch {
    return undefined; // storage switched off: the film is chosen again
  }
}

export const keep = (upload, handle) => within("readwrite", (store) => store.put(handle, upload));
export const find = (upload) => within("readonly", (store) => store.get(upload));
export const forget = (upload) => within("readwrite", (store) => store.delete(upload));

/** Let go of handles of uploads that are over, or another person's who used this browser. */
export async function keepOnly(uploads) {
  const kept = (await within("readonly", (store) => store.getAllKeys())) ?? [];
  await Promise.all(kept.filter((upload) => !uploads.includes(upload)).map(forget));
}

/** The file of a handle, after the browser has asked whether it may be read; null when it may not, or is not there. */
export async function fileOf(handle) {
  try {
    const readable = (await handle.queryPermission({ mode: "read" })) === "granted";
    if (!readable && (await handle.requestPermission({ mode: "read" })) !== "granted") return null;
    return await handle.getFile();
  } catch {
    return null;
  }
}
