// Passkeys: signing in with one, as the second step, confirming, adding one. The server's options and the answer are
// JSON with base64url for bytes, which not every browser converts by itself.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

function toText(bytes) {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function creationOptions({ publicKey }, alone) {
  const selection = { ...publicKey.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return {
    ...publicKey,
    authenticatorSelection: selection,
    challenge: fromText(publicKey.challenge),
    user: { ...publicKey.user, id: fromText(publicKey.user.id) },
    excludeCredentials: (publicKey.excludeCredentials || []).map((one) => ({ ...one, id: fromText(one.id) })),
  };
}

function requestOptions({ publicKey }) {
  return {
    ...publicKey,
    challenge: fromText(publicKey.challenge),
    allowCredentials: (publicKey.allowCredentials || []).map((one) => ({ ...one, id: fromText(one.id) })),
  };
}

function asJSON(credential) {
  const { response } = credential;
  const bytes = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) bytes[name] = toText(response[name]);
  }
  if (response.getTransports) bytes.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: bytes,
  };
}

async function answerFor(form) {
  if (form.dataset.passkey === "add") {
    const options = creationOptions(onPage(), form.elements.passwordless?.checked ?? false);
    return navigator.credentials.create({ publicKey: options });
  }
  const options = form.dataset.passkey === "sign-in" ? await fresh(form.action) : onPage();
  return navigator.credentials.get({ publicKey: requestOptions(options) });
}

const onPage = () => {
  const data = JSON.parse(document.getElementById("passkey-data").textContent);
  return data.request_options || data.creation_options;
};

async function fresh(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error("no options");
  return (await response.json()).request_options;
}

function inWords(error, form) {
  if (error.name === "NotAllowedError") {
    return form.dataset.passkey === "add"
      ? "No passkey was added. Try again, and confirm on your device."
      : "That was stopped, or this device has no passkey for your account. Try again, or use your password.";
  }
  if (error.name === "InvalidStateError") return "This device already has a passkey for your account.";
  if (error.name === "SecurityError") return "Passkeys do not work at this address. Use the address your service gave you.";
  return "The passkey did not work. Try again, or use your password.";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    const line = form.querySelector("[data-passkey-problem]");
    line.textContent = "This browser cannot use passkeys.";
    line.hidden = false;
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const line = form.querySelector("[data-passkey-problem]");
    const button = form.querySelector("button[type='submit']");
    line.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(asJSON(await answerFor(form)));
      form.submit();
    } catch (error) {
      line.textContent = inWords(error, form);
      line.hidden = false;
      button.disabled = false;
    }
  });
}
