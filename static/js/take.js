// Taking a call with both hands on the keyboard: the arrows choose who is calling, what is typed is
// kept until it has arrived, Ctrl-Enter files it. Without this file the forms work as they are.
const HOURS_12 = 12 * 3_600_000;
const KEPT = ["name", "phone", "kind", "title", "description", "place", "urgency", "source"];

// --- who is calling ---

const rows = () => [...document.querySelectorAll("#found .row-link")];

function hear(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const field = document.getElementById("take-q");
  const index = rows().indexOf(document.activeElement);
  const isInside = event.target === field || index >= 0;
  if (!isInside) return;
  if (event.key === "ArrowDown") (rows()[index + 1] ?? rows().at(-1))?.focus();
  else if (event.key === "ArrowUp") (index > 0 ? rows()[index - 1] : field).focus();
  else if (event.key === "Enter" && event.target === field && rows().length) rows()[0].click();
  else return;
  event.preventDefault();
}

// --- what is typed ---

const storage = (form) => `take:${form.dataset.me}:${form.dataset.take}`;

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(storage(form)));
    return draft && Date.now() - draft.at < HOURS_12 ? draft : null;
  } catch {
    return null; // no storage here, or something else in it
  }
}

function forget(form) {
  try {
    localStorage.removeItem(storage(form));
  } catch {
    // Nothing was kept.
  }
}

function keep(form) {
  const data = new FormData(form);
  const said = Object.fromEntries(
    [...data].filter(([name]) => KEPT.includes(name) || name.startsWith("category")),
  );
  const draft = { at: Date.now(), submission: form.elements.submission.value, said };
  try {
    if (said.title.trim() || said.description.trim()) {
      localStorage.setItem(storage(form), JSON.stringify(draft));
    } else forget(form);
  } catch {
    // Private windows and full storages keep no drafts.
  }
}

function restore(form, { submission, said }) {
  form.elements.submission.value = submission; // sent once more it is the same ticket
  for (const [name, value] of Object.entries(said)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "select-one" && ![...field.options].some((each) => each.value === value)) continue;
    field.value = value;
  }
  form.querySelector("[data-take-kept]").hidden = false;
}

const arrived = () => document.cookie.match(/(?:^|; )filed=([0-9a-f-]+)/)?.[1];

function startForm(form) {
  const draft = read(form);
  if (draft && draft.submission === arrived()) forget(form);
  else if (draft && !("problems" in form.dataset)) restore(form, draft);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.querySelector("[data-take-forget]").addEventListener("click", () => {
    forget(form);
    location.reload();
  });
  const first = form.querySelector(".errorlist ~ * input, [aria-invalid=true]") ?? form.elements.name ?? form.elements.title;
  (first.length ? first[0] : first).focus();
}

const form = document.querySelector("form[data-take]");
if (form) startForm(form);
if (document.querySelector("[data-take-search]")) document.addEventListener("keydown", hear);
