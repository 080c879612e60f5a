// A ticket's own page. What was done shows when it has been done, wherever nobody is at work.
import { held } from "./desk-act.js";
import { isFilled, formOf, mark, putAway, takeUp, unmark } from "./desk-held.js";
import { isWorkedIn, renew } from "./desk-renew.js";

const AGAIN = 15_000; // milliseconds

let ticket = "";
let fetching = null;
let again = 0;
const refused = new Map(); // acts that may be tried again, by their name

const isHeld = (act) => held(ticket).some((each) => each.act === act);

// What still waits is shown as waiting, on a fresh page too; what has been done is not.
function markAll() {
  const waiting = held(ticket);
  for (const form of document.querySelectorAll("form[data-held]")) {
    if (!waiting.some((act) => act.id === form.dataset.held)) unmark(document, form.dataset);
  }
  for (const act of waiting) mark(document, act);
}

async function look({ isSeen = false } = {}) {
  clearTimeout(again);
  fetching?.abort();
  fetching = new AbortController();
  try {
    const answer = await fetch(location.pathname, {
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: fetching.signal,
    });
    // Only the whole page can say why not; somebody's words come first.
    if (!answer.ok) return isWorkedIn(document) || location.reload();
    renew(document, await answer.text(), { isSeen, isHeld });
    markAll();
  } catch (error) {
    if (error.name !== "AbortError") again = setTimeout(look, AGAIN);
  }
}

function back(act) {
  unmark(document, act);
  markAll();
}

// Beside a form that somebody works in, what was refused waits behind its message.
function offer(act) {
  const fold = formOf(document, act.act)?.closest("details.fold");
  if (fold?.open || !isWorkedIn(document)) takeUp(document, act, { focus: false });
}

function hear(name, handler) {
  document.addEventListener(`desk:${name}`, ({ detail: act }) => act.ticket === ticket && handler(act));
}

export function startPage() {
  if (!document.querySelector("[data-ticket-whole]")) return;
  ticket = document.getElementById("actions").dataset.ticket;
  hear("held", (act) => {
    putAway(document, act);
    mark(document, act);
  });
  hear("recalled", (act) => {
    putAway(document, act, { focus: false }); // what is on its way is no draft
    mark(document, act);
  });
  hear("undone", (act) => {
    back(act);
    takeUp(document, act);
  });
  hear("refused", async (act) => {
    back(act);
    refused.set(act.act, act);
    await look({ isSeen: true });
    offer(act);
  });
  hear("done", () => look());
  document.addEventListener("desk:look", (event) => {
    event.preventDefault(); // nothing has to be loaded anew
    look({ isSeen: true });
  });
  // The ticket is here already: its form opens where one is.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-act-look]");
    const form = link?.dataset.actLook === ticket && formOf(document, link.dataset.actName);
    if (!form) return;
    event.preventDefault();
    link.closest(".message").remove();
    const act = refused.get(link.dataset.actName) ?? { act: link.dataset.actName, fields: [] };
    takeUp(document, isFilled(form) ? { ...act, fields: [] } : act);
  });
}
