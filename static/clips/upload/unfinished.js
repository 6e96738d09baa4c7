// This person's films of this family that stopped on the way: each waits for the same file.

import * as handles from "./handles.js";
import * as words from "./words.js";

export class Unfinished {
  #root;
  #give;
  #rows = new Map();

  /** @param {{template, labels, goOn: function, giveUp: function, say: function}} give */
  constructor(root, give) {
    this.#root = root;
    this.#give = give;
  }

  /** @param {object[]} uploads as GET /uploads/ lists them */
  show(uploads) {
    const list = this.#root.querySelector("[data-waiting-rows]");
    const wanted = new Set(uploads.map(({ upload }) => upload));
    for (const element of list.querySelectorAll("[data-unfinished]")) element.remove(); // the server's, without buttons
    for (const [upload, element] of this.#rows) {
      if (wanted.has(upload)) continue;
      element.remove();
      this.#rows.delete(upload);
    }
    for (const upload of uploads) {
      if (this.#rows.has(upload.upload) || !this.#give.labels[upload.upload]) continue;
      const element = this.#row(upload);
      this.#rows.set(upload.upload, element);
      list.append(element);
    }
    this.#root.hidden = this.#rows.size === 0;
  }

  #row(upload) {
    const { template, labels, goOn, giveUp, say } = this.#give;
    const element = template.content.firstElementChild.cloneNode(true);
    const part = (name) => element.querySelector(`[data-${name}]`);
    const button = (what) => element.querySelector(`[data-do="${what}"]`);
    const broken = upload.state === "mismatch";
    element.dataset.upload = upload.upload;
    part("name").textContent = labels[upload.upload];
    part("size").textContent = words.size(upload.length);
    const bar = part("bar");
    bar.hidden = broken;
    bar.value = (100 * upload.offset) / upload.length;
    bar.setAttribute("aria-label", `Arrived of ${labels[upload.upload]}`);
    const until = new Date(upload.expires).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    part("row-says").textContent = broken
      ? "What arrived was not what was sent. It has to be sent again from the start; marks are kept."
      : `${words.percent(upload.offset, upload.length)}% has arrived. It waits until ${until}.`;
    const tell = (text, again = null) => {
      part("row-error").textContent = text;
      part("row-error").hidden = !text;
      button("restart").hidden = !again;
      button("restart").onclick = again ? () => again() : null;
      if (text) say(text);
    };
    const take = async (file, handle = null) => {
      tell("");
      const { words: refused = "", again = null } = await goOn(upload, file, { handle });
      if (refused) tell(refused, again);
    };
    const again = button("again");
    again.hidden = false;
    part("again-words").textContent = "Choose the same film";
    part("again-file").setAttribute("aria-label", `Choose the same film: ${labels[upload.upload]}`);
    part("again-file").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) take(file);
    });
    handles.find(upload.upload).then((handle) => {
      if (!handle) return;
      button("go-on").hidden = false;
      button("go-on").addEventListener("click", async () => {
        const file = await handles.fileOf(handle);
        if (file) take(file, handle);
        else tell("The browser does not give the film back. Choose it again.");
      });
    });
    button("cancel").hidden = false;
    button("cancel").setAttribute("aria-label", `Cancel ${labels[upload.upload]}`);
    button("cancel").addEventListener("click", async () => {
      try {
        await giveUp(upload);
      } catch {
        tell("That did not work. Try again in a moment.");
      }
    });
    return element;
  }
}
