// Ctrl-K: one field for tickets, owners, places and what can be done on this page. The focus stays
// in the field; the arrows choose. What one visited is remembered on this device by its id alone.
import { on } from "./keys.js";
import { listbox } from "./listbox.js";

const WAIT = 120; // milliseconds after a key until the server is asked
const RECENT = 8;

const dialog = document.getElementById("palette");
const field = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const box = dialog && listbox(field, list);
let asking = null;
let timer = 0;
let opener = null;
let here = [];

// --- where one was ---

const storage = () => `recent:${dialog.dataset.me}`;

function recent() {
  try {
    return (localStorage.getItem(storage()) ?? "").split(",").filter(Boolean);
  } catch {
    return [];
  }
}

function remember(key) {
  if (!key) return;
  try {
    const kept = [key, ...recent().filter((each) => each !== key)].slice(0, RECENT);
    localStorage.setItem(storage(), kept.join(","));
  } catch {
    // Without storage nothing is remembered.
  }
}

// --- what can be done on the page ---

const isShown = (element) => element.getClientRects().length > 0;

function actions() {
  return [...document.querySelectorAll("[data-key][data-key-says]")].filter(
    (each) => isShown(each) && !each.closest("dialog"),
  );
}

function drawHere(text) {
  const wanted = text.trim().toLowerCase();
  const fitting = here.filter((each) => each.dataset.keySays.toLowerCase().includes(wanted));
  if (!fitting.length) return null;
  const group = document.createElement("div");
  group.className = "palette-group";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", dialog.dataset.here);
  const heading = document.createElement("p");
  heading.className = "palette-heading";
  heading.setAttribute("role", "presentation");
  heading.textContent = dialog.dataset.here;
  group.append(heading, ...fitting.slice(0, 6).map(drawAction));
  return group;
}

function drawAction(element, index) {
  const option = document.createElement("div");
  option.className = "palette-option";
  option.id = `palette-here-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.act = here.indexOf(element);
  const label = document.createElement("span");
  label.className = "palette-label";
  label.textContent = element.dataset.keySays;
  const key = document.createElement("kbd");
  key.textContent = element.dataset.key.toUpperCase();
  option.append(label, key);
  return option;
}

// --- asking ---

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const text = field.value;
  const query = new URLSearchParams(text.trim() ? { q: text } : { recent: recent().join(",") });
  try {
    const answer = await fetch(`${dialog.dataset.palette}?${query}`, {
      signal: asking.signal,
      redirect: "manual",
      headers: { "HX-Request": "true" },
    });
    if (answer.type === "opaqueredirect") return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text(), text);
  } catch (error) {
    if (error.name !== "AbortError") say(dialog.dataset.lost);
  }
}

function show(html, text) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  const count = parsed.querySelector("[data-palette-count]");
  const mine = drawHere(text);
  count.remove();
  if (mine) parsed.querySelector(".palette-nothing")?.remove();
  const [places, others] = [[], []];
  for (const node of [...parsed.children]) (node.querySelector("#palette-places") ? places : others).push(node);
  list.replaceChildren(...others, ...(mine ? [mine] : []), ...places);
  box.choose(box.options()[0]);
  say(count.textContent);
}

function say(text) {
  dialog.querySelector("[data-palette-says]").textContent = text;
}

// --- choosing ---

function go(option, elsewhere) {
  if (!option) return;
  remember(option.dataset.recent);
  if (option.dataset.href && elsewhere) return window.open(option.dataset.href, "_blank", "noopener");
  opener = null; // the focus goes where one goes
  dialog.close();
  if (option.dataset.href) location.assign(option.dataset.href);
  else act(here[option.dataset.act]);
}

function act(element) {
  element.focus();
  if (!element.matches("input, textarea, select")) element.click();
}

// --- opening ---

function open() {
  if (dialog.open) return dialog.close();
  if (document.querySelector("dialog[open]")) return false;
  opener = document.activeElement;
  here = actions();
  field.value = "";
  list.replaceChildren();
  dialog.showModal();
  field.focus();
  return ask();
}

function hear(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") dialog.close();
  else if (event.key === "Enter") go(box.chosen(), event.ctrlKey || event.metaKey);
  else if (!box.hear(event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function soon(event) {
  if (event.isComposing) return; // a Chinese word is not typed until it is chosen
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

if (dialog) {
  on("mod+k", open, dialog.dataset.says);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-opens]")) open();
    else if (event.target === dialog) dialog.close(); // beside it
  });
  field.addEventListener("keydown", hear);
  field.addEventListener("input", soon);
  field.addEventListener("compositionend", soon);
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
  dialog.addEventListener("close", () => opener?.focus?.());
  remember(location.pathname.match(/\/tickets\/([0-9a-f-]{36})\/$/)?.[1].replace(/^/, "t:"));
  remember(location.pathname.match(/\/owners\/([0-9a-f-]{36})\/$/)?.[1].replace(/^/, "o:"));
}
