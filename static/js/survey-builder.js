// The builder: forms open in their place, the preview follows, one thing is written at a time.
// Without this file the same forms are pages of their own.
const builder = () => document.getElementById("builder");
const openForm = () => builder()?.querySelector("[data-builder-form]");

// The buttons stand outside of their form: which one it was is said here.
let act = "";
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id === "acts") act = event.submitter?.value || act;
  },
  true,
);
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "acts") event.detail.parameters.act = act;
});

// What depends on a choice is shown anew: nothing is checked, nothing is lost.
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-builder-again]");
  const form = field?.closest("[data-builder-form]");
  if (!form) return;
  form.noValidate = true; // nothing is checked yet
  window.htmx.ajax("POST", form.getAttribute("action"), {
    source: form,
    target: form.closest("[data-builder-part]"),
    swap: "innerHTML",
    values: { again: "shape" },
  });
});

document.addEventListener("htmx:confirm", (event) => {
  const form = openForm();
  if (!form || form.contains(event.target)) return;
  event.preventDefault();
  let said = form.querySelector("[data-builder-busy]");
  if (!said) {
    said = document.createElement("p");
    said.className = "notice notice-soon";
    said.dataset.builderBusy = "";
    said.setAttribute("role", "alert");
    form.prepend(said);
  }
  said.textContent = form.dataset.busy;
  form.querySelector("textarea, input:not([type=hidden]), select")?.focus();
});

// A form with faults comes back with 422: it is shown like any other.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// --- where one was, and goes back to ---

let place = ""; // the part whose form was opened last
const isLost = () => [null, document.body].includes(document.activeElement);

document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.target.closest("[data-builder-part]");
  const form = event.detail.target.querySelector("[data-builder-form]");
  if (!part || !form) return;
  place = part.closest("[id^=part-]")?.id ?? "";
  const wrong = form.querySelector(".errorlist + textarea, .errorlist + input, .errorlist + select");
  if (wrong) wrong.focus();
  // What has an id has got the focus back already: a list in which something was chosen.
  else if (!form.contains(document.activeElement)) form.querySelector("textarea, input:not([type=hidden])")?.focus();
});

// What was written is shown and has the focus; what a button has done leaves it where it was.
function goBack(at) {
  if (!isLost()) return;
  const part = document.getElementById(at);
  const button = part?.matches("[id^=part-]") && part.querySelector("[data-builder-edit]");
  const found = button || builder()?.querySelector("[value^=back]");
  found?.focus({ preventScroll: true });
  (button ? part.querySelector("[data-builder-part]") : found)?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("builder-changed", ({ detail }) => {
  startToolbars();
  goBack(detail?.at || place);
  const live = document.querySelector("[data-builder-live]");
  if (live) live.textContent = detail?.says ?? "";
  const phone = document.querySelector("[data-builder-phone]");
  phone?.contentWindow?.location.reload();
});

// --- the buttons of a part are one stop: the arrows go from one to the next ---

const buttons = (toolbar) => [...toolbar.querySelectorAll("a, button:not([disabled])")];

function startToolbars() {
  for (const toolbar of builder()?.querySelectorAll("[data-builder-toolbar]") ?? []) {
    const all = buttons(toolbar);
    const stop = all.find((each) => each === document.activeElement) ?? all[0];
    for (const each of all) each.tabIndex = each === stop ? 0 : -1;
  }
}

function go(event, toolbar) {
  const all = buttons(toolbar);
  const at = all.indexOf(event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  all[Math.min(Math.max(to, 0), all.length - 1)].focus();
}

document.addEventListener("keydown", (event) => {
  const toolbar = event.target.closest("[data-builder-toolbar]");
  if (toolbar) go(event, toolbar);
});
document.addEventListener("focusin", (event) => {
  const toolbar = event.target.closest("[data-builder-toolbar]");
  if (toolbar) for (const each of buttons(toolbar)) each.tabIndex = each === event.target ? 0 : -1;
});
startToolbars();

// Alt with an arrow moves the question whose button has the focus.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const card = event.target.closest("[data-builder-card]");
  if (!card || event.target.closest("[data-builder-form]")) return;
  event.preventDefault();
  const id = `${event.key === "ArrowUp" ? "up" : "down"}-${card.dataset.builderCard}`;
  const button = document.getElementById(id);
  button?.focus();
  button?.click();
});
