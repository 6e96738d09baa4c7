// One request of tus at a time. XMLHttpRequest, since fetch tells nothing of how far a piece has got; an ArrayBuffer,
// since Safari stalls after the first Blob of a file.

const VERSION = "1.0.0";
export const STALL = 30_000; // milliseconds without a byte moving: the line is dead, whatever the browser believes

/** What the server answered: `status` (0: no answer), `offset` or null, `data` (its JSON) or null. */
function answerOf(xhr) {
  const offset = xhr.getResponseHeader("Upload-Offset");
  let data = null;
  try {
    data = JSON.parse(xhr.responseText);
  } catch {
    // no body, or none of ours
  }
  return { status: xhr.status, offset: offset === null ? null : Number(offset), data };
}

function request(method, { url, token, headers = {}, body = null, progress = () => {}, signal, stall = STALL }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const xhr = new XMLHttpRequest();
    let quiet;
    const alive = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => xhr.abort(), stall);
    };
    const over = () => {
      clearTimeout(quiet);
      signal?.removeEventListener("abort", stop);
    };
    const stop = () => xhr.abort();
    signal?.addEventListener("abort", stop);
    xhr.open(method, url);
    const all = { "Tus-Resumable": VERSION, "Upload-Token": token, "X-Requested-With": "fetch", ...headers };
    for (const [name, value] of Object.entries(all)) xhr.setRequestHeader(name, value);
    if (body) {
      xhr.upload.addEventListener("progress", (event) => {
        alive();
        progress(event.loaded);
      });
    }
    xhr.addEventListener("readystatechange", alive);
    xhr.addEventListener("load", () => {
      over();
      resolve(answerOf(xhr));
    });
    const none = () => {
      over();
      if (signal?.aborted) reject(signal.reason);
      else resolve({ status: 0, offset: null, data: null });
    };
    xhr.addEventListener("error", none);
    xhr.addEventListener("abort", none);
    alive();
    xhr.send(body);
  });
}

/** How far a film is. */
export const howFar = (options) => request("HEAD", options);

/** Send one piece. @param {{url, token, offset: number, body: ArrayBuffer, checksum: string}} options */
export const sendPiece = ({ offset, checksum, ...options }) =>
  request("PATCH", {
    ...options,
    headers: {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      "Upload-Checksum": `sha256 ${checksum}`,
    },
  });
