// Filling in a questionnaire: questions come and go with the answers, what is written is kept, and a
// photograph leaves the phone small. Without this file the same form does the same in more journeys.
import { shrink } from "./photos.js";
import { forget, forgetIf, keep, restore } from "./survey-draft.js";
import { follow, isAnswered, questions } from "./survey-logic.js";
import { sort, startRankings } from "./survey-ranking.js";

const PAUSE = 2500; // milliseconds after the last key
const form = document.querySelector("[data-answers]");
let waiting = 0;
let sending = false;

function say(words) {
  const line = form.querySelector("[data-says]");
  line.textContent = words;
  line.hidden = !words;
}

function progress() {
  const asked = questions(form).filter((each) => !each.hidden);
  const done = asked.filter(isAnswered).length;
  const line = form.querySelector("[data-progress-line]");
  if (!line) return;
  const bar = line.querySelector("progress");
  bar.max = Math.max(asked.length, 1);
  bar.value = done;
  line.querySelector("[data-progress-words]").textContent = form.dataset.progress
    .replace("{done}", done)
    .replace("{all}", asked.length);
}

async function send(extra) {
  const body = new FormData(form);
  for (const field of form.querySelectorAll("input[type=file]")) body.delete(field.name);
  body.set("act", "autosave");
  for (const [key, value] of Object.entries(extra || {})) body.set(key, value);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  return answer.status;
}

async function save() {
  clearTimeout(waiting);
  if (sending) return;
  const draft = keep(form);
  try {
    const status = await send();
    if (status === 204) {
      forgetIf(draft);
      say("");
    }
  } catch (error) {
    say(form.dataset.offline);
  }
}

function changed() {
  follow(form);
  progress();
  keep(form);
  clearTimeout(waiting);
  waiting = setTimeout(save, PAUSE);
}

// One photograph at once and on its own: what follows is light again.
async function photo(field) {
  const file = await shrink(field.files[0]);
  const place = document.createElement("div");
  place.className = "question-photo";
  const image = document.createElement("img");
  image.width = 160;
  image.alt = field.dataset.named;
  image.src = URL.createObjectURL(file);
  try {
    const status = await send({ [field.name]: file });
    if (status !== 204) return say(field.dataset.wrong);
  } catch (error) {
    return say(form.dataset.offline); // it stays chosen, and goes with the form
  }
  say("");
  field.value = "";
  const question = field.closest("[data-question]");
  const before = question.querySelector(".question-photo");
  if (before) before.remove();
  place.dataset.photoKept = "";
  place.append(image);
  field.before(place);
  changed();
}

function startSending() {
  form.addEventListener("submit", (event) => {
    if (sending) return event.preventDefault();
    sending = true;
    clearTimeout(waiting);
    keep(form);
    for (const button of document.querySelectorAll("button[name=act]")) button.classList.add("is-busy");
  });
  // Back from an error page of the browser: it can be sent again.
  addEventListener("pageshow", () => {
    sending = false;
    for (const button of document.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
  });
}

if (form) {
  startRankings(form);
  if (form.dataset.fresh) forget();
  else if (restore(form)) {
    say(form.dataset.restored);
    form.querySelectorAll("[data-ranking]").forEach(sort);
  }
  follow(form);
  progress();
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file]")) {
      if (event.target.files.length) photo(event.target);
    } else changed();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) save();
  });
  addEventListener("online", save);
  startSending();
  const summary = document.querySelector("[data-summary]");
  if (summary) summary.focus();
}
