// Jobs: forms go into the outbox first, and from there to the server when it can be reached.
// Without this file every form works as a plain form.
import "./outbox.js";
import { tellWorker } from "./offline.js";
import { shrink } from "./photos.js";
import { showOutbox } from "./job-outbox.js";
import { showAhead } from "./job-ahead.js";
import { forget, startDrafts } from "./job-draft.js";

const { Outbox } = self;
const bar = document.querySelector("[data-outbox-bar]");
const RETRY = 30_000;
let sending = false;
let progress = new Map();

const mine = (entries) => entries.filter((each) => each.member === bar.dataset.member);

async function refresh(outcome = null) {
  const entries = await Outbox.all().catch(() => []);
  const others = entries.some((each) => each.member !== bar.dataset.member);
  showOutbox(bar, mine(entries), { outcome, sending, others, progress, onChange: act });
  showAhead(mine(entries), bar.dataset);
}

async function act(entry, what) {
  if (what === "again") await Outbox.again(entry);
  else await Outbox.remove(entry.order);
  await (what === "again" ? send() : refresh());
}

// Sends what waits; afterwards the page is loaded anew, so that it shows what the server knows.
async function send() {
  if (sending) return;
  const waiting = mine(await Outbox.all().catch(() => [])).filter((e) => e.state === "waiting");
  if (waiting.length === 0) return refresh();
  sending = true;
  await refresh();
  const outcome = await Outbox.flush({
    member: bar.dataset.member,
    session: bar.dataset.session,
    onProgress: (entry, share) => {
      progress.set(entry.key, share);
      for (const meter of document.querySelectorAll(`progress[data-key="${entry.key}"]`)) {
        meter.value = share;
        meter.hidden = false;
      }
    },
  });
  sending = false;
  progress = new Map();
  await refresh(outcome);
  const { taken } = bar.dataset;
  if (taken && outcome.state === "done") sessionStorage.setItem("job-taken", taken);
  delete bar.dataset.taken;
  if (outcome.state === "done" && outcome.taken > 0) renew();
  else if (outcome.state !== "done" && outcome.state !== "empty") await askForSync();
}

// A page is not taken from under somebody's fingers: it waits until they have left the field.
function renew() {
  const field = document.activeElement;
  if (field?.matches("textarea, input:not([type=hidden], [type=file]), select")) {
    field.addEventListener("blur", renew, { once: true });
    return;
  }
  if (field?.closest("[data-for]")) sessionStorage.setItem("job-focus", "next");
  location.reload();
}

async function askForSync() {
  try {
    const ready = await navigator.serviceWorker?.ready;
    await ready?.sync?.register("outbox");
  } catch {
    // No background sync here: the page tries again by itself.
  }
}

// --- taking what a form says ---

function described(form) {
  const job = form.closest("[data-job]");
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "key") {
      fields[name] = value;
    }
  }
  return {
    member: bar.dataset.member,
    session: bar.dataset.session,
    url: new URL(form.action).pathname,
    ticket: job.dataset.job,
    title: job.dataset.title ?? form.dataset.title ?? "",
    kind: form.dataset.outbox,
    then: form.dataset.then ?? "",
    says: form.dataset.says,
    fields,
  };
}

async function put(entries) {
  try {
    for (const entry of entries) await Outbox.add(entry);
    // Asked once there is something to lose: a browser short of room is not to throw it away.
    navigator.storage?.persist?.();
  } catch {
    // Private windows and full telephones keep nothing: then the form goes as a form.
    return false;
  }
  return true;
}

// A second touch of the same button is no second act.
async function takeForm(form) {
  if (form.dataset.taking) return;
  form.dataset.taking = "yes";
  const entry = described(form);
  if (!(await put([entry]))) return form.submit();
  forget(form);
  if (!entry.then) form.reset();
  delete form.dataset.taking;
  form.closest("details")?.removeAttribute("open");
  if (form.matches(".job-row *")) bar.dataset.taken = entry.ticket;
  await refresh();
  if (entry.then) document.querySelector("[data-next]")?.scrollIntoView({ block: "nearest" });
  await send();
}

async function takePhotos(form, input) {
  const entry = described(form);
  const files = [...input.files].filter((file) => file.type === "" || file.type.startsWith("image/"));
  const small = await Promise.all(files.map((file) => shrink(file)));
  const photos = small.map((blob) => ({ ...entry, photo: { blob, name: blob.name || "photo.jpg" } }));
  if (!(await put(photos))) {
    bar.querySelector("[data-outbox-state]").textContent = bar.dataset.wordFull;
    return form.requestSubmit();
  }
  input.value = "";
  await refresh();
  await send();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-outbox]");
  if (!form || form.dataset.outbox === "photo") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  takeForm(form);
}, true);

document.addEventListener("change", (event) => {
  const input = event.target.closest("form[data-outbox=photo] input[type=file]");
  if (input?.files.length) takePhotos(input.form, input);
});

// --- whenever it may work again ---

startDrafts();

addEventListener("online", () => send());
addEventListener("pageshow", () => send());
document.addEventListener("visibilitychange", () => document.hidden || send());
setInterval(() => navigator.onLine !== false && send(), RETRY);
navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data?.kind === "outbox") refresh();
});

const links = [...document.querySelectorAll("a[data-keeps]")].map((link) => link.href);
if (links.length || location.pathname.endsWith("/jobs/")) {
  addEventListener("load", () => {
    tellWorker({ kind: "keep", urls: [location.pathname, ...links], person: document.body.dataset.person });
  });
}
// A job that was taken from the list has moved among one's own: it is shown where it is now.
const taken = sessionStorage.getItem("job-taken");
const moved = taken && document.querySelector(`.job-row[data-job="${CSS.escape(taken)}"]`);
sessionStorage.removeItem("job-taken");
if (moved && !moved.querySelector("form")) {
  const said = document.createElement("p");
  said.className = "job-taken";
  said.setAttribute("role", "status");
  moved.append(said);
  said.textContent = bar.dataset.wordTaken;
  moved.scrollIntoView({ block: "center" });
  moved.querySelector("a").focus({ preventScroll: true });
}

// One large button at a time: where the form to finish is in sight, its own button is the one.
const finish = document.getElementById("finish");
if (finish && "IntersectionObserver" in window) {
  const next = document.querySelector("[data-next]");
  const look = ([seen]) => next.classList.toggle("is-beside", seen.isIntersecting);
  new IntersectionObserver(look, { rootMargin: "0px 0px -96px 0px" }).observe(finish);
}
if (sessionStorage.getItem("job-focus")) {
  sessionStorage.removeItem("job-focus");
  document.querySelector("[data-next] :is(button, a):not([hidden] *)")?.focus({ preventScroll: true });
}
