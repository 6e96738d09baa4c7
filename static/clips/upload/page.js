// The page that sends films: files are dropped or chosen, known again, sent one after the other, and looked at meanwhile.

import { RequestFailed, fetchJSON } from "../../accounts/session.js";
import { stayAwake } from "./awake.js";
import * as handles from "./handles.js";
import { Looking } from "./looking.js";
import { Proof } from "./proof.js";
import "./questions.js";
import { sameFilm, sameMoment } from "./recognise.js";
import { Row } from "./row.js";
import { Sending } from "./sending.js";
import { Unfinished } from "./unfinished.js";
import * as words from "./words.js";

const root = document.querySelector("[data-upload]");
const facts = JSON.parse(document.getElementById("upload-facts").textContent);
const part = (name) => root.querySelector(`[data-${name}]`);
const proof = new Proof(root.dataset.hasher);
const looking = new Looking(part("looking"), facts);
const title = document.title;
const limits = { mostBytes: facts.most_bytes, mostWords: facts.most_words };

const sendings = []; // in the order in which they are sent
let running = null;
let waiting = []; // this person's uploads of this case that stopped on the way, as the server lists them
const rows = new Map();

const busyWith = (upload) => sendings.some((each) => each.upload?.upload === upload && each.state !== "cancelled");
looking.others = () => sendings.some((each) => each.unsafe);

function say(text) {
  const place = part("says");
  place.textContent = "";
  setTimeout(() => {
    place.textContent = text;
  }, 50);
}

// --- One after the other ------------------------------------------------------------------------------------------

async function next() {
  if (running) return;
  running = sendings.find(({ state }) => state === "queued");
  if (!running) return;
  await running.run();
  running = null;
  next();
}

function shown() {
  const live = sendings.filter(({ state }) => ["queued", "sending", "waiting", "signing-in"].includes(state));
  stayAwake(live.length > 0);
  const sum = (of) => live.reduce((total, each) => total + of(each), 0);
  const share = live.length ? `(${words.percent(sum((each) => each.sent), sum((each) => each.length))}%) ` : "";
  const wanted = share + title;
  if (!looking.open && document.title !== wanted && !/^Paused$/.test(document.title)) document.title = wanted;
}

function put(sending, { label = facts.label, handle = null } = {}) {
  sendings.push(sending);
  sending.label = label;
  sending.handle = handle;
  const row = new Row({
    sending,
    acts,
    template: part("row-template"),
    workspace: (film) => looking.address("workspace", film),
    say,
  });
  rows.set(sending, row);
  part("rows").append(row.element);
  part("list").hidden = false;
  if (rows.size === 1) row.element.scrollIntoView({ block: "nearest" });
  sending.addEventListener("change", shown);
  sending.addEventListener("state", () => {
    const { upload, state } = sending;
    if (!upload) return;
    if (["arrived", "proven", "cancelled"].includes(state)) handles.forget(upload.upload);
    if (state === "queued") {
      if (handle) handles.keep(upload.upload, handle);
      next();
    }
    unfinished.show(waiting.filter((each) => !busyWith(each.upload)));
  });
  shown();
  return row;
}

function take(sending) {
  const at = sendings.indexOf(sending);
  if (at >= 0) sendings.splice(at, 1);
  rows.get(sending)?.element.remove();
  rows.delete(sending);
  part("list").hidden = sendings.length === 0;
  shown();
}

// --- Files come ---------------------------------------------------------------------------------------------------

function problems(texts) {
  const box = part("errors");
  if (!box) return;
  box.replaceChildren(
    ...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
  );
  box.hidden = !texts.length;
  if (texts.length) say(texts.join(" "));
}

/** @param {{file: File, handle: FileSystemFileHandle | null}[]} chosen */
async function add(chosen) {
  const wrong = [];
  problems([]);
  for (const { file, handle } of chosen) {
    const unfit = words.unfit(file, limits);
    if (unfit) {
      wrong.push(unfit);
      problems(wrong);
      continue;
    }
    let samples;
    try {
      samples = await proof.samples(file);
    } catch {
      wrong.push(`“${file.name}” cannot be read. Choose it again.`);
      problems(wrong);
      continue;
    }
    const twice = sendings.some(
      (each) => each.length === file.size && sameFilm(each.samples, samples) && !["cancelled", "failed"].includes(each.state),
    );
    if (twice) {
      wrong.push(`“${file.name}” is in the list already.`);
      problems(wrong);
      continue;
    }
    const known = waiting.find(
      (each) => each.length === file.size && each.samples && sameFilm(each.samples, samples) && !busyWith(each.upload),
    );
    if (known) await goOn(known, file, { samples, handle });
    else {
      const sending = new Sending({ file, samples, facts, proof });
      put(sending, { handle });
      await sending.begin(facts.about);
    }
  }
}

/** Go on with an upload with the file that was chosen again; a refusal in words when it is another film. */
async function goOn(upload, file, { samples = null, handle = null } = {}) {
  const unfit = words.unfit(file, limits);
  if (unfit) return { words: unfit };
  try {
    samples ??= await proof.samples(file);
  } catch {
    return { words: "The film cannot be read. Choose it again." };
  }
  const same = file.size === upload.length && (!upload.samples || sameFilm(samples, upload.samples));
  const broken = upload.state === "mismatch";
  const fresh = async () => {
    const sending = new Sending({ file, samples, facts, proof });
    put(sending, { label: facts.unfinished[upload.upload], handle });
    await sending.startAgain(upload.film);
    return {};
  };
  if (broken && same) return fresh();
  if (same) {
    const sending = new Sending({ file, samples, facts, proof });
    put(sending, { label: facts.unfinished[upload.upload], handle });
    sending.takeUp(upload);
    return {};
  }
  if (sameMoment(samples, upload.samples)) {
    return {
      words: `This is a film of the same moment, but another copy of it (${words.size(file.size)} instead of ${words.size(upload.length)}): iPhones and iPads often make a new one each time a film is chosen. It cannot be joined to what arrived. It can be sent from the start; marks are kept.`,
      again: fresh,
    };
  }
  return {
    words: `This is another film (${words.size(file.size)}; the one that is on its way has ${words.size(upload.length)}). Nothing was sent of it. Choose the film that you began with.`,
  };
}

// --- What the buttons of a row do ---------------------------------------------------------------------------------

const acts = {
  async look(sending, row) {
    row.warn("");
    const button = row.button("look");
    button.disabled = true;
    button.textContent = "Opening…";
    try {
      await looking.start(sending, sending.label || sending.file.name);
    } catch (error) {
      row.warn(error instanceof RequestFailed ? "The film cannot be looked at now." : "The line is lost. Try again in a moment.");
    } finally {
      button.disabled = false;
      button.textContent = "Start looking now";
    }
  },
  pause: (sending) => sending.pause(),
  resume: (sending) => sending.ready(),
  try: (sending) => sending.tryNow(),
  async restart(sending) {
    await sending.sendAgain();
  },
  async again(sending, file, row) {
    const samples = await proof.samples(file).catch(() => "");
    if (file.size !== sending.length || !sameFilm(samples, sending.samples)) {
      row.warn("This is another film. Choose the one that you began with.");
      return;
    }
    row.warn("");
    sending.ready(file);
  },
  async cancel(sending) {
    if (await sure(`“${sending.file.name}”: what has arrived of it is erased, and marks that were made in it too. The film on your device stays.`)) {
      await sending.cancel();
      waiting = waiting.filter(({ upload }) => upload !== sending.upload?.upload);
    }
  },
  remove: (sending) => take(sending),
  async erased(sending, row) {
    try {
      await fetchJSON(looking.address("erased", sending.film), { method: "POST", as: "response" });
      row.erasedNoted();
    } catch {
      row.part("erased").checked = false;
      row.warn("That could not be noted. Try again.");
    }
  },
};
acts["go-on"] = acts.resume;

function sure(text) {
  const dialog = part("ask");
  part("ask-words").textContent = text;
  dialog.showModal();
  part("ask-no").focus();
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      resolve(yes);
    };
    part("ask-yes").onclick = () => answer(true);
    part("ask-no").onclick = () => answer(false);
    dialog.oncancel = () => resolve(false);
  });
}

// --- Films that stopped on the way --------------------------------------------------------------------------------

const unfinished = new Unfinished(part("waiting"), {
  template: part("row-template"),
  labels: facts.unfinished,
  goOn,
  say,
  async giveUp(upload) {
    const label = facts.unfinished[upload.upload];
    if (!(await sure(`${label}: what has arrived of it is erased, and marks that were made in it too. The film on your device stays.`))) return;
    await fetchJSON(upload.upload_url, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
    handles.forget(upload.upload);
    waiting = waiting.filter((each) => each !== upload);
    unfinished.show(waiting);
    say("Cancelled. What had arrived was erased.");
  },
});

async function readWaiting() {
  for (let wait = 1000; ; wait = Math.min(2 * wait, 30_000)) {
    try {
      ({ uploads: waiting } = await fetchJSON(facts.urls.case_uploads));
      break;
    } catch (error) {
      if (error instanceof RequestFailed && error.status < 500) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  unfinished.show(waiting.filter((each) => !busyWith(each.upload)));
  try {
    const { uploads } = await fetchJSON(facts.urls.uploads);
    await handles.keepOnly(uploads.map(({ upload }) => upload));
  } catch {
    // a broken line: next time
  }
}

// --- Choosing and dropping ----------------------------------------------------------------------------------------

const drop = part("drop");
if (drop && facts.about) {
  drop.hidden = false;
  const field = part("file");
  field.addEventListener("change", async () => {
    const files = [...field.files].map((file) => ({ file, handle: null }));
    field.value = "";
    await add(files);
  });
  // Chromium's own dialog gives handles, with which a film is gone on with on one click after a reload.
  field.addEventListener("click", async (event) => {
    if (!window.showOpenFilePicker) return;
    event.preventDefault();
    try {
      const chosen = await window.showOpenFilePicker({ multiple: true });
      await add(await Promise.all(chosen.map(async (handle) => ({ file: await handle.getFile(), handle }))));
    } catch (error) {
      if (error.name !== "AbortError") problems(["The film cannot be read. Choose it again, or drop it here."]);
    }
  });
  // Anywhere on the page: a film that is dropped beside the box would otherwise replace the page.
  window.addEventListener("dragover", (event) => {
    if (looking.open || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("up-drop--over");
  });
  for (const kind of ["dragleave", "drop"]) window.addEventListener(kind, () => drop.classList.remove("up-drop--over"));
  window.addEventListener("drop", async (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (looking.open) return;
    // All must be asked for at once: the list is empty as soon as this function waits.
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const found = items.map((item) => ({ file: item.getAsFile(), handle: item.getAsFileSystemHandle?.() ?? null }));
    const files = [];
    for (const { file, handle } of found) {
      const kept = await Promise.resolve(handle).catch(() => null);
      if (kept?.kind === "directory") problems(["That is a folder. Open it, and drop the films that are in it."]);
      else if (file) files.push({ file, handle: kept });
    }
    await add(files);
  });
}

setInterval(() => {
  for (const [sending, row] of rows) if (sending.state === "waiting") row.update();
}, 1000);
window.addEventListener("beforeunload", (event) => {
  if (sendings.some((each) => each.unsafe) || looking.unsaved) event.preventDefault();
});
looking.closed = (sending) => {
  shown();
  rows.get(sending)?.element.querySelector("button:not([hidden]), a:not([hidden])")?.focus();
};
readWaiting();
