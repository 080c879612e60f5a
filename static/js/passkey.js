// Passkeys: made, used as the second factor, and used to sign in. The forms say which.
//
// data-passkey="make | use | enter" on a form with a hidden field `credential`. What the server
// asks for lies in a script of JSON (data-options), or is fetched from the form's address (enter).

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

function toMake(options) {
  const asked = options.publicKey;
  return {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: known(asked.excludeCredentials),
    authenticatorSelection: {
      ...asked.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
}

function toUse(options) {
  const asked = options.publicKey;
  return {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: known(asked.allowCredentials),
  };
}

function written(credential) {
  const given = credential.response;
  const response = { clientDataJSON: toText(given.clientDataJSON) };
  if (given.attestationObject) {
    response.attestationObject = toText(given.attestationObject);
    response.transports = given.getTransports ? given.getTransports() : [];
  } else {
    response.authenticatorData = toText(given.authenticatorData);
    response.signature = toText(given.signature);
    response.userHandle = given.userHandle ? toText(given.userHandle) : null;
  }
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

// The answer to this question brings the cookie of a session that is nobody's. Should it come after
// somebody has signed in by another way, it would take theirs from them.
let asking = null;
document.addEventListener("submit", () => asking?.abort(), { capture: true });

async function asked(form) {
  if (form.dataset.passkey !== "enter") {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  asking = new AbortController();
  const answer = await fetch(form.action, {
    headers: { Accept: "application/json" },
    signal: asking.signal,
  });
  if (!answer.ok) {
    throw new Error(`passkeys: ${answer.status}`);
  }
  return answer.json();
}

let waiting = null; // the browser's own offer; only one request may be open at a time

async function run(form, offered) {
  waiting?.abort();
  waiting = null;
  const { creation_options: toCreate, request_options: toRequest } = await asked(form);
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: toMake(toCreate) });
  }
  const request = { publicKey: toUse(toRequest) };
  if (offered) {
    waiting = new AbortController();
    request.mediation = "conditional";
    request.signal = waiting.signal;
  }
  return navigator.credentials.get(request);
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-trouble]");
  place.textContent = words;
  place.hidden = !words;
}

async function go(form, offered = false) {
  say(form, "");
  form.setAttribute("aria-busy", "true");
  try {
    const credential = await run(form, offered);
    form.elements.credential.value = written(credential);
    form.submit();
  } catch (trouble) {
    // An offer that nobody takes is no trouble.
    if (!offered && trouble.name !== "AbortError") {
      say(form, form.dataset.failed);
    }
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function bind(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.reportValidity()) {
      go(form);
    }
  }, { capture: true });
  if (form.dataset.passkey === "enter") {
    offer(form);
  }
}

// Once somebody turns to the field for the account, the browser offers the passkeys it has.
async function offer(form) {
  const field = document.querySelector("input[autocomplete~=webauthn]");
  const can = await window.PublicKeyCredential.isConditionalMediationAvailable?.();
  if (field && can) {
    const begin = () => go(form, true);
    if (document.activeElement === field) {
      begin();
    } else {
      field.addEventListener("focus", begin, { once: true });
    }
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) {
    bind(form);
  } else if (form.dataset.passkey === "make") {
    say(form, form.dataset.unsupported);
    form.querySelector("button").disabled = true;
  } else {
    form.hidden = true;
  }
}
