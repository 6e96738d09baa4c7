// Says quietly, while somebody types, who in the record seems to be the same person. Sent by POST: no name is in an
// address. Whether it is the same is asked by the page when the form is sent; without this file nothing is missing.

const PAUSE = 700; // ms after the last key: a name is typed in one go
const ASKED = ["first_name", "last_name", "known_as", "date_of_birth", "expected_on", "nhs_number", "phone", "email", "postcode"];

function setUp(region) {
  const form = region.closest("form") ?? document.querySelector("main form[method='post']");
  if (!form) return;
  const start = region.dataset.prefix ? `${region.dataset.prefix}-` : "";
  const concerns = (name) => ASKED.some((field) => name === start + field || name.startsWith(`${start}${field}_`));
  const first = form.elements[`${start}first_name`];
  const row = first?.closest(".app-row, .nhsuk-form-group");
  if (row) row.after(region);
  let timer = 0;
  let running = null;
  let asked = "";

  async function ask() {
    const body = new FormData(form);
    for (const [name, value] of [["kind", "kind"], ["prefix", "prefix"], ["case", "case"]]) {
      body.set(name, region.dataset[value] ?? "");
    }
    const now = JSON.stringify([...body].filter(([name]) => concerns(name)));
    if (now === asked) return;
    asked = now;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(region.dataset.likely, {
        method: "POST",
        body,
        signal: running.signal,
        headers: { "X-Requested-With": "fetch" },
      });
      if (answer.ok) show((await answer.json()).found);
    } catch {
      asked = ""; // no line, or typed on meanwhile: asked again at the next key
    }
  }

  function show(found) {
    region.replaceChildren();
    region.hidden = !found.length;
    if (!found.length) return;
    const lead = document.createElement("p");
    lead.textContent = found.length === 1 ? "Somebody in the record is like this:" : "People in the record are like this:";
    const list = document.createElement("ul");
    for (const each of found) {
      const item = document.createElement("li");
      const who = document.createElement("strong");
      who.textContent = each.who;
      const where = each.where.length ? ` (${each.where.join(", ")})` : "";
      item.append(who, `${where}: ${each.why}.`);
      list.append(item);
    }
    const next = document.createElement("p");
    next.textContent = "Go on. You are asked whether it is the same person before anything is saved.";
    region.append(lead, list, next);
  }

  form.addEventListener("input", (event) => {
    if (!concerns(event.target.name ?? "")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

document.querySelectorAll("[data-likely]").forEach(setUp);
