// The call list by keyboard: one key says how a call ended, and the next person is on. An outcome can
// be taken back for a moment, as every act of the desk (desk-act.js). Without this file the buttons
// of each call work as they are.
import { startAnswers } from "./answers.js";
import { startActs } from "./desk-act.js";
import { startDrafts } from "./desk-draft.js";
import { on } from "./keys.js";

const here = document.querySelector("[data-calls]");
const OUTCOMES = 6;

const calls = () => [...document.querySelectorAll("li.call")].filter((each) => !each.hidden);
const current = () => document.querySelector("li.call.is-current:not([hidden])");
const of = (ticket) => document.querySelector(`li.call[data-ticket="${CSS.escape(ticket)}"]`);

function choose(call, { focus = true } = {}) {
  for (const old of document.querySelectorAll("li.call.is-current")) {
    old.classList.remove("is-current");
    old.removeAttribute("aria-current");
  }
  if (!call) return;
  call.classList.add("is-current");
  call.setAttribute("aria-current", "true");
  if (!focus) return;
  call.focus({ preventScroll: true });
  call.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = calls();
  if (!all.length) return false;
  const index = all.indexOf(current());
  choose(all[Math.min(Math.max(index + by, 0), all.length - 1)]);
  return true;
}

function press(key) {
  const button = current()?.querySelector(`[data-outcome="${key}"]`);
  if (!button) return false;
  button.click();
  return true;
}

// What is said of it: how it ended, and when it is tried again.
function word(button) {
  const { form } = button;
  const again = "putsOff" in button.dataset ? here.dataset.again.replace("%(time)s", form.dataset.again) : "";
  form.dataset.says = [button.dataset.label, again].filter(Boolean).join(" – ");
}

function held({ detail: act }) {
  const call = of(act.ticket);
  if (!call) return;
  const all = calls();
  const next = all[all.indexOf(call) + 1] ?? all[all.indexOf(call) - 1];
  call.hidden = true;
  choose(next);
}

function back({ detail: act }) {
  const call = of(act.ticket);
  if (!call) return;
  call.hidden = false;
  choose(call);
}

function done({ detail: act }) {
  of(act.ticket)?.remove();
  if (!here.querySelector("li.call")) return location.reload();
  // Whoever was not reached stands below now.
  window.htmx?.ajax("GET", location.href, {
    target: "#calls-later",
    select: "#calls-later",
    swap: "outerHTML",
  });
}

if (here) {
  startDrafts();
  startActs();
  startAnswers();
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("[data-outcome]");
      if (button) word(button);
      const call = event.target.closest("li.call");
      if (call && call !== current()) choose(call, { focus: false });
    },
    true,
  );
  document.addEventListener("focusin", (event) => {
    const call = event.target.closest("li.call");
    if (call && call !== current()) choose(call, { focus: false });
  });
  document.addEventListener("desk:held", held);
  document.addEventListener("desk:undone", back);
  document.addEventListener("desk:refused", back);
  document.addEventListener("desk:done", done);
  on("j", () => step(1), here.dataset.keyNext);
  on("k", () => step(-1), here.dataset.keyBefore);
  on("n", () => current()?.querySelector(".call-note").focus() ?? Boolean(current()), here.dataset.keyNote);
  on("v", () => {
    const button = current()?.querySelector(".phone-line button");
    button?.click();
    return Boolean(button);
  }, here.dataset.keyNumber);
  const labels = here.querySelectorAll("li.call:first-child [data-outcome]");
  for (let key = 1; key <= OUTCOMES; key += 1) {
    on(String(key), () => press(key), labels[key - 1]?.dataset.label ?? "");
  }
  // The number comes while somebody may be writing already: it takes the focus from nobody.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.matches(".phone-line")) {
      detail.serverResponse = detail.serverResponse.replaceAll(" autofocus", "");
    }
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (document.activeElement === document.body) current()?.focus({ preventScroll: true });
  });
  // Escape leaves the note, so that the keys work again.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches(".call-note")) choose(event.target.closest("li.call"));
  });
  choose(calls()[0], { focus: false });
}
