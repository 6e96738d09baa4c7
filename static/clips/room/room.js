// The room: practitioner and family watch the moments together.
import { ask, Lost, Refused, wholeFile } from "./api.js";
import { hands } from "./hands.js";
import { fetchMoment, heldOf, release, releaseAll, share } from "./memory.js";
import { drawCaption, drawEnd, drawSaid, drawSpeakers, drawStrip } from "./panels.js";
import { Player } from "./player.js";
import { Ideas, Words } from "./saying.js";
import * as screen from "./screen.js";

const PULSE = 1500; // milliseconds: a withdrawal is known within two seconds
const BREATHS = [2, 2.5, 3];

const root = document.getElementById("room");
const { part } = screen;
const player = new Player(part("video"));
const ideas = new Ideas();
const words = new Words((ref) => room.moments.find((each) => each.ref === ref)?.n ?? null);
const room = {
  moments: [], // {n, ref, times, sound, seen, skipped}
  at: 0,
  speakers: [],
  who: null,
  stills: [], // {ref, frame, url, kept}
  writing: null,
  captions: false,
  state: "open",
  begun: false,
  open: true,
  asking: "leave",
};

const now = () => room.moments[room.at];
const names = () => new Map(room.speakers.map((each) => [each.key, each.name]));
const says = (text) => (part("says").textContent = text);
const button = (name) => root.querySelector(`[data-do="${name}"]`);
const tell = (path, body) => ask(path, body).catch((error) => (error instanceof Refused && error.status !== 422 ? pulse() : null));

// --- What there is ---------------------------------------------------------------------------------------------------

async function begin() {
  try {
    take(await ask("now/"));
  } catch (error) {
    if (error instanceof Lost) setTimeout(begin, 1500);
    else if (error.status === 404) location.replace(location.pathname);
    else shut();
  }
}

function take(data) {
  const here = now()?.ref;
  const refs = new Map(data.moments.map((each) => [each.n, each.ref]));
  part("question").textContent = `“${data.question}”`;
  room.open = true;
  room.moments = data.moments;
  room.at = Math.max(room.moments.findIndex((each) => each.ref === here), 0);
  room.speakers = data.speakers;
  room.who ??= data.speakers[0]?.key;
  room.state = data.state;
  for (const { n, frame } of data.stills) {
    const ref = refs.get(n);
    if (!room.stills.some((each) => each.ref === ref && each.frame === frame)) room.stills.push({ ref, frame, url: "", kept: true });
  }
  words.take(data.words, refs);
  ideas.take(data.ideas);
  fetchAll();
}

function fetchAll() {
  const list = [...room.moments.slice(room.at), ...room.moments.slice(0, room.at)];
  (async () => {
    for (const moment of list) {
      try {
        await fetchMoment(moment, () => came());
      } catch {
        if (!room.open) return; // stopped meanwhile
        drop([moment.ref]);
      }
      came();
    }
    for (const still of room.stills.filter((each) => !each.url)) await fetchStill(still);
  })();
}

async function fetchStill(still) {
  const n = room.moments.find((each) => each.ref === still.ref)?.n;
  if (!n) return;
  try {
    still.url = URL.createObjectURL(await wholeFile(`moment/${n}/still/${still.frame}/`));
  } catch {
    // the end shows the moment's own picture instead
  }
}

/** Something more has arrived. */
function came() {
  const first = now() && heldOf(now().ref).film;
  button("begin").disabled = !first;
  const all = share(room.moments);
  part("loading").textContent = all < 1 ? `Getting ready… ${Math.floor(all * 100)} %` : "";
  if (first && screen.onScreen() === "question" && document.activeElement === document.body) button("begin").focus();
  if (room.begun && first && part("video").dataset.ref !== now().ref) go(room.at);
}

/** Moments that may not be shown any more leave the room. */
function drop(refs) {
  const current = now()?.ref;
  for (const ref of refs) release(ref);
  room.moments = room.moments.filter((each) => !refs.includes(each.ref));
  room.stills = room.stills.filter((each) => !refs.includes(each.ref));
  if (!room.moments.length) shut();
  else if (refs.includes(current)) {
    room.at = Math.min(room.at, room.moments.length - 1);
    if (room.begun) go(room.at);
  } else room.at = room.moments.findIndex((each) => each.ref === current);
}

// --- Watching --------------------------------------------------------------------------------------------------------

function go(index) {
  room.at = Math.min(Math.max(index, 0), room.moments.length - 1);
  const moment = now();
  const { film, picture } = heldOf(moment.ref);
  part("video").dataset.ref = film ? moment.ref : "";
  if (film) player.load(film, moment.times);
  else player.empty();
  const poster = part("poster");
  poster.hidden = !picture;
  if (picture) poster.src = picture;
  part("video").setAttribute("aria-label", `Moment ${room.at + 1} of ${room.moments.length}`);
  says(`Moment ${room.at + 1} of ${room.moments.length}`);
  room.writing = null;
  if (!root.querySelector('[data-panel="words"]').hidden) pin(); // what is written next is about this moment
  draw();
  if (!moment.seen) {
    moment.seen = true;
    tell(`moment/${moment.n}/seen/`, {});
  }
}

function nextPlace(by) {
  for (let index = room.at + by; index >= 0 && index < room.moments.length; index += by) {
    if (!room.moments[index].skipped) return index;
  }
  return null;
}

function draw() {
  const moment = now();
  if (!moment) return;
  const playing = player.playing;
  part("play-icon").setAttribute("href", playing ? "#room-pause" : "#room-play");
  part("play-label").textContent = playing ? "Pause" : "Play";
  part("sound-icon").setAttribute("href", part("video").muted ? "#room-silent" : "#room-sound");
  button("sound").setAttribute("aria-pressed", String(!part("video").muted));
  button("sound").disabled = !moment.sound;
  button("loop").setAttribute("aria-pressed", String(player.loop));
  button("previous").disabled = nextPlace(-1) === null;
  for (const each of root.querySelectorAll("[data-speed]")) {
    each.setAttribute("aria-pressed", String(Number(each.dataset.speed) === player.speed));
  }
  part("breath").textContent = `${String(player.breath).replace(".5", "½")} seconds`;
  if (playing || part("video").currentTime > 0) part("poster").hidden = true;
  for (const name of ["words", "moments"]) {
    button(name).setAttribute("aria-expanded", String(!root.querySelector(`[data-panel="${name}"]`).hidden));
  }
  drawWords();
}

async function keepStill() {
  const moment = now();
  const frame = player.wanted ?? player.frame;
  player.pause();
  const flash = part("flash");
  flash.hidden = true;
  requestAnimationFrame(() => (flash.hidden = false));
  const there = room.stills.find((each) => each.ref === moment.ref && each.frame === frame);
  if (there) return says("Kept");
  const picture = await player.picture();
  const still = { ref: moment.ref, frame, url: picture ? URL.createObjectURL(picture) : heldOf(moment.ref).picture, kept: false };
  room.stills.push(still);
  says("Kept");
  sendStills();
}

async function sendStills() {
  for (const still of room.stills.filter((each) => !each.kept)) {
    const n = room.moments.find((each) => each.ref === still.ref)?.n;
    if (!n) continue;
    try {
      await ask(`moment/${n}/still/`, { frame: still.frame });
      still.kept = true;
    } catch (error) {
      if (error instanceof Lost || error.status === 422) setTimeout(sendStills, 3000);
      if (error instanceof Lost) return;
    }
  }
}

// --- Words -----------------------------------------------------------------------------------------------------------

const said = () => words.all.filter((each) => each.ref === now()?.ref && each.text.trim() && each !== room.writing);

function drawWords() {
  const open = !root.querySelector('[data-panel="words"]').hidden;
  root.classList.toggle("has-words", open);
  drawSaid(part("said"), said(), names(), edit);
  drawCaption(part("caption"), words.all.filter((each) => each.ref === now()?.ref && each.text.trim()), names(), room.captions && !open);
  button("captions").setAttribute("aria-pressed", String(room.captions));
  const waiting = words.unsaved.length;
  part("words-state").textContent = words.trouble || (waiting ? (navigator.onLine ? "…" : "Kept here until the line is back") : room.writing?.text ? "Kept" : "");
}

/** Write on with what this speaker said about this frame, or begin anew; the frame on the screen is pinned. */
function pin() {
  const frame = player.wanted ?? player.frame;
  const mine = words.all.find((each) => each.ref === now().ref && each.frame === frame && each.who === room.who);
  edit(mine || null);
}

function edit(one) {
  room.writing = one;
  if (one) {
    room.who = one.who;
    if (one.frame !== null) player.show(Math.min(one.frame, player.times.length - 1));
  }
  drawSpeakers(part("speakers"), room.speakers, room.who, (key) => {
    room.who = key;
    pin();
  });
  part("text").value = one?.text || "";
  drawWords();
  part("text").focus();
}

function panel(name) {
  for (const each of root.querySelectorAll("[data-panel]")) each.hidden = each.dataset.panel !== name;
  if (name === "words") {
    player.pause();
    pin();
  } else if (name === "moments") strip();
  else if (name === null) room.writing = null;
  draw();
}

function strip(focus = "") {
  drawStrip(part("strip"), room.moments, room.at, {
    go: (index) => {
      panel(null);
      go(index);
    },
    move: (index, by) => {
      const here = now().ref;
      const [moved] = room.moments.splice(index, 1);
      room.moments.splice(index + by, 0, moved);
      room.at = room.moments.findIndex((each) => each.ref === here);
      strip(`${by < 0 ? "Earlier:" : "Later:"} ${moved.ref}`);
      says(`Moment ${index + by + 1} of ${room.moments.length}`);
      tell("order/", { order: room.moments.map((each) => each.n) });
      draw();
    },
    skip: (index) => {
      const moment = room.moments[index];
      moment.skipped = !moment.skipped;
      strip(`${moment.skipped ? "Bring back:" : "Skip:"} ${moment.ref}`);
      tell(`moment/${moment.n}/seen/`, { skipped: moment.skipped });
      draw();
    },
  });
  const wanted = [...part("strip").querySelectorAll("[data-key]")].find((each) => each.dataset.key === focus);
  if (wanted) (wanted.disabled ? wanted.parentElement.querySelector("button:not([disabled])") : wanted).focus();
  else if (!focus) part("strip").querySelector("[aria-current]")?.focus();
}

// --- The end, a pause, the practitioner --------------------------------------------------------------------------------

function end() {
  drawEnd(part("end-stills"), part("end-ideas"), { ...room, words: words.all, names: names(), ideas: ideas.text });
  part("end-note").hidden = room.state !== "paused";
  screen.show("end");
}

async function finish(held) {
  player.pause();
  panel(null);
  room.state = held ? "held" : "paused";
  screen.show("ideas");
  await words.save();
  sayEnd(held);
}

/** Tell the server how the sitting ended, also when the line comes back later. */
async function sayEnd(held) {
  try {
    ideas.take({ ...pick(await ask("end/", { held })) });
  } catch (error) {
    if (error instanceof Lost) setTimeout(() => sayEnd(held), 3000);
  }
}

const pick = ({ new_ideas, next_step, version }) => ({ new_ideas, next_step, version });

function blank() {
  player.pause();
  if (screen.onScreen() !== "stopped") screen.cover("blank");
}

/** The lease has ended or somebody's agreement has: kindly, and without the film. */
function shut() {
  if (!room.open && screen.onScreen() === "stopped") return;
  room.open = false;
  player.empty();
  part("video").dataset.ref = "";
  part("poster").removeAttribute("src");
  part("end-stills").replaceChildren();
  part("strip").replaceChildren();
  for (const each of root.querySelectorAll("[data-panel]")) each.hidden = true;
  for (const still of room.stills) still.url &&= (URL.revokeObjectURL(still.url), "");
  releaseAll();
  if (screen.onScreen() !== "ask") screen.cover("stopped");
}

function askFor(what) {
  room.asking = what;
  part("ask-yes").textContent = what === "leave" ? "Leave" : "Go on";
  part("ask-error").textContent = "";
  part("secret").value = "";
  player.pause();
  screen.cover("ask");
}

async function answered(event) {
  event.preventDefault();
  const secret = part("secret").value;
  if (!secret) {
    part("ask-error").textContent = "Enter your PIN or your password";
    part("secret").focus();
    return;
  }
  part("ask-yes").disabled = true;
  try {
    if (room.asking === "leave" && room.open && !((await words.save()) && (await ideas.save()))) {
      part("ask-error").textContent = "Some words are not saved yet. Wait until the line is back, so that none are lost.";
      return;
    }
    const done = await ask(room.asking === "leave" ? "leave/" : "resume/", { secret });
    part("secret").value = "";
    if (room.asking === "leave") await leave(done.to);
    else await goOn();
  } catch (error) {
    part("secret").value = "";
    if (error instanceof Lost) part("ask-error").textContent = "The line is lost. Try again in a moment.";
    else if (error.data.to) await leave(error.data.to);
    else if (error.status === 404) await leave(location.pathname);
    else part("ask-error").textContent = error.data.error || "This cannot be done just now. Try again.";
    part("secret").focus();
  } finally {
    part("ask-yes").disabled = false;
  }
}

async function leave(to) {
  room.open = false;
  clearInterval(beat);
  player.empty();
  releaseAll();
  await screen.letGo();
  location.replace(to);
}

async function goOn() {
  take(await ask("now/"));
  screen.setBefore(room.begun ? "stage" : "question");
  screen.uncover();
  came();
}

// --- The pulse ---------------------------------------------------------------------------------------------------------

let asking = false;

async function pulse() {
  if (asking || !room.open) return;
  asking = true;
  try {
    const { open, shows } = await ask("pulse/");
    if (!open) shut();
    else {
      const gone = room.moments.filter((each) => !shows.includes(each.n)).map((each) => each.ref);
      if (gone.length) drop(gone);
    }
  } catch (error) {
    if (error instanceof Refused) shut(); // a lost signal does not blank
  } finally {
    asking = false;
  }
}

const beat = setInterval(pulse, PULSE);
addEventListener("online", pulse);
document.addEventListener("visibilitychange", () => document.hidden || pulse());

// --- Hands ---------------------------------------------------------------------------------------------------------------

const acts = {
  begin: async () => {
    room.begun = true;
    screen.show("stage", false);
    go(room.at);
    button("play").focus({ preventScroll: true });
    screen.stayAwake();
    await screen.fill();
  },
  play: () => player.toggle(),
  again: () => player.again(),
  back: () => player.step(-1),
  on: () => player.step(1),
  previous: () => nextPlace(-1) !== null && go(nextPlace(-1)),
  next: () => (nextPlace(1) === null ? finish(true) : go(nextPlace(1))),
  loop: () => player.setLoop(!player.loop),
  sound: () => {
    part("video").muted = !part("video").muted;
    draw();
  },
  still: keepStill,
  words: () => panel(root.querySelector('[data-panel="words"]').hidden ? "words" : null),
  moments: () => panel(root.querySelector('[data-panel="moments"]').hidden ? "moments" : null),
  "close-panel": () => {
    const was = root.querySelector("[data-panel]:not([hidden])").dataset.panel;
    panel(null);
    button(was).focus();
  },
  captions: () => {
    room.captions = !room.captions;
    drawWords();
  },
  breath: () => {
    player.breath = BREATHS[(BREATHS.indexOf(player.breath) + 1) % BREATHS.length];
    draw();
  },
  seen: () => finish(true),
  enough: () => finish(false),
  "to-end": end,
  "look-again": () => {
    screen.show("stage", false);
    go(room.at);
    button("play").focus({ preventScroll: true });
  },
  rate: async () => {
    if ((await words.save()) && (await ideas.save())) await leave(`${root.dataset.base}rate/`);
  },
  leave: () => askFor("leave"),
  "ask-on": () => askFor("resume"),
  stay: () => {
    screen.uncover();
    if (!room.open) screen.cover("stopped");
  },
  unblank: () => {
    screen.uncover();
    if (!room.open) screen.cover("stopped");
    else if (room.begun) screen.fill();
  },
};

hands(root, { acts, button, blank, player });

part("text").addEventListener("input", ({ target }) => {
  room.writing ??= words.begin(now().ref, player.wanted ?? player.frame, room.who);
  words.write(room.writing, target.value);
});
for (const field of root.querySelectorAll("[data-idea]")) {
  field.addEventListener("input", () => ideas.write(field.dataset.idea, field.value));
}
ideas.addEventListener("change", () => {
  for (const field of root.querySelectorAll("[data-idea]")) {
    if (field.value !== ideas.text[field.dataset.idea] && document.activeElement !== field) field.value = ideas.text[field.dataset.idea];
  }
  part("ideas-state").textContent = ideas.unsaved ? (navigator.onLine ? "…" : "Kept here until the line is back") : "";
});
words.addEventListener("change", drawWords);
player.addEventListener("change", draw);
part("ask").addEventListener("submit", answered);
screen.watchScreen(blank);
screen.watchIdle();
if (navigator.mediaSession) {
  navigator.mediaSession.metadata = null; // the system's own player has nothing to say about this film
  for (const action of ["play", "pause", "stop", "seekbackward", "seekforward", "previoustrack", "nexttrack"]) {
    try {
      navigator.mediaSession.setActionHandler(action, () => {});
    } catch {
      // a browser that does not know this one
    }
  }
}
addEventListener("beforeunload", (event) => {
  if (room.open && (words.unsaved.length || ideas.unsaved)) event.preventDefault();
});
addEventListener("pagehide", () => {
  player.empty();
  releaseAll();
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
begin();
