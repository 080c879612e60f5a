// The queue with the chosen ticket beside it (on a wide screen). The address always says which one
// it is, and every link opens the same as a page where this file is not.
import { held, settle } from "./desk-act.js";
import { restoreDrafts } from "./desk-draft.js";
import { formOf, markChip, putAway, refill, unmarkChip } from "./desk-held.js";
import { renew } from "./desk-renew.js";
import { isTyping, on } from "./keys.js";

const wide = window.matchMedia("(min-width: 75rem)");
const PAUSE = 140; // milliseconds without J or K before the ticket is fetched
const ACTS = { t: "accept", a: "assign", e: "resolve", c: "call", r: "comment", n: "note", p: "pause" };

let desk, pane, words;
let chosen = "";
let soon = 0;
let fetching = null;
let beginning = ""; // an act whose form is on its way: what is typed meanwhile is no key

const rows = () => [...document.querySelectorAll("#queue .queue-row[data-ticket]")];
const rowOf = (ticket) => document.querySelector(`#queue [data-ticket="${CSS.escape(ticket)}"]`);
const linkOf = (row) => row.querySelector(".queue-title");
const inPane = () => pane.querySelector("[data-pane-ticket]")?.dataset.paneTicket ?? "";
const pageOf = (ticket) => desk.dataset.desk.replace(/queue\/$/, `tickets/${ticket}/`);

// --- choosing ---

export function choose(ticket, { focus = true } = {}) {
  chosen = ticket;
  for (const row of rows()) {
    const isIt = row.dataset.ticket === ticket;
    row.classList.toggle("is-chosen", isIt);
    if (isIt) linkOf(row).setAttribute("aria-current", "true");
    else linkOf(row).removeAttribute("aria-current");
  }
  const row = rowOf(ticket);
  if (!row || !focus) return;
  linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  if (!all.length || beginning) return Boolean(beginning);
  const now = all.findIndex((row) => row.dataset.ticket === chosen);
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step;
  if (!all[next]) return true;
  choose(all[next].dataset.ticket);
  if (!inPane() || !wide.matches) return true;
  clearTimeout(soon);
  soon = setTimeout(() => load(chosen), PAUSE);
  return true;
}

// After an act: on to the next that still waits, and never to nowhere.
function advance(from) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.ticket === from);
  const free = (row) => !row.matches(".is-held, .is-done");
  const next = all.slice(at + 1).find(free) ?? all.slice(0, Math.max(at, 0)).reverse().find(free);
  if (!next) return leave(document.querySelector("[data-desk-heading]"));
  choose(next.dataset.ticket);
  return load(next.dataset.ticket);
}

// --- the pane ---

function address(ticket, how) {
  const url = new URL(location.href);
  if (ticket) url.searchParams.set("ticket", ticket);
  else url.searchParams.delete("ticket");
  if (how === "push" && url.href !== location.href) history.pushState({ desk: true }, "", url);
  else if (how !== "none") history.replaceState(history.state, "", url);
}

function begin(act) {
  const form = pane.querySelector(`form[data-act="${act}"]`);
  const fold = form?.closest("details");
  if (fold) {
    fold.open = true;
    const inside = form.querySelector("[data-first]") ?? form.querySelector("textarea, select, input:not([type=hidden])");
    inside.focus();
    fold.scrollIntoView({ block: "nearest" });
  } else if (form) form.requestSubmit();
  else pane.querySelector("[data-pane-heading]")?.focus();
}

async function fetchPane(ticket) {
  fetching?.abort();
  fetching = new AbortController();
  const answer = await fetch(pageOf(ticket), {
    headers: { "HX-Request": "true" },
    redirect: "manual",
    signal: fetching.signal,
  });
  return answer.ok ? answer.text() : null;
}

// What is about to go takes no more words.
function wait(ticket) {
  pane.setAttribute("aria-busy", "true");
  pane.inert = inPane() !== ticket;
}

function rest() {
  pane.removeAttribute("aria-busy");
  pane.inert = false;
}

function fill(html) {
  pane.innerHTML = html;
  pane.scrollTop = 0;
  rest();
  desk.classList.add("has-ticket");
  window.htmx?.process(pane);
  restoreDrafts(pane);
  document.dispatchEvent(new CustomEvent("desk:shown", { detail: { ticket: inPane() } }));
}

export async function load(ticket, { act = "", how = "replace", into = false } = {}) {
  clearTimeout(soon);
  if (!wide.matches) return location.assign(pageOf(ticket) + (act && `?act=${act}`));
  choose(ticket, { focus: false });
  wait(ticket);
  beginning = act;
  try {
    await settle(ticket);
    const html = await fetchPane(ticket);
    if (chosen !== ticket) return null;
    if (html === null) return location.assign(pageOf(ticket)); // there it says why
    fill(html);
  } catch (error) {
    if (error.name === "AbortError") return null; // another one is on its way
    beginning = "";
    return location.assign(pageOf(ticket));
  }
  address(ticket, how);
  beginning = "";
  if (act) begin(act);
  else if (into) pane.querySelector("[data-pane-heading]").focus();
  return ticket;
}

function leave(to = null) {
  fetching?.abort();
  rest();
  pane.replaceChildren(document.getElementById("pane-empty").content.cloneNode(true));
  desk.classList.remove("has-ticket");
  address("", "replace");
  const row = chosen && rowOf(chosen);
  (to ?? (row ? linkOf(row) : document.querySelector("[data-desk-heading]"))).focus();
}

// --- what has become of a row ---

const chipOf = (row) => row?.querySelector(".queue-status .chip");

// The row of a ticket as it is now, out of this list or, when it has left it, out of all tickets.
async function freshRow(ticket, number, asked) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  for (const name of ["ticket", "page"]) url.searchParams.delete(name);
  url.searchParams.set("search", number);
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(`.queue-row[data-ticket="${CSS.escape(ticket)}"]`);
}

async function refresh(ticket) {
  const number = rowOf(ticket)?.querySelector(".queue-number").textContent.trim();
  if (!number) return;
  let fresh = await freshRow(ticket, number, {});
  if (!fresh) {
    const everywhere = [...new URL(location.href).searchParams.keys()].map((name) => [name, ""]);
    fresh = await freshRow(ticket, number, { ...Object.fromEntries(everywhere), tab: "any" });
    fresh?.classList.add("is-done");
  }
  const old = rowOf(ticket);
  if (!old || held(ticket).length) return;
  if (!fresh) {
    old.classList.replace("is-held", "is-done");
    return;
  }
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(document.adoptNode(fresh));
  choose(chosen, { focus: hadFocus });
}

async function look(ticket, isSeen = false) {
  if (inPane() !== ticket || pane.inert) return;
  const answer = await fetch(pageOf(ticket), { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok || inPane() !== ticket || pane.inert) return;
  renew(pane, await answer.text(), { isSeen });
}

function release(ticket) {
  rowOf(ticket)?.classList.remove("is-held");
  unmarkChip(chipOf(rowOf(ticket)));
}

function hearActs() {
  document.addEventListener("desk:held", ({ detail }) => {
    const row = rowOf(detail.ticket);
    row?.classList.add("is-held");
    markChip(chipOf(row), detail);
    advance(detail.ticket);
  });
  document.addEventListener("desk:recalled", ({ detail }) => {
    if (inPane() === detail.ticket) putAway(pane, detail, { focus: false }); // on its way: no draft
  });
  document.addEventListener("desk:done", ({ detail }) => {
    refresh(detail.ticket);
    look(detail.ticket);
  });
  document.addEventListener("desk:undone", async ({ detail }) => {
    release(detail.ticket);
    choose(detail.ticket);
    const again = ["accept", "resume", "close"].includes(detail.act) ? "" : detail.act;
    await load(detail.ticket, { act: again });
    const form = again && inPane() === detail.ticket && formOf(pane, again);
    if (form) refill(form, detail);
  });
  document.addEventListener("desk:refused", ({ detail }) => {
    release(detail.ticket);
    refresh(detail.ticket);
    look(detail.ticket);
  });
  document.addEventListener("desk:look", (event) => {
    event.preventDefault(); // nothing has to be loaded anew
    look(inPane(), true);
  });
}

function hearKeys() {
  on("j", () => move(1), words.keyNext);
  on("k", () => move(-1), words.keyBefore);
  on("Enter", (event) => (isTyping(event.target) || !chosen || event.target.closest("a, button, summary") ? false : load(chosen, { how: "push", into: true })), words.keyOpen);
  for (const [key, act] of Object.entries(ACTS)) {
    on(key, () => {
      if (beginning) return true;
      if (!chosen && rows().length) choose(rows()[0].dataset.ticket);
      const isThere = inPane() === chosen && !pane.hasAttribute("aria-busy");
      if (!chosen || isThere) return false; // the pane's own buttons answer
      load(chosen, { act, how: "push" });
      return true;
    });
  }
}

// --- many at once ---

const ticks = () => [...document.querySelectorAll("#queue .queue-tick input")];
let lastTick = null;

function count() {
  const place = document.querySelector("[data-chosen-count]");
  if (place) place.textContent = place.dataset.words.replace("{n}", ticks().filter((each) => each.checked).length);
}

function hearTicks() {
  on("x", () => {
    const tick = rowOf(chosen)?.querySelector(".queue-tick input");
    if (!tick) return false;
    tick.click();
    return true;
  }, words.keySelect);
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.("#queue .queue-tick input")) return;
    const all = ticks();
    const [from, to] = [all.indexOf(lastTick), all.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      for (const tick of all.slice(from, to + 1)) tick.checked = event.target.checked;
    }
    lastTick = event.target;
    count();
  });
  document.addEventListener("reset", (event) => event.target.id === "chosen" && setTimeout(count));
}

function hearPointer() {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const title = event.target.closest("#queue .queue-title");
    const look = event.target.closest("[data-act-look]");
    if (look && wide.matches) {
      event.preventDefault();
      look.closest(".message").remove();
      choose(look.dataset.actLook);
      load(look.dataset.actLook, { act: look.dataset.actName, how: "push" });
    } else if (title && wide.matches) {
      event.preventDefault();
      choose(title.closest("[data-ticket]").dataset.ticket);
      load(chosen, { how: "push", into: true });
    } else if (event.target.closest("[data-pane-close]") && wide.matches) {
      event.preventDefault();
      leave();
    }
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("#queue .queue-row[data-ticket]");
    if (row && row.dataset.ticket !== chosen) choose(row.dataset.ticket, { focus: false });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !pane.contains(document.activeElement)) return;
    leave();
  });
}

export function startQueue() {
  desk = document.querySelector("[data-desk]");
  if (!desk) return;
  pane = document.getElementById("pane");
  words = document.getElementById("desk-words").dataset;
  chosen = inPane();
  hearActs();
  hearKeys();
  hearPointer();
  hearTicks();
  if (chosen) choose(chosen, { focus: false });
  window.addEventListener("popstate", () => {
    const ticket = new URL(location.href).searchParams.get("ticket");
    if (ticket) load(ticket, { how: "none" });
    else if (inPane()) leave();
  });
  // Another filter, the same ticket beside it.
  document.addEventListener("htmx:pushedIntoHistory", () => inPane() && address(inPane(), "replace"));
  document.addEventListener("htmx:afterSwap", () => chosen && choose(chosen, { focus: false }));
}
