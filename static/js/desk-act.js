// An act on a ticket is held back for a moment, so that it can be taken back before anybody is told
// (docs/adr/0012). Until the server has answered it lies in this tab's storage under a name of its
// own; sent twice it happens once. Others of the page hear of it by events on the document:
// desk:held, desk:done, desk:refused, desk:undone, each with the act; desk:recalled on the page after.
import { settleDraft } from "./desk-draft.js";
import { isOneButton } from "./desk-held.js";
import { on } from "./keys.js";

const MOMENT = 8_000; // milliseconds
const AGAIN = 15_000;

let acts = []; // oldest first; the last one may still be taken back
let timer = 0;
let sending = Promise.resolve();
let message = null;

const words = () => document.getElementById("desk-words").dataset;
const place = () => document.getElementById("messages");
const storage = () => `acts:${words().me}`;

function remember() {
  try {
    if (acts.length) sessionStorage.setItem(storage(), JSON.stringify(acts));
    else sessionStorage.removeItem(storage());
  } catch {
    // Without storage an act is lost with its tab, as a form half filled in is.
  }
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(storage())) ?? [];
  } catch {
    return [];
  }
}

const tell = (name, act) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail: act }));

function drop(act) {
  acts = acts.filter((each) => each !== act);
  remember();
}

// --- what is said ---

function show(id, text) {
  const shown = document.getElementById(id).content.cloneNode(true).firstElementChild;
  shown.querySelector("p").textContent = text;
  place().append(shown);
  return shown;
}

export function trouble(text, act = null) {
  for (const old of document.querySelectorAll("[data-act-trouble]")) {
    if (old.textContent.includes(text)) old.remove();
  }
  const shown = show("trouble-message", text);
  shown.dataset.actTrouble = "";
  if (!act) return;
  const link = shown.querySelector("a");
  link.hidden = false;
  link.href = `${act.page}?act=${act.act}`;
  link.dataset.actLook = act.ticket;
  link.dataset.actName = act.act;
}

function quiet() {
  message?.remove();
  message = null;
}

// --- holding back ---

function read(form, submitter) {
  const inside = form.closest("[data-ticket]").dataset;
  const fields = [...new FormData(form, submitter)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
  );
  return {
    id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.slice(0, 36),
    url: form.action,
    page: form.action.replace(/[^/]+\/$/, ""),
    act: form.dataset.act,
    ticket: inside.ticket,
    says: `${form.dataset.says} · ${inside.name}`,
    becomes: form.dataset.becomes ?? "",
    fields,
  };
}

function hold(act) {
  if (acts.length) send(); // only the last one can be taken back
  acts.push(act);
  remember();
  quiet();
  message = show("undo-message", act.says);
  clearTimeout(timer);
  timer = setTimeout(send, MOMENT);
  tell("held", act);
}

export function undo() {
  const act = acts.at(-1);
  if (!act || act.isSent) return false;
  clearTimeout(timer);
  drop(act);
  quiet();
  const gone = show("undo-message", words().gone);
  gone.querySelector("button").remove();
  setTimeout(() => gone.remove(), MOMENT / 2);
  tell("undone", act);
  return true;
}

// --- sending ---

function post(act, keepalive) {
  const body = new FormData();
  for (const [name, value] of act.fields) body.append(name, value);
  body.append("submission", act.id);
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(act.url, {
    method: "POST",
    body,
    keepalive,
    redirect: "manual",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
}

async function deliver(act) {
  const answer = await post(act, false);
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    trouble(words().signedOut, act);
    return false;
  }
  drop(act);
  if (answer.ok) {
    settleDraft(act);
    tell("done", act);
    return true;
  }
  const problem = await answer.json().catch(() => ({}));
  trouble(`${act.says.split(" · ")[1]}: ${problem.detail ?? words().failed}`, act);
  tell("refused", act);
  return true;
}

async function deliverAll() {
  for (const act of acts.filter((each) => each.isSent)) {
    try {
      if (!(await deliver(act))) return;
    } catch {
      trouble(words().offline);
      setTimeout(send, AGAIN);
      return;
    }
  }
}

// Everything that waits goes now, one after the other.
export function send() {
  clearTimeout(timer);
  quiet();
  for (const act of acts) act.isSent = true;
  sending = sending.then(deliverAll);
  return sending;
}

export const held = (ticket) => acts.filter((act) => act.ticket === ticket);

// A ticket is shown as it is, never as it is about to be.
export const settle = (ticket) =>
  acts.some((act) => act.ticket === ticket) ? send() : Promise.resolve();

// Ctrl-Enter where Enter begins a new line; plain Enter where something has been chosen.
function sendByKey(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  const { form } = event.target;
  if (!form?.matches?.("form[data-act]")) return;
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand || (event.target.matches("select") && event.target.value)) {
    event.preventDefault();
    form.requestSubmit();
  }
}

export function startActs() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-act]")) return;
      event.preventDefault();
      const act = read(form, event.submitter);
      const isWaiting = held(act.ticket).some((each) => each.act === act.act);
      if (!isWaiting || !isOneButton(form)) hold(act);
    },
    true, // before others take it for a form on its way
  );
  document.addEventListener("click", (event) => event.target.closest("[data-undo]") && undo());
  document.addEventListener("keydown", sendByKey);
  for (const key of ["z", "mod+z"]) on(key, undo, words().keyUndo);
  // A page that goes takes its acts with it; should the answer not come, the next page asks again.
  window.addEventListener("pagehide", () => acts.forEach((act) => post(act, true).catch(() => {})));
  window.addEventListener("online", send);
  document.addEventListener("portal:leaving", (event) => acts.length && event.detail.until(send()));
  acts = recall();
  for (const act of acts) tell("recalled", act);
  if (acts.length) send();
}
