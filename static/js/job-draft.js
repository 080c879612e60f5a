// What is being typed stays when the page is loaded anew, as long as this tab lives; on a shared
// telephone nobody else finds it.
const FIELDS = "textarea, input:not([type=hidden], [type=file], [type=radio]), select";
const nameOf = (form) => `job-draft:${new URL(form.action).pathname}`;

function fields(form) {
  return [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
}

function keep(form) {
  const said = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  try {
    sessionStorage.setItem(nameOf(form), JSON.stringify(said));
  } catch {
    // A full storage keeps no drafts.
  }
}

export function forget(form) {
  sessionStorage.removeItem(nameOf(form));
}

function restore(form) {
  let said = null;
  try {
    said = JSON.parse(sessionStorage.getItem(nameOf(form)));
  } catch {
    return;
  }
  if (!said || form.querySelector("[aria-invalid=true]")) return;
  for (const field of fields(form)) if (field.name in said) field.value = said[field.name];
  form.closest("details")?.setAttribute("open", "");
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-outbox]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-outbox]");
    if (form && event.target.matches(FIELDS)) keep(form);
  });
}
