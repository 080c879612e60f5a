// A questionnaire by keyboard, for whoever fills in many: a digit marks and goes on to the next
// question, J and K move, Enter goes on. Without this file everything works by mouse and Tab.
import { on } from "./keys.js";
import { follow, questions } from "./survey-logic.js";

const TEN = 600; // milliseconds in which a 0 after a 1 makes 10
const form = document.querySelector("[data-question-keys]");
let last = { at: 0, field: null };

const open = () => questions(form).filter((each) => !each.hidden);
const current = () => form.querySelector(".question.is-current:not([hidden])");

// Within a matrix the lines are gone through one by one.
function lines(question) {
  const rows = Array.from(question.querySelectorAll(".matrix-row"));
  return rows.length ? rows : [question];
}

const emptyLine = (question) =>
  lines(question).find((each) => !each.querySelector("input:checked")) || null;

function choose(question, { scrolls = true } = {}) {
  const before = current();
  if (before) before.classList.remove("is-current");
  if (!question) return;
  question.classList.add("is-current");
  const field = question.querySelector("textarea, input[type=text], input[type=date], select");
  if (field && !question.querySelector("input[type=radio], input[type=checkbox]")) field.focus();
  else question.focus({ preventScroll: true });
  if (scrolls) question.scrollIntoView({ block: "center" });
}

function step(by) {
  const all = open();
  const at = all.indexOf(current()) + by;
  if (at < all.length) choose(all[Math.max(at, 0)]);
  else form.querySelector(".answer-send").focus();
  return true;
}

function mark(digit) {
  const question = current();
  if (!question) return false;
  const ten = digit === "0" && last.field && Date.now() - last.at < TEN;
  const kind = ten ? "score" : question.dataset.kind;
  if (ten) {
    const tenth = form.querySelector(`input[name="${last.field}"][value="10"]`);
    if (tenth) tenth.click();
    last = { at: 0, field: null };
    return true;
  }
  if (kind === "single" || kind === "multiple") {
    const boxes = question.querySelectorAll(".choice input");
    const box = boxes[Number(digit) - 1];
    if (!box) return false;
    box.click();
    if (kind === "single") step(1);
    return true;
  }
  const line = emptyLine(question) || lines(question)[0];
  const radio = line.querySelector(`input[type=radio][value="${digit}"]`);
  if (!radio) return false;
  radio.click();
  last = { at: kind === "score" && digit === "1" ? Date.now() : 0, field: kind === "score" ? radio.name : null };
  if (!emptyLine(question) || lines(question).length === 1) {
    // A 10 may still become of it: the next question waits for that long.
    if (last.at) setTimeout(() => current() === question && step(1), TEN);
    else step(1);
  }
  return true;
}

function end(button) {
  if (form.querySelector(".question input:checked:not([value=''])")) return false;
  button.click();
  return true;
}

if (form) {
  form.addEventListener("change", () => follow(form));
  form.addEventListener("focusin", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question || question === current()) return;
    const before = current();
    if (before) before.classList.remove("is-current");
    question.classList.add("is-current");
  });
  form.addEventListener("keydown", (event) => {
    // Shift and Enter begin a new line, as everywhere; a Chinese word is chosen with Enter too.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.matches("button")) return;
    event.preventDefault();
    step(1);
  });
  for (let digit = 0; digit <= 9; digit += 1) on(String(digit), () => mark(String(digit)));
  on("j", () => step(1), form.dataset.keyNext);
  on("k", () => step(-1), form.dataset.keyBefore);
  // How a call ended without an answer: one key, as long as nothing was answered.
  for (const button of document.querySelectorAll("[data-outcome-key]"))
    on(button.dataset.outcomeKey, () => end(button), button.dataset.keySays);
  follow(form);
  const first = form.querySelector(".question.is-wrong") || open()[0];
  if (form.querySelector("[data-code]")) form.querySelector("[data-code]").focus();
  // Whom to call stands above the first question, and stays in view.
  else choose(first, { scrolls: first?.matches(".is-wrong") });
}
