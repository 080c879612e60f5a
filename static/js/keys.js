// The keys of a page. Two ways to have one:
//   <a data-key="c" data-key-says="Log a call">       the key clicks it (fields get the focus)
//   on("j", handler, "Next ticket")                   a module's own; `false` lets others try
// Keys are as they are typed: "j", "?", "g q" (one after the other), "mod+k" (Ctrl, or ⌘).
// Nobody's typing is ever taken for a key: not in a field, not with Ctrl or Alt held, not while a
// Chinese word is being composed, not when the field has gone from under the hands. A key marked
// `data-key-within` is heard only while the focus is in its form. `?` shows what the page knows; there all of it can be switched off.
const SETTING = "keys";
const PATIENCE = 1_200; // milliseconds between the two of "g q"
const FULL_WIDTH = { "？": "?", "／": "/", "、": "/", "。": ".", "，": "," };
const FIELDS =
  "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])";

const registered = [];
let begun = "";
let forget = 0;
let typed = 0; // when somebody last typed who has not left the field by their own doing

export function on(key, handler, says = "") {
  const entry = { key, handler, says };
  registered.push(entry);
  return () => registered.splice(registered.indexOf(entry), 1);
}

export const isTyping = (target) => Boolean(target.closest?.(FIELDS));

export function areOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

function turn(wanted) {
  try {
    if (wanted) localStorage.removeItem(SETTING);
    else localStorage.setItem(SETTING, "off");
  } catch {
    // Without storage the keys stay as they are.
  }
}

function nameOf(event) {
  const key = FULL_WIDTH[event.key] ?? event.key;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (event.ctrlKey || event.metaKey) return `mod+${letter}`;
  return event.shiftKey && /^[a-z]$/.test(letter) ? `shift+${letter}` : letter;
}

// --- who is still typing ---

const LEAVING = new Set(["Escape", "Tab", "Enter"]);
const STILL = 1_000; // milliseconds

// The field may be gone, by a swap or with its page; the hands do not know yet.
function stillTypes(event) {
  const isHere = isTyping(event.target);
  const goesOn = !isHere && Date.now() - typed < STILL;
  if (isHere && LEAVING.has(event.key)) typed = 0;
  else if (isHere || goesOn) typed = Date.now();
  return goesOn;
}

function rememberTyping() {
  try {
    typed = Number(sessionStorage.getItem("typed")) || 0;
    sessionStorage.removeItem("typed");
    window.addEventListener("pagehide", () => {
      if (Date.now() - typed < STILL) sessionStorage.setItem("typed", typed);
    });
  } catch {
    // Then the next page does not know.
  }
  document.addEventListener("pointerdown", () => (typed = 0), true);
  // Words that come by no key: composed elsewhere, spoken, pasted.
  document.addEventListener("input", (event) => {
    if (event.isTrusted && isTyping(event.target)) typed = Date.now();
  });
}

const isMeant = ({ target, key }) => !isTyping(target) || (target.matches("select") && nameOf({ key }) === "?");

// --- what a key does ---

const isShown = (element) => element.getClientRects().length > 0;

// Only what lies in front can be reached.
const front = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;

const isReady = (element) =>
  !("keyWithin" in element.dataset) || element.closest("form").contains(document.activeElement);

const marked = (key) =>
  [...front().querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(
    (element) => isShown(element) && isReady(element),
  );

function use(element) {
  if (element.matches(FIELDS)) {
    element.focus();
    element.select?.();
  } else if (element.matches("summary")) unfold(element);
  else {
    element.focus();
    element.click();
  }
}

function unfold(summary) {
  summary.parentElement.open = true;
  const inside = (wanted) => summary.parentElement.querySelector(wanted);
  const field = inside("[data-first]") ?? inside("textarea, select, input:not([type=hidden])");
  (field ?? summary).focus();
  summary.parentElement.scrollIntoView({ block: "nearest" });
}

function act(key, event) {
  const theirs = front() === document ? registered.filter((each) => each.key === key) : [];
  if (theirs.reverse().some((each) => each.handler(event) !== false)) return true;
  const element = marked(key);
  if (element) use(element);
  return Boolean(element);
}

const begins = (key) =>
  front() === document &&
  (registered.some((each) => each.key.startsWith(`${key} `)) ||
    document.querySelector(`[data-key^="${CSS.escape(key)} "]`));

function hear(event) {
  const isLate = stillTypes(event);
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.altKey) return;
  const key = nameOf(event);
  const isCommand = key.startsWith("mod+");
  // A browser's own commands stay the browser's, except those a page asks for by name.
  if (key !== "mod+k" && (isLate || !isMeant(event) || !areOn())) return;
  const whole = begun ? `${begun} ${key}` : key;
  clearTimeout(forget);
  begun = "";
  if (act(whole, event) || (whole !== key && act(key, event))) event.preventDefault();
  else if (!isCommand && begins(key)) {
    begun = key;
    forget = setTimeout(() => (begun = ""), PATIENCE);
  }
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const written = { mod: isMac ? "⌘" : "Ctrl", shift: "⇧" };

function drawn(key) {
  return key.split(/[ +]/).flatMap((part, index) => {
    const cap = document.createElement("kbd");
    cap.textContent = written[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    return index ? [" ", cap] : [cap];
  });
}

// What the page knows, each key once; keys with the same words stand together.
function known() {
  const elements = [...document.querySelectorAll("[data-key]")].filter(isShown);
  const found = [
    ...registered,
    ...elements.map((each) => ({
      key: each.dataset.key,
      says: each.dataset.keySays ?? each.getAttribute("aria-label") ?? each.textContent.trim(),
    })),
  ];
  const bySays = new Map();
  const seen = new Set();
  for (const { key, says } of found) {
    if (!says || seen.has(key)) continue;
    seen.add(key);
    bySays.set(says, [...(bySays.get(says) ?? []), key]);
  }
  return bySays;
}

function overview(dialog) {
  const rows = [...known()].map(([says, keys]) => {
    const row = document.createElement("div");
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    keys.forEach((key, index) => term.append(...(index ? [" / "] : []), ...drawn(key)));
    words.textContent = says;
    row.append(term, words);
    return row;
  });
  dialog.querySelector("[data-keys-list]").replaceChildren(...rows);
}

export function startKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog) return; // not a page of those who work with keys
  rememberTyping();
  document.addEventListener("keydown", hear);
  const show = () => {
    overview(dialog);
    dialog.showModal();
  };
  const toggle = dialog.querySelector("[data-keys-on]");
  toggle.checked = areOn();
  toggle.addEventListener("change", () => turn(toggle.checked));
  document.addEventListener("click", (event) => event.target.closest("[data-keys]") && show());
  on("?", show, dialog.dataset.says);
}
