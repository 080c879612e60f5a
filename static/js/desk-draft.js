// What somebody writes on a ticket is kept on this device, by member, ticket and form, until it has
// been sent or a week has gone by: a closed tab, a lost connection or a sign-in takes nothing away.
const WEEK = 7 * 86_400_000;

const me = () => document.getElementById("desk-words")?.dataset.me ?? "";
const nameOf = (ticket, act) => `draft:${me()}:${ticket}:${act}`;

function read(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    return draft && Date.now() - draft.at < WEEK ? draft.said : null;
  } catch {
    return null; // no storage here, or something else in it
  }
}

function write(name, said) {
  try {
    if (Object.values(said).some((text) => text.trim())) {
      localStorage.setItem(name, JSON.stringify({ at: Date.now(), said }));
    } else localStorage.removeItem(name);
  } catch {
    // Private windows and full storages keep no drafts.
  }
}

function dropDraft(ticket, act) {
  try {
    localStorage.removeItem(nameOf(ticket, act));
  } catch {
    // Nothing was kept.
  }
}

// Of whoever signs out, leaving.js drops them all.
function forgetOld() {
  try {
    for (const name of Object.keys(localStorage)) {
      const isMine = name.startsWith(`draft:${me()}:`);
      if (isMine && read(name) === null) localStorage.removeItem(name);
    }
  } catch {
    // Nothing was kept.
  }
}

const ticketOf = (form) => form.closest("[data-ticket]")?.dataset.ticket;
const texts = (form) => [...form.querySelectorAll("textarea")];

function keep(form) {
  const said = Object.fromEntries(texts(form).map((text) => [text.name, text.value]));
  write(nameOf(ticketOf(form), form.dataset.act), said);
}

// A word that it is a draft, and a way to be rid of it.
function mark(form) {
  const note = document.getElementById("kept-message").content.cloneNode(true).firstElementChild;
  note.querySelector("span").textContent = document.getElementById("desk-words").dataset.kept;
  note.querySelector("button").addEventListener("click", () => {
    for (const text of texts(form)) text.value = "";
    dropDraft(ticketOf(form), form.dataset.act);
    note.remove();
    texts(form)[0].focus();
  });
  texts(form)[0].closest(".field").before(note);
  form.closest("details")?.classList.add("has-draft");
}

// What was written has been sent; what has been written in its place since then has not.
export function settleDraft({ ticket, act, fields }) {
  dropDraft(ticket, act);
  const sent = new Map(fields);
  for (const form of document.querySelectorAll(`form[data-act="${CSS.escape(act)}"]`)) {
    const isNew = texts(form).some((text) => text.value.trim() && text.value !== sent.get(text.name));
    if (isNew && ticketOf(form) === ticket) keep(form);
  }
}

// What came back from the server with an error is newer than any draft; what is on its way is none.
export function restoreDrafts(root, isHeld = () => false) {
  for (const form of root.querySelectorAll("form[data-act]")) {
    if (isHeld(form.dataset.act)) continue;
    const said = texts(form).length ? read(nameOf(ticketOf(form), form.dataset.act)) : null;
    if (!said || texts(form).some((text) => text.value.trim())) continue;
    for (const text of texts(form)) text.value = said[text.name] ?? "";
    mark(form);
  }
}

export function startDrafts() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-act]");
    if (form && event.target.matches("textarea")) keep(form);
  });
  forgetOld();
  restoreDrafts(document);
}
