// Dragging a chosen moment to its place; the buttons beside each do the same by keyboard and without this script.
const list = document.querySelector("[data-choices]");
const form = document.querySelector("[data-order]");
let dragged = null;

function drop(target, after) {
  if (after) target.after(dragged);
  else target.before(dragged);
  for (const each of list.children) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "moment";
    field.value = each.dataset.moment;
    form.append(field);
  }
  form.submit();
}

list?.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-moment][draggable=true]");
  if (!item || event.target.closest("textarea, video")) return event.preventDefault();
  dragged = item;
  item.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
});

list?.addEventListener("dragover", (event) => {
  const item = event.target.closest("[data-moment]");
  if (!dragged || !item) return;
  event.preventDefault();
  for (const each of list.children) each.classList.toggle("is-target", each === item && item !== dragged);
});

list?.addEventListener("drop", (event) => {
  const item = event.target.closest("[data-moment]");
  if (!dragged || !item || item === dragged) return;
  event.preventDefault();
  const box = item.getBoundingClientRect();
  drop(item, event.clientY > box.top + box.height / 2);
});

list?.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  for (const each of list.children) each.classList.remove("is-target");
});

// Only one moment plays at a time.
document.addEventListener(
  "play",
  (event) => {
    for (const video of document.querySelectorAll("video")) if (video !== event.target) video.pause();
  },
  true,
);
