// The workspace in the same document, while its film is being sent: the page steps back to one slim bar.

import { fetchJSON, isCovered, onUncovered } from "../../accounts/session.js";
import * as words from "./words.js";

/** Whatever else stands on the page, but for the cover and its countdown, must not be reached meanwhile. */
function others(element) {
  const found = [];
  for (let each = element; each !== document.body; each = each.parentElement) {
    for (const sibling of each.parentElement.children) {
      const covers = sibling.matches("#vig-cover, #vig-countdown") || sibling.querySelector("#vig-cover, #vig-countdown");
      if (sibling !== each && !covers && !sibling.matches("script, template, dialog")) found.push(sibling);
    }
  }
  return found;
}

export class Looking {
  #root;
  #mounted = null;
  #sending = null;
  #made = [];
  #title = "";
  #address = "";
  #moved = false;

  constructor(root, { urls }) {
    this.#root = root;
    this.urls = urls;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.part("back").addEventListener("click", () => this.close());
    this.update = this.update.bind(this);
    onUncovered(() => this.#move());
  }

  get open() {
    return this.#mounted !== null;
  }

  get unsaved() {
    return this.#mounted?.unsaved() ?? 0;
  }

  address(what, film) {
    return this.urls[what].replace(this.urls.nobody, film);
  }

  /** Show the workspace of a film. Throws what fetchJSON throws. */
  async start(sending, label) {
    if (this.#mounted) return;
    const { film } = sending;
    const [markup, { mount }] = await Promise.all([
      fetchJSON(this.address("fragment", film), { as: "text" }),
      import("../workspace/index.js"),
    ]);
    const parsed = new DOMParser().parseFromString(markup, "text/html");
    const place = this.part("workspace-here");
    place.replaceChildren(...parsed.body.childNodes, ...parsed.head.childNodes);
    this.#sending = sending;
    this.#title = document.title;
    this.#address = location.href;
    this.#moved = false;
    this.#root.hidden = false;
    document.body.classList.add("up-is-looking");
    this.#made = others(this.#root).filter((each) => !each.inert);
    for (const each of this.#made) each.inert = true;
    this.part("slim-says").dataset.label = label;
    sending.addEventListener("change", this.update);
    this.#mounted = mount(place, { film, source: sending.file });
    this.update();
    (place.querySelector("[data-play]") ?? this.part("back")).focus(); // within it, so that its keys work at once
  }

  update() {
    const { state, sent, length, speed, status } = this.#sending;
    const share = words.percent(sent, length);
    const says = {
      sending: `${share}% sent${speed.rate ? `, ${words.timeLeft((length - sent) / speed.rate)}` : ""}`,
      queued: "Waits for its turn",
      waiting: `${share}% sent, waiting`,
      paused: `${share}% sent, paused`,
      arrived: "All of it has arrived",
      proven: status?.state === "ready" ? "Arrived whole, and ready" : "Arrived whole",
    };
    const said = says[state] ?? "The sending has stopped. Go back to see why.";
    const line = this.part("slim-says");
    line.textContent = `${said} · ${line.dataset.label}`;
    const bar = this.part("slim-bar");
    bar.value = ["arrived", "proven"].includes(state) ? 100 : (100 * sent) / length;
    bar.hidden = state === "proven";
    this.#move();
  }

  /** Once all of it is on the server, a reload leads to the workspace; before, it leads to where the sending goes on. */
  #move() {
    if (!this.open || this.#moved || isCovered() || this.#sending.state !== "proven") return;
    if (this.others?.()) return; // another film still needs this page after a reload
    this.#moved = true;
    history.replaceState(history.state, "", this.address("workspace", this.#sending.film));
  }

  close() {
    if (!this.#mounted) return;
    this.#sending.removeEventListener("change", this.update);
    this.#mounted.destroy();
    this.#mounted = null;
    this.part("workspace-here").replaceChildren();
    this.#root.hidden = true;
    document.body.classList.remove("up-is-looking");
    for (const each of this.#made) each.inert = false;
    if (this.#moved) history.replaceState(history.state, "", this.#address);
    document.title = this.#title;
    document.querySelector("[data-list] h2")?.scrollIntoView({ block: "nearest" });
    this.closed?.(this.#sending);
  }
}
