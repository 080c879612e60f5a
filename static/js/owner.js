// What makes speaking up quicker where scripts run; without this file every form still works.
import { startDrafts } from "./owner-draft.js";
import { startPhotos } from "./owner-photos.js";

startDrafts();
startPhotos();

// Another kind has other categories: what was chosen before is chosen no longer.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-speak]");
  if (!form || event.target.name !== "kind") return;
  const chosen = form.querySelector("[name=category]:checked");
  const about = chosen?.closest("[data-kind]");
  if (about && about.dataset.kind !== event.target.value) chosen.checked = false;
});

// Said here before it is sent: a page that comes back with an error comes without the photographs.
const speaking = document.querySelector("form[data-speak]");
speaking?.addEventListener("submit", (event) => {
  const place = speaking.querySelector("[data-missing]");
  const missing = [];
  if (!speaking.querySelector("[name=category]:checked")) missing.push(speaking.dataset.noCategory);
  if (!speaking.elements.text.value.trim()) missing.push(speaking.dataset.noText);
  place.textContent = missing.join(" ");
  place.hidden = missing.length === 0;
  if (place.hidden) return;
  event.preventDefault();
  event.stopPropagation(); // it has not been sent, so nothing has to wait for an answer
  if (speaking.elements.text.value.trim()) place.scrollIntoView({ block: "nearest" });
  else speaking.elements.text.focus();
});

document.querySelector("[data-problems]")?.focus();
