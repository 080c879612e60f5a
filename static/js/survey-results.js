// Reading what was written in own words, by keyboard; and slides, one at a time.
import { on } from "./keys.js";

function startTexts(form) {
  const rows = [...form.querySelectorAll(".result-texts > li")];
  const now = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (step) => rows[Math.min(Math.max(now() + step, 0), rows.length - 1)]?.focus();
  on("j", () => go(1), form.dataset.saysNext);
  on("k", () => go(-1), form.dataset.saysPrevious);
  on("x", () => rows[now()]?.querySelector("[name=texts]")?.click(), form.dataset.saysChoose);
  for (const number of [1, 2, 3]) {
    on(
      String(number),
      () => rows[now()]?.querySelectorAll("[data-likely]")[number - 1]?.click(),
      number === 1 ? form.dataset.saysTake : "",
    );
  }
  // After something was put to a category the page comes anew, where one was.
  rows.find((row) => `#${row.id}` === location.hash)?.focus();
}

function startSlides(deck) {
  const slides = [...deck.querySelectorAll("[data-slide]")];
  let at = Math.max(slides.findIndex((slide) => `#${slide.id}` === location.hash), 0);
  const place = document.querySelector("[data-slide-place]");
  function show(number) {
    at = Math.min(Math.max(number, 0), slides.length - 1);
    for (const [index, slide] of slides.entries()) slide.classList.toggle("is-shown", index === at);
    if (place) place.textContent = `${at + 1} / ${slides.length}`;
    history.replaceState(null, "", `#${slides[at].id}`);
  }
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button, summary")) return;
    const ends = { Home: 0, End: slides.length - 1 };
    if (event.key in ends) show(ends[event.key]);
    else if (event.key in steps) show(at + steps[event.key]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-slide-step]");
    if (button) show(at + Number(button.dataset.slideStep));
    if (event.target.closest("[data-slide-full]")) document.documentElement.requestFullscreen?.();
  });
  document.body.classList.add("has-slides");
  show(at);
}

for (const form of document.querySelectorAll("[data-texts]")) startTexts(form);
for (const deck of document.querySelectorAll("[data-slides]")) startSlides(deck);
