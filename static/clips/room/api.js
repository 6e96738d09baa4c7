// What the room asks of the server: by its own lease, never by a sign-in.

/** The line is lost; nothing is wrong. */
export class Lost extends Error {}

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(status, data) {
    super(`refused: ${status}`);
    this.status = status;
    this.data = data;
  }
}

const base = document.getElementById("room").dataset.base;
let csrf = "";

export const address = (path) => base + path;

/** Remember the token that the last answer brought: a sign-in in another tab makes a new one. */
function learn(data) {
  if (data.csrf) csrf = data.csrf;
  return data;
}

/** Ask for JSON, or send it when there is a body. Throws Lost or Refused. */
export async function ask(path, body) {
  const options = { headers: { Accept: "application/json", "X-Requested-With": "fetch" }, cache: "no-store" };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
    options.headers["X-CSRFToken"] = csrf;
  }
  let response;
  let data = {};
  try {
    response = await fetch(address(path), options);
    if ((response.headers.get("Content-Type") || "").startsWith("application/json")) data = await response.json();
  } catch {
    throw new Lost();
  }
  if (response.status >= 500) throw new Lost(); // a server that restarts is a line that is lost
  if (!response.ok) throw new Refused(response.status, data);
  return learn(data);
}

/** A whole file in memory; `told(0…1)` while it comes. Throws Lost or Refused. */
export async function wholeFile(path, told = () => {}) {
  let response;
  try {
    response = await fetch(address(path), { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
    if (response.status >= 500) throw new Lost();
    if (!response.ok) throw new Refused(response.status, {});
    const length = Number(response.headers.get("Content-Length")) || 0;
    const pieces = [];
    let got = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      got += value.byteLength;
      if (length) told(Math.min(got / length, 1));
    }
    if (length && got < length) throw new Lost();
    return new Blob(pieces, { type: response.headers.get("Content-Type") });
  } catch (error) {
    throw error instanceof Refused ? error : new Lost();
  }
}
