// <form data-draft="name">: what is typed is kept on this device until it has been sent.
// <… data-draft-done="name"> on the receipt: it has been sent.
const LONGEST = 7 * 86_400_000;
const KEPT = ["kind", "category", "part", "emergency", "place", "text"];

const keyOf = (name) => `draft:${name}`;

function read(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(name)));
    return draft && Date.now() - draft.at < LONGEST ? draft.said : null;
  } catch (error) {
    return null; // no storage here, or somebody else's words in it
  }
}

export function write(name, said) {
  try {
    if (said) localStorage.setItem(keyOf(name), JSON.stringify({ at: Date.now(), said }));
    else localStorage.removeItem(keyOf(name));
  } catch (error) {
    // Private windows and full storages keep no drafts.
  }
}

function say(form) {
  const data = new FormData(form);
  const said = {};
  for (const field of KEPT) said[field] = data.get(field) || "";
  return said;
}

function restore(form, said) {
  for (const field of KEPT) {
    for (const input of form.querySelectorAll(`[name="${field}"]`)) {
      if (input.type === "radio") input.checked = input.checked || input.value === said[field];
      else if (input.type === "checkbox") input.checked = said[field] !== "";
      else if (said[field] && (input.type !== "select-one" || hasOption(input, said[field]))) {
        input.value = said[field];
      }
    }
  }
}

const hasOption = (select, value) => Array.from(select.options).some((each) => each.value === value);

// Who comes back to a page that was sent sends the same again: the name of the act of submitting
// stays with the place in the history, whether or not the browser kept the page.
function keepSubmission(field) {
  const known = history.state && history.state.submission;
  if (known) field.value = known;
  else history.replaceState({ ...history.state, submission: field.value }, "");
}

// Says so when something was found again, and lets one begin anew.
function notice(form, album, found) {
  const note = form.querySelector("[data-draft-note]");
  note.hidden = !found;
  note.querySelector("button").addEventListener("click", () => {
    write(form.dataset.draft, null);
    if (album) album.clear();
    form.elements.text.value = "";
    for (const box of form.querySelectorAll("[name=category], [name=emergency]")) box.checked = false;
    note.hidden = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.elements.text.focus();
  });
}

export async function startDrafts(album) {
  const sent = document.querySelector("[data-draft-done]");
  if (sent) write(sent.dataset.draftDone, null);
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  keepSubmission(form.elements.submission);
  const name = form.dataset.draft;
  const said = read(name);
  // What came back from the server with an error is newer than any draft.
  const isNewer = form.querySelector("[data-problems]");
  const words = Boolean(said && said.text && !isNewer);
  if (words) restore(form, said);
  form.addEventListener("input", () => write(name, say(form)));
  const photos = album ? await album.restore() : 0;
  notice(form, album, words || photos > 0);
  form.dispatchEvent(new CustomEvent("draft:ready"));
}
