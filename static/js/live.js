// What others do, while a page stays open. Nothing moves under the pointer: rows are marked where
// they are, new ones are counted in a quiet bar, and who else has the ticket open is named.
//   <div data-live="…" data-news="…" data-at="…">   complaints/live_bar.html
//   <p data-live-ticket="id" data-writing="…">      complaints/live_ticket.html
// A stream (Server-Sent Events) tells it; where none gets through the page asks every half minute.
const POLL = 30_000;
const SILENCE = 45_000; // a stream says something every 15 seconds, or it does not get through
const HIDDEN = 20_000; // browsers have few connections: a page that nobody sees gives its back
const WRITES_AGAIN = 8_000;
const ARRIVALS = new Set(["filed", "reopened", "assigned"]);
const REMEMBERED = 2_000;

const name = Math.random().toString(36).slice(2);
const state = { source: null, ticket: "", place: "", timers: {}, polls: false, wrote: 0 };
const seen = new Set(); // events that were told already
const arrived = new Set(); // tickets behind the bar
let bar = null;

const words = (pattern, values) =>
  pattern.replace(/%\((\w+)\)s/g, (_whole, key) => values[key] ?? "");

function after(key, wait, act) {
  clearTimeout(state.timers[key]);
  state.timers[key] = setTimeout(act, wait);
}

function stop() {
  state.source?.close();
  state.source = null;
  for (const timer of Object.values(state.timers)) clearTimeout(timer);
}

// --- where the news come from ---

function begin() {
  stop();
  if (state.polls || !window.EventSource) return poll();
  const asked = new URLSearchParams({ window: name });
  if (state.ticket) asked.set("ticket", state.ticket);
  if (state.place) asked.set("resume", state.place);
  else asked.set("after", bar.dataset.at);
  const source = new EventSource(`${bar.dataset.live}?${asked}`);
  state.source = source;
  const hear = (kind, act) =>
    source.addEventListener(kind, (event) => {
      state.place = event.lastEventId || state.place;
      after("silence", SILENCE, fallBack);
      say("");
      act(JSON.parse(event.data));
    });
  hear("beat", () => {});
  hear("changed", changed);
  hear("present", ({ others }) => present(others));
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && fallBack());
  after("silence", SILENCE, fallBack);
}

function fallBack() {
  stop();
  state.polls = true;
  present([]);
  poll();
}

async function poll() {
  after("poll", POLL * (0.9 + Math.random() / 5), poll);
  const asked = new URLSearchParams({ since: state.place || bar.dataset.at });
  try {
    const answer = await fetch(`${bar.dataset.news}?${asked}`, { redirect: "manual" });
    if (!answer.ok && answer.status < 500) return leave();
    if (!answer.ok) throw new Error(answer.status);
    const news = await answer.json();
    state.place = news.after;
    say("");
    changed(news);
  } catch {
    say(bar.dataset.lost);
  }
}

// Signed out, or no longer allowed: only the whole page can say so.
function leave() {
  stop();
  bar = null;
  const place = document.querySelector("[data-live-state]");
  place.replaceChildren(link(place.dataset.out));
  place.hidden = false;
}

function link(text) {
  const found = document.createElement("a");
  found.href = location.href;
  found.textContent = text;
  return found;
}

function say(text) {
  const place = document.querySelector("[data-live-state]");
  if (!place || place.textContent === text) return;
  place.textContent = text;
  place.hidden = !text;
}

// --- what they say ---

function changed({ many, changes }) {
  for (const change of changes) {
    if (seen.has(change.event)) continue;
    seen.add(change.event);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value);
    if (!change.mine) note(change);
  }
  draw(many);
}

function note({ ticket, kind, by }) {
  const row = document.querySelector(`li[data-ticket="${CSS.escape(ticket)}"]`);
  if (row && by) mark(row, by);
  else if (!row && ARRIVALS.has(kind)) arrived.add(ticket);
  const open = document.querySelector("[data-live-ticket]");
  if (by && open?.dataset.liveTicket === ticket) offer(open, by);
}

function mark(row, by) {
  row.classList.add("is-changed");
  let place = row.querySelector("[data-live-mark]");
  if (!place) {
    place = document.createElement("span");
    place.className = "chip chip-brand live-mark";
    place.dataset.liveMark = "";
    row.append(place);
  }
  place.textContent = words(bar.dataset.changed, { name: by });
}

function offer(open, by) {
  const button = open.querySelector("[data-live-reload]");
  button.querySelector("span").textContent = words(bar.dataset.changedHere, { name: by });
  button.hidden = false;
}

function draw(many) {
  const button = bar?.querySelector("[data-live-show]");
  if (!button || !document.getElementById("queue")) return;
  if (many) bar.dataset.many = "";
  const count = arrived.size;
  const text = "many" in bar.dataset ? bar.dataset.much : words(bar.dataset.new, { count });
  button.hidden = count === 0 && !("many" in bar.dataset);
  const place = button.querySelector("span");
  if (!button.hidden && place.textContent !== text) place.textContent = text;
}

function show() {
  const hadFocus = bar.contains(document.activeElement);
  forget();
  if (!window.htmx) return location.reload();
  window.htmx.ajax("GET", location.href, { target: "#queue", swap: "outerHTML" }).then(() => {
    if (hadFocus) document.querySelector("#queue .queue-title, #queue a")?.focus();
  });
}

// Where a page can show it without being loaded anew, it does: somebody may be writing.
function lookAgain(button) {
  button.hidden = true;
  const asked = new Event("desk:look", { cancelable: true });
  if (document.dispatchEvent(asked)) location.reload();
}

function forget() {
  arrived.clear();
  delete bar.dataset.many;
  draw(false);
}

function present(others) {
  const place = document.querySelector("[data-live-others]");
  if (!place) return;
  const named = (writes) =>
    others.filter((each) => each.writes === writes).map((each) => each.name).join(bar.dataset.and);
  const lines = [
    named(true) && words(bar.dataset.writes, { names: named(true) }),
    named(false) && words(bar.dataset.looks, { names: named(false) }),
  ];
  const text = lines.filter(Boolean).join(" ");
  const inside = place.querySelector("span");
  if (inside.textContent !== text) inside.textContent = text;
  place.classList.toggle("is-empty", !text);
}

// --- what this page says ---

function writing(event) {
  const open = document.querySelector("[data-live-ticket]");
  if (!open || !event.target.matches("textarea") || Date.now() - state.wrote < WRITES_AGAIN) return;
  state.wrote = Date.now();
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ window: name });
  fetch(open.dataset.writing, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body,
    redirect: "manual",
  }).catch(() => {});
}

// A ticket that was opened in the pane, or closed, changes what this page listens to.
function look() {
  if (!bar) return;
  const ticket = document.querySelector("[data-live-ticket]")?.dataset.liveTicket ?? "";
  if (ticket === state.ticket) return;
  state.ticket = ticket;
  if (!document.hidden) begin();
}

function start() {
  bar = document.querySelector("[data-live]");
  if (!bar) return;
  state.ticket = document.querySelector("[data-live-ticket]")?.dataset.liveTicket ?? "";
  begin();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-live-show]")) show();
    else if (event.target.closest("[data-live-reload]")) lookAgain(event.target.closest("button"));
  });
  document.addEventListener("input", writing);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "queue" && bar) forget();
    look();
  });
  document.addEventListener("visibilitychange", () => {
    if (!bar) return;
    if (document.hidden) after("hidden", HIDDEN, stop);
    else if (state.source) clearTimeout(state.timers.hidden);
    else begin();
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => event.persisted && bar && begin());
}

start();
