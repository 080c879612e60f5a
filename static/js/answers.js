// Prepared answers: a slash at the beginning of a line, or the button below, offers what is prepared
// for the ticket; what is chosen is written where the cursor stands, to be changed there.
import { listbox } from "./listbox.js";

const NOBODY = "00000000-0000-0000-0000-000000000000";
const OFFERED = ["call", "comment", "resolve"].map((act) => `form[data-act=${act}] textarea`).join();

const dialog = document.getElementById("answers");
const known = new Map(); // what is prepared for a ticket, as long as the page is open
let writing = null;
let cursor = [0, 0]; // in it: browsers forget while a dialog is open

const field = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");

async function fetched(ticket) {
  const answer = await fetch(dialog.dataset.answers.replace(NOBODY, ticket), {
    redirect: "manual",
    headers: { "HX-Request": "true" },
  });
  if (answer.type === "opaqueredirect") return location.reload();
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

async function open(box, textarea) {
  writing = textarea;
  cursor = [textarea.selectionStart, textarea.selectionEnd];
  field.value = "";
  list.replaceChildren();
  dialog.showModal();
  field.focus();
  const { ticket } = textarea.closest("[data-ticket]").dataset;
  try {
    if (!known.has(ticket)) known.set(ticket, await fetched(ticket));
    if (writing !== textarea) return; // closed meanwhile
    list.replaceChildren(...new DOMParser().parseFromString(known.get(ticket), "text/html").body.children);
    filter(box);
  } catch {
    say(dialog.dataset.lost);
  }
}

const say = (text) => (dialog.querySelector("[data-answers-says]").textContent = text);

function filter(box) {
  const wanted = field.value.trim().toLowerCase();
  const sound = wanted.replaceAll(" ", "");
  for (const option of list.querySelectorAll("[role=option]")) {
    const { sound: sounds, says } = option.dataset;
    option.hidden = !sounds.includes(sound) && !says.toLowerCase().includes(wanted);
  }
  for (const group of list.querySelectorAll("[role=group]")) {
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  const found = box.options();
  list.querySelector(".palette-nothing").hidden = found.length > 0;
  box.choose(found[0]);
  say(found.length ? "" : list.querySelector(".palette-nothing").textContent);
}

function write(text) {
  const textarea = writing;
  if (!textarea || text === undefined) return;
  writing = null;
  dialog.close();
  textarea.focus();
  textarea.setRangeText(text, ...cursor, "end");
  textarea.dispatchEvent(new Event("input", { bubbles: true })); // it is kept as a draft too
}

const beginsLine = ({ value, selectionStart }) => !value.slice(0, selectionStart).split("\n").at(-1).trim();

export function startAnswers() {
  if (!dialog) return; // not for whoever only looks
  const box = listbox(field, list);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches(OFFERED) || !beginsLine(event.target)) return;
    event.preventDefault();
    open(box, event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-prepared]");
    if (button) open(box, button.form.querySelector("textarea"));
    else if (event.target === dialog) dialog.close(); // beside it
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") write(box.chosen()?.dataset.says);
    else if (event.key === "/" && !field.value) write("/"); // a slash was meant
    else if (!box.hear(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("input", (event) => event.isComposing || filter(box));
  field.addEventListener("compositionend", () => filter(box));
  list.addEventListener("click", (event) => write(event.target.closest("[role=option]")?.dataset.says));
  dialog.addEventListener("close", () => {
    if (!writing) return;
    writing.focus();
    writing.setSelectionRange(...cursor);
    writing = null;
  });
}
