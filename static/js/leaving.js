// <form data-leaves> signs out. Drafts leave this device with the person. What was meant to be sent
// and has not been stays on it, and the page to sign out says so before anybody goes. A page that
// holds something back sends it first: "portal:leaving" carries `until(promise)`.
const PATIENCE = 4000; // milliseconds: nobody is kept from leaving by a storage that does not answer
const LOCAL = /^(draft|take|survey):/;
const OF_THIS_TAB = /^job-draft:/;
const HELD_BACK = /^acts:/;

const soon = (promise) =>
  Promise.race([
    promise.catch(() => null),
    new Promise((done) => setTimeout(done, PATIENCE, null)),
  ]);

const namesIn = (storage, pattern) => Object.keys(storage).filter((name) => pattern.test(name));

function heldBack() {
  const lists = namesIn(sessionStorage, HELD_BACK).map((name) => sessionStorage.getItem(name));
  return lists.reduce((sum, list) => sum + JSON.parse(list).length, 0);
}

// How many things wait on this device, whoever they belong to; null where it cannot be told.
async function unsent() {
  await import("./outbox.js");
  const { allKept } = await import("./owner-store.js");
  const [entries, photos] = await Promise.all([self.Outbox.all(), allKept()]);
  return entries.length + photos.filter((photo) => photo.to).length + heldBack();
}

async function dropDrafts() {
  for (const name of namesIn(localStorage, LOCAL)) localStorage.removeItem(name);
  for (const name of namesIn(sessionStorage, OF_THIS_TAB)) sessionStorage.removeItem(name);
  const { allKept, drop } = await import("./owner-store.js");
  await Promise.all((await allKept()).filter((photo) => !photo.to).map(({ id }) => drop(id)));
}

function sendFirst() {
  const waits = [];
  const until = (promise) => waits.push(promise);
  document.dispatchEvent(new CustomEvent("portal:leaving", { detail: { until } }));
  return Promise.all(waits);
}

async function leave(form) {
  await soon(sendFirst());
  const left = await soon(unsent());
  if (left && form.dataset.leaves !== "surely") {
    location.assign(form.action);
    return;
  }
  await soon(dropDrafts());
  if (left === 0) {
    // Nothing waits: the server lets the browser throw away all that it kept of the portal.
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "forget", value: "1" });
    form.append(field);
  }
  form.submit();
}

async function warn(place) {
  const left = await soon(unsent());
  if (!left) return;
  const words = place.querySelector("p");
  words.textContent = words.textContent.replace("{}", left);
  place.hidden = false;
}

export function startLeaving() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-leaves]")) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // it is sent from here
      if (form.dataset.leaving) return;
      form.dataset.leaving = "yes";
      leave(form);
    },
    true,
  );
  // Back from the page to sign out, by the history: it may be wanted again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-leaving]")) delete form.dataset.leaving;
  });
  const place = document.querySelector("[data-unsent]");
  if (place) warn(place);
}
