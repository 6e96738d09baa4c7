// Beside the film: what was noticed, in whose words; the strip of moments; the end.
import { heldOf } from "./memory.js";

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

// --- Who speaks ----------------------------------------------------------------------------------------------------

/** Big names to choose from: the family first, the practitioner apart. */
export function drawSpeakers(box, speakers, chosen, choose) {
  box.replaceChildren(
    ...speakers.map(({ key, name }) => {
      const label = make("label", `room-speaker${key === "p" && speakers.length > 1 ? " room-apart" : ""}`);
      const input = make("input");
      input.type = "radio";
      input.name = "speaker";
      input.value = key;
      input.checked = key === chosen;
      input.addEventListener("change", () => choose(key));
      label.append(input, make("span", "", name));
      return label;
    }),
  );
}

const line = (words, names) => {
  const paragraph = make("p");
  if (names.size > 1) paragraph.append(make("span", "room-who", `${names.get(words.who) || ""}: `));
  paragraph.append(words.text.trim());
  return paragraph;
};

/** What has been said of this moment: a touch goes on with it. */
export function drawSaid(list, words, names, edit) {
  list.replaceChildren(
    ...words.map((each) => {
      const item = make("li");
      const button = make("button");
      button.type = "button";
      button.append(make("span", "room-who", `${names.get(each.who) || ""}: `), each.text.trim());
      button.addEventListener("click", () => edit(each));
      item.append(button);
      return item;
    }),
  );
}

/** The same words over the film, only while they are asked for. */
export function drawCaption(box, words, names, wanted) {
  box.hidden = !wanted || !words.length;
  box.replaceChildren(...(box.hidden ? [] : words.map((each) => line(each, names))));
}

// --- The strip -------------------------------------------------------------------------------------------------------

/** The moments in their order, each to be gone to, moved and skipped. */
export function drawStrip(list, moments, at, acts) {
  list.replaceChildren(
    ...moments.map((moment, index) => {
      const item = make("li", moment.skipped ? "is-skipped" : "");
      const picture = make("button", "room-strip__picture");
      picture.type = "button";
      picture.setAttribute("aria-label", `Moment ${index + 1} of ${moments.length}${moment.skipped ? ", skipped" : ""}`);
      if (index === at) picture.setAttribute("aria-current", "true");
      const image = make("img");
      image.alt = "";
      if (heldOf(moment.ref).picture) image.src = heldOf(moment.ref).picture;
      picture.append(image);
      picture.addEventListener("click", () => acts.go(index));
      const keys = make("div", "room-strip__keys");
      const key = (text, label, act, off) => {
        const button = make("button", "", text);
        button.type = "button";
        button.setAttribute("aria-label", `${label} moment ${index + 1}`);
        button.dataset.key = `${label} ${moment.ref}`;
        button.disabled = Boolean(off);
        button.addEventListener("click", act);
        keys.append(button);
      };
      key("←", "Earlier:", () => acts.move(index, -1), index === 0);
      key(moment.skipped ? "Bring back" : "Skip", moment.skipped ? "Bring back:" : "Skip:", () => acts.skip(index));
      key("→", "Later:", () => acts.move(index, 1), index === moments.length - 1);
      item.append(picture, keys);
      return item;
    }),
  );
}

// --- The end ---------------------------------------------------------------------------------------------------------

/** The stills that were kept side by side, the words beneath; the ideas and the next step. */
export function drawEnd(stillsBox, ideasBox, { moments, stills, words, names, ideas }) {
  const shown = moments.filter((each) => !each.skipped);
  const figures = shown.flatMap((moment) => {
    const own = stills.filter((each) => each.ref === moment.ref);
    const pictures = own.length ? own.map((each) => each.url) : [heldOf(moment.ref).picture];
    const said = words.filter((each) => each.ref === moment.ref && each.text.trim());
    return pictures.map((url, index) => {
      const figure = make("figure");
      const image = make("img");
      image.alt = `Moment ${moments.indexOf(moment) + 1}`;
      if (url) image.src = url;
      const caption = make("figcaption");
      if (index === 0) caption.append(...said.map((each) => line(each, names)));
      figure.append(image, caption);
      return figure;
    });
  });
  stillsBox.replaceChildren(...figures);
  const pairs = [
    ["A new idea", ideas.new_ideas],
    ["The next step", ideas.next_step],
  ].filter(([, text]) => text.trim());
  ideasBox.hidden = !pairs.length;
  ideasBox.replaceChildren(...pairs.flatMap(([name, text]) => [make("dt", "", name), make("dd", "", text.trim())]));
}
