// How an act that is held back looks where it was done: its button cannot be pressed again, its form
// is put away empty, and the status says what it is about to become. Taken back, or refused by the
// server, what was written or chosen stands in its form again.
const words = () => document.getElementById("desk-words").dataset;
const FILLED_IN = "textarea, select, input:not([type=hidden])";

export const formOf = (root, act) => root.querySelector(`form[data-act="${CSS.escape(act)}"]`);

// An act of one button alone: pressed twice, it is the same one.
export const isOneButton = (form) => !form.querySelector(FILLED_IN);

function isChanged(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) {
    const usual = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(usual, 0);
  }
  return field.value.trim() !== "";
}

export const isFilled = (form) => [...form.querySelectorAll(FILLED_IN)].some(isChanged);

// --- marks ---

export function markChip(chip, act) {
  if (!chip || !act.becomes) return;
  chip.dataset.was ??= chip.textContent;
  chip.textContent = `${act.becomes}…`;
  chip.classList.add("is-held");
}

export function unmarkChip(chip) {
  if (!chip?.classList.contains("is-held")) return;
  chip.textContent = chip.dataset.was;
  delete chip.dataset.was;
  chip.classList.remove("is-held");
}

const buttonOf = (form) => form.closest("details.fold")?.querySelector("summary") ?? form.querySelector("button");

export function mark(root, act) {
  markChip(root.querySelector(".ticket-head [data-status]"), act);
  const form = formOf(root, act.act);
  if (!form || form.dataset.held) return;
  form.dataset.held = act.id;
  const button = buttonOf(form);
  button.classList.add("is-held");
  if (isOneButton(form)) button.setAttribute("aria-disabled", "true");
  const note = document.createElement("span");
  note.className = "held-mark";
  note.textContent = words().holding;
  button.append(note);
}

export function unmark(root, act) {
  unmarkChip(root.querySelector(".ticket-head [data-status]"));
  const form = formOf(root, act.act);
  if (!form) return;
  delete form.dataset.held;
  const button = buttonOf(form);
  button.classList.remove("is-held");
  button.removeAttribute("aria-disabled");
  button.querySelector(".held-mark")?.remove();
}

// --- forms ---

export function putAway(root, act, { focus = true } = {}) {
  const form = formOf(root, act.act);
  const fold = form?.closest("details.fold");
  if (!fold) return;
  form.reset();
  for (const text of form.querySelectorAll("textarea")) text.value = "";
  form.querySelector("[data-draft-kept]")?.remove();
  fold.classList.remove("has-draft");
  if (!focus) return;
  fold.open = false;
  fold.querySelector("summary").focus({ preventScroll: true });
}

export function refill(form, act) {
  for (const [name, value] of act.fields) {
    const field = form.elements[name];
    if (!field || field.type === "hidden") continue;
    // What has been written there meanwhile stays too.
    if (field.type !== "textarea") field.value = value;
    else if (!field.value.trim()) field.value = value;
    else if (field.value.trim() !== value.trim()) field.value = `${value}\n${field.value}`;
    else continue;
    field.dispatchEvent?.(new Event("input", { bubbles: true })); // it is a draft again
  }
}

export function takeUp(root, act, { focus = true } = {}) {
  const form = formOf(root, act.act);
  if (!form) return;
  const fold = form.closest("details.fold");
  if (fold) {
    refill(form, act);
    fold.open = true;
  }
  if (!focus) return;
  const first = form.querySelector("[data-first]") ?? form.querySelector(FILLED_IN);
  (first ?? form.querySelector("button")).focus();
}

// Escape puts a form away as it is and gives the focus back to what had opened it.
export function startFolds() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    const fold = event.target.closest?.("#actions details.fold[open]");
    if (!fold) return;
    event.preventDefault();
    fold.open = false;
    fold.querySelector("summary").focus();
  });
}
