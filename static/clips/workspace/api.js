// The addresses of one film and its marks.

import { fetchJSON, RequestFailed } from "../../accounts/session.js";

/** Whether a request failed because the line is gone or the server is down: worth trying again. */
export function isLost(error) {
  return !(error instanceof RequestFailed) || error.status >= 500 || error.status === 429;
}

export { RequestFailed };

export class Api {
  #urls;

  constructor(urls) {
    this.#urls = urls;
  }

  media(what) {
    return this.#urls.media.replace(/-$/, what);
  }

  #of(name, id) {
    return this.#urls[name].replace(this.#urls.nobody, id);
  }

  status(signal) {
    return fetchJSON(this.#urls.status, { signal, cache: "no-store" });
  }

  json(url) {
    return fetchJSON(url, { cache: "no-store" });
  }

  async bytes(url) {
    const response = await fetchJSON(url, { as: "response" });
    return response.arrayBuffer();
  }

  /** Ask for the first byte of a file. */
  async touch(url) {
    const response = await fetchJSON(url, { as: "response", headers: { Range: "bytes=0-0" } });
    await response.arrayBuffer();
  }

  marks() {
    return fetchJSON(this.#urls.marks, { cache: "no-store" });
  }

  create(body) {
    return fetchJSON(this.#urls.marks, { body, keepalive: true });
  }

  change(id, body) {
    return fetchJSON(this.#of("mark", id), { method: "PATCH", body, keepalive: true });
  }

  remove(id, version) {
    return fetchJSON(this.#of("mark", id), { method: "DELETE", body: { version } });
  }

  restore(id) {
    return fetchJSON(this.#of("restore", id), { body: {} });
  }

  retry(id) {
    return fetchJSON(this.#of("retry", id), { body: {} });
  }

  choose(id, chosen, why) {
    return fetchJSON(this.#of("choose", id), { body: { chosen, why } });
  }

  still(frame, clip) {
    return fetchJSON(this.#urls.stills, { body: { frame, clip } });
  }

  concern(text, timeUs) {
    return fetchJSON(this.#urls.concern, { body: { text, time_us: timeUs } });
  }
}
