// The clock of a sign-in and its cover, in every tab. Loaded on every page of a signed-in person.
//
// Others import fetchJSON, markActivity, onUncovered, coverNow and the rest from here. (Written as a statement, even
// in a comment, an import of this file by itself would send collectstatic round in a circle.)
//
// The server decides; this page asks every few seconds, which extends nothing. Only a gesture of the person, or film
// that plays where it can be seen, is told to the server, at most once a minute.

import { hideCountdown, onStay, showCountdown } from "./countdown.js";
import { forgetPlace, isVeiled, unveil, veil } from "./veil.js";

const dialog = document.getElementById("vig-cover");
const given = dialog ? dialog.dataset : {};
const SECOND = 1000;
const IDLE = Number(given.idle || 600) * SECOND;
const WARNING = Math.min(Number(given.warning || 120) * SECOND, IDLE / 2);
const TELL_EVERY = Math.min(60 * SECOND, IDLE / 10);
const ASK_EVERY = Math.min(5 * SECOND, IDLE / 10);

let csrf = given.csrf || document.querySelector("[name='csrfmiddlewaretoken']")?.value || "";
let deadline = Date.now() + Number(given.secondsLeft || 600) * SECOND;
let signOutAt = Infinity; // the absolute limit: known from the first answer on, and nothing extends it
let signedOut = false;
let covering = false; // covered here, and the server has not said yet that it knows
let turn = 0; // counts changes of state, so that an answer from before one is not believed
const uncoverWaiters = new Set();
const uncoverListeners = new Set();
const coverListeners = new Set();
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("vig-session") : null;

// --- What others use --------------------------------------------------------------------------------------

/** What the server answered instead of success: `status`, `data` (its JSON, or null), `response`. */
export class RequestFailed extends Error {
  constructor(response, data) {
    super(data?.error || `The server answered ${response.status}.`);
    this.name = "RequestFailed";
    this.status = response.status;
    this.data = data;
    this.response = response;
  }
}

/**
 * Ask this service, as a piece of a page. Returns the JSON of the answer (null for an empty one).
 *
 * Options: `method` (GET, or POST with a body), `body` (an object is sent as JSON; FormData, URLSearchParams, Blob,
 * ArrayBuffer, typed array and string go as they are), `headers`, `signal`, `keepalive`, and `as`: "json", "text" or
 * "response". `evenCovered` sends although the page is covered, for what brings a token of its own.
 *
 * While the page is covered or signed out it waits, and goes on by itself afterwards: nothing is lost. Any other
 * refusal throws RequestFailed; a broken line throws TypeError, as fetch does.
 */
export async function fetchJSON(url, options = {}) {
  const { body, as = "json", evenCovered = false, headers = {}, ...rest } = options;
  const method = (options.method || (body === undefined ? "GET" : "POST")).toUpperCase();
  for (;;) {
    if (!evenCovered) await whenUncovered(options.signal);
    const asked = turn;
    const sent = new Headers(headers);
    sent.set("X-Requested-With", "fetch");
    if (!sent.has("Accept") && as === "json") sent.set("Accept", "application/json");
    if (!["GET", "HEAD"].includes(method)) sent.set("X-CSRFToken", csrf);
    const response = await fetch(url, {
      credentials: "same-origin",
      ...rest,
      method,
      headers: sent,
      body: packed(body, sent),
    });
    if (response.status === 401 && !evenCovered) {
      const why = await readJSON(response.clone());
      if (dialog && (why?.covered || why?.signed_out)) {
        if (asked === turn) believe(why);
        continue;
      }
    }
    if (!response.ok) throw new RequestFailed(response, await readJSON(response));
    if (as === "response") return response;
    return as === "text" ? response.text() : readJSON(response);
  }
}

/** The person is here: a gesture, or film that plays where it can be seen. Call it as often as you like. */
export function markActivity() {
  if (!dialog || isVeiled() || signedOut) return;
  lastGesture = Date.now();
  if (deadline - Date.now() <= WARNING || Date.now() - lastTold >= TELL_EVERY) tell();
  else telling ??= setTimeout(tell, lastTold + TELL_EVERY - Date.now());
}

/** `listener()` after each uncovering; returns the function that ends this. */
export function onUncovered(listener) {
  uncoverListeners.add(listener);
  return () => uncoverListeners.delete(listener);
}

/** `listener()` as soon as the page is covered; returns the function that ends this. */
export function onCovered(listener) {
  coverListeners.add(listener);
  return () => coverListeners.delete(listener);
}

/** Whether the page is covered, or its person signed out. */
export const isCovered = () => isVeiled();

/** Cover this page and all other tabs at once. */
export function coverNow() {
  if (!dialog || isVeiled()) return;
  covering = true;
  turn += 1;
  show("pin");
  tabs?.postMessage("covered");
  tellCovered();
}

// --- The line to the server -------------------------------------------------------------------------------

function packed(body, headers) {
  if (body === undefined || body === null) return undefined;
  const plain = Object.getPrototypeOf(body) === Object.prototype || Array.isArray(body);
  if (!plain) return body;
  if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
  return JSON.stringify(body);
}

async function readJSON(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new RequestFailed(response, { error: "The server answered in a way this page cannot read." });
    return null;
  }
}

/** One request about the clock itself: never waits for the cover. Null when the line is broken. */
async function ask(url, body) {
  const asked = turn;
  try {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "X-Requested-With": "fetch", Accept: "application/json", "X-CSRFToken": csrf },
      body,
    });
    offline(false);
    const state = await readJSON(response);
    return { status: response.status, state, current: asked === turn };
  } catch {
    offline(true);
    return null;
  }
}

let asking = null;

/** Ask how things stand; what the server says, this page does. */
function look() {
  asking ??= ask(given.status)
    .then((answer) => {
      if (answer?.state && answer.current) believe(answer.state);
      return answer !== null;
    })
    .finally(() => {
      asking = null;
    });
  return asking;
}

async function tellCovered() {
  while (covering) {
    const answer = await ask(given.cover, new FormData());
    if (answer && answer.status < 500) {
      covering = false;
      turn += 1;
      if (answer.state?.signed_out) believe(answer.state);
      else if (answer.status >= 400) await look(); // a token out of date, for example
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 2 * SECOND));
  }
}

let lastGesture = 0;
let lastTold = Date.now();
let telling = null;

async function tell() {
  clearTimeout(telling);
  telling = null;
  lastTold = Date.now();
  const answer = await ask(given.activity, JSON.stringify({ ago: (Date.now() - lastGesture) / SECOND }));
  if (answer?.state && answer.current) believe(answer.state);
}

/** Do what the server says. */
function believe(state) {
  if (state.who && state.who !== given.who) {
    // Somebody else has signed in here: this page was never theirs to see.
    veil();
    location.replace("/");
    return;
  }
  if (state.csrf) renew(state.csrf);
  if (state.signed_out) {
    signedOut = true;
    show("signed-out");
    return;
  }
  const back = signedOut;
  signedOut = false;
  if (state.covered) {
    show("pin", state.has_pin);
    return;
  }
  if (typeof state.seconds_left === "number") deadline = Date.now() + state.seconds_left * SECOND;
  if (typeof state.absolute_left === "number") signOutAt = Date.now() + state.absolute_left * SECOND;
  if (!covering && (isVeiled() || back)) hide();
}

/** A sign-in makes a new token: forms that stand on the page must send that one. */
function renew(token) {
  if (token === csrf) return;
  csrf = token;
  for (const field of document.querySelectorAll("[name='csrfmiddlewaretoken']")) field.value = token;
}

// --- Covering and uncovering ------------------------------------------------------------------------------

const part = (name) => dialog?.querySelector(`[data-${name}]`);

function show(what, hasPin) {
  const fresh = veil();
  if (fresh) turn += 1;
  part("uncover-form").hidden = what !== "pin";
  part("signed-out").hidden = what !== "signed-out";
  hideCountdown();
  if (fresh) {
    problem("");
    byPassword(hasPin === false || part("cover-by-password").hidden);
    for (const listener of coverListeners) listener();
  }
  if (fresh || what === "signed-out") focusFirst();
}

function hide() {
  turn += 1;
  for (const field of dialog.querySelectorAll("input")) field.value = "";
  unveil();
  for (const resolve of uncoverWaiters) resolve();
  uncoverWaiters.clear();
  for (const listener of uncoverListeners) listener();
}

function whenUncovered(signal) {
  if (!isVeiled()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    uncoverWaiters.add(resolve);
    signal?.addEventListener("abort", () => {
      uncoverWaiters.delete(resolve);
      reject(signal.reason);
    });
  });
}

function focusFirst() {
  const places = ["#vig-cover-pin", "#vig-cover-password", "[data-sign-in-again]", "#vig-cover-title"];
  for (const place of places) {
    const element = dialog.querySelector(place);
    if (element && !element.closest("[hidden]")) {
      element.focus();
      return;
    }
  }
}

function byPassword(yes) {
  part("cover-pin").hidden = yes;
  part("cover-password").hidden = !yes;
  dialog.querySelector(yes ? "#vig-cover-pin" : "#vig-cover-password").value = "";
}

function problem(text) {
  const line = document.getElementById("vig-cover-problem");
  line.textContent = text;
  line.hidden = !text;
}

function offline(lost) {
  const line = part("cover-offline");
  if (line) line.hidden = !lost;
}

let sending = false;

async function uncover(event) {
  event.preventDefault();
  if (sending) return;
  sending = true;
  const form = event.target;
  const typed = new FormData(form);
  if (part("cover-pin").hidden) typed.delete("pin");
  else typed.delete("password");
  for (const field of form.querySelectorAll("input")) field.value = "";
  problem("");
  // Told first that it is covered: a line lost at the wrong moment must not leave it half done.
  if (covering) await tellCovered();
  const answer = await ask(given.uncover, typed);
  sending = false;
  if (!answer) return;
  if (answer.status === 429) problem("Too many tries. Wait a minute, then try again.");
  else if (answer.state?.error) problem(answer.state.error);
  else if (answer.state && (answer.status < 400 || answer.status === 401)) {
    believe(answer.state);
    tabs?.postMessage("look");
    return;
  } else problem("That did not work. Try again in a moment.");
  focusFirst();
}

// --- The countdown ----------------------------------------------------------------------------------------

function tick() {
  if (isVeiled()) return;
  const left = deadline - Date.now();
  if (left <= 0) {
    // Another tab may have been used; without an answer it is safer covered.
    const before = turn;
    look().then((answered) => {
      if (!answered && turn === before && deadline <= Date.now()) show("pin");
    });
    return;
  }
  if (left > WARNING) hideCountdown();
  else showCountdown(left, signOutAt - deadline < 2 * SECOND);
}

// --- Wiring -----------------------------------------------------------------------------------------------

if (dialog) {
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    window.addEventListener(kind, (event) => event.isTrusted && markActivity(), { capture: true, passive: true });
  }
  // A page cannot play film in a visible tab without somebody watching it.
  document.addEventListener(
    "timeupdate",
    (event) => {
      if (document.visibilityState === "visible" && !event.target.paused) markActivity();
    },
    { capture: true },
  );
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "F2" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      coverNow();
    },
    { capture: true },
  );
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-cover-now], [data-cover-screen]")) return;
    event.preventDefault();
    coverNow();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-sign-out]")) return;
    forgetPlace();
    setTimeout(() => tabs?.postMessage("look"), SECOND);
  });
  part("uncover-form").addEventListener("submit", uncover);
  part("cover-by-password").addEventListener("click", (event) => {
    event.target.hidden = true;
    byPassword(true);
    focusFirst();
  });
  onStay(markActivity);

  tabs?.addEventListener("message", (event) => {
    if (event.data === "covered" && !isVeiled()) {
      turn += 1;
      show("pin");
      setTimeout(look, SECOND);
    } else if (event.data === "look") look();
  });
  tabs?.postMessage("look"); // this page may come from a sign-in that another tab waits for

  setInterval(tick, SECOND / 2);
  setInterval(() => {
    if (document.visibilityState === "visible" || isVeiled()) look();
  }, ASK_EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    tick();
    look();
  });
  // A page that comes back out of the browser's memory shows nothing before the server has been asked.
  window.addEventListener("pagehide", () => document.documentElement.classList.add("vig-veiled"));
  window.addEventListener("pageshow", async (event) => {
    if (event.persisted) {
      turn += 1;
      if (!(await look())) show("pin");
    }
    document.documentElement.classList.remove("vig-veiled");
  });
  // F2 is this script's from here on; where it was pressed before (js/supported.js), the page covers itself now.
  dialog.dataset.listening = "";
  if (document.documentElement.classList.contains("vig-cover-asked")) {
    coverNow();
    document.documentElement.classList.remove("vig-veiled", "vig-cover-asked");
  }
}
