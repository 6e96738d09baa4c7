// What is opened for a family takes this page’s place, so that Back does not lead to it. Without this script the
// form does the same by an ordinary answer.
const form = document.querySelector("[data-hand-over]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const submit = form.querySelector("[type=submit]");
  submit.disabled = true;
  try {
    const response = await fetch(form.action || location.href, {
      method: "POST",
      body: new FormData(form, event.submitter),
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    });
    const kind = response.headers.get("Content-Type") || "";
    if (response.ok && kind.startsWith("application/json")) {
      location.replace((await response.json()).to);
      return;
    }
  } catch {
    // the ordinary way says what is wrong
  }
  form.submit();
});
