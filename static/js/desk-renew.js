// A ticket on the page becomes what it is now, part by part (`data-renews`), and nobody who works in
// it is interrupted: a form with the focus or with something in it stays, with its words, its choice
// and its cursor, and where it was on the screen.
import { restoreDrafts } from "./desk-draft.js";
import { isFilled } from "./desk-held.js";

const REACHED = "a, button, summary, select, textarea, input";

const formIn = (fold) => (fold.matches?.("details.fold") ? fold.querySelector("form") : null);
const nameOf = (fold) => formIn(fold)?.getAttribute("action");
const folds = (root) => [...root.querySelectorAll("details.fold")].filter(formIn);

// While a dialog is open (prepared answers), whatever is open behind it is being worked in.
function isInUse(fold) {
  const form = formIn(fold);
  const isAside = fold.open && document.querySelector("dialog[open]");
  return Boolean(isAside) || form.contains(document.activeElement) || isFilled(form);
}

export const isWorkedIn = (root) => folds(root).some(isInUse);

// The parts that stay are not moved, for what is moved loses its focus: the others come around them.
function around(old, now, stays) {
  const byName = new Map(stays.map((fold) => [nameOf(fold), fold]));
  for (const child of [...old.childNodes]) if (!stays.includes(child)) child.remove();
  let before = stays[0] ?? null;
  for (const child of [...now.childNodes]) {
    const fold = byName.get(nameOf(child));
    if (fold) before = fold.nextSibling;
    else old.insertBefore(child, before);
    byName.delete(nameOf(child));
  }
  for (const fold of byName.values()) sayItMoved(fold);
}

// What is no longer offered cannot be sent any more; what is in it can still be read and copied.
function sayItMoved(fold) {
  if (fold.querySelector("[data-moved]")) return;
  const note = document.createElement("p");
  note.className = "notice notice-soon";
  note.dataset.moved = "";
  note.textContent = document.getElementById("desk-words").dataset.moved;
  formIn(fold).before(note);
}

function renewActions(old, now, isSeen) {
  const open = folds(old).filter((fold) => fold.open).map(nameOf);
  for (const fold of folds(now)) fold.open = open.includes(nameOf(fold));
  const stays = folds(old).filter(isInUse);
  const seen = now.querySelector("[name=seen]")?.value;
  if (isSeen && seen) {
    for (const fold of stays) for (const field of fold.querySelectorAll("[name=seen]")) field.value = seen;
  }
  around(old, now, stays);
}

function renewPart(old, now) {
  const [were, are] = [old, now].map((part) => [...part.querySelectorAll("details")]);
  if (were.length === are.length) were.forEach((each, index) => (are[index].open = each.open));
  old.replaceChildren(...now.childNodes);
}

// The focus stays on what it was on, or on its neighbourhood: never nowhere.
function focusIn(part) {
  const focus = document.activeElement;
  if (!part.contains(focus)) return () => {};
  const index = [...part.querySelectorAll(REACHED)].indexOf(focus);
  const { key } = focus.dataset;
  return () => {
    if (part.contains(document.activeElement)) return;
    const same = key ? part.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
    const there = same ?? (key ? null : part.querySelectorAll(REACHED)[index]);
    if (!there) part.tabIndex = -1;
    (there ?? part).focus({ preventScroll: true });
  };
}

function standStill(root) {
  const anchor = folds(root).find(isInUse) ?? root.querySelector("#actions h2");
  const top = () => anchor?.getBoundingClientRect().top ?? 0;
  const before = top();
  return () => {
    const scrolls = anchor?.closest("[data-pane]") ?? window;
    if (anchor?.isConnected) scrolls.scrollBy({ top: top() - before, behavior: "instant" });
  };
}

// `isSeen`: whoever asked for it looks at it now; what they have begun is about the ticket as it is.
export function renew(root, html, { isSeen = false, isHeld = () => false } = {}) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const settle = standStill(root);
  for (const old of root.querySelectorAll("[data-renews]")) {
    const now = fresh.querySelector(`[data-renews="${old.dataset.renews}"]`);
    if (!now) continue;
    const refocus = focusIn(old);
    document.adoptNode(now);
    if (old.id === "actions") renewActions(old, now, isSeen);
    else renewPart(old, now);
    refocus();
    window.htmx?.process(old);
  }
  restoreDrafts(root, isHeld);
  settle();
}
