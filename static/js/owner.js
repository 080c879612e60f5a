// What makes speaking up quicker where scripts run; without this file every form still works.
import { startAttach } from "./owner-attach.js";
import { startDrafts } from "./owner-draft.js";
import { startInstall } from "./owner-install.js";
import { startNear } from "./owner-near.js";
import { startOld } from "./owner-old.js";
import { startPhotos } from "./owner-photos.js";
import { sendLeftovers, startSending } from "./owner-send.js";
import { startWords } from "./owner-words.js";

const speaking = document.querySelector("form[data-speak]");

// Another kind has other categories: what was chosen before is chosen no longer.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-speak]");
  if (!form || event.target.name !== "kind") return;
  const chosen = form.querySelector("[name=category]:checked");
  const about = chosen && chosen.closest("[data-kind]");
  if (about && about.dataset.kind !== event.target.value) chosen.checked = false;
});

// Said here before it is sent: a page that comes back with an error comes without the photographs.
function checkFirst(event) {
  if (event.submitter && event.submitter.name === "look") return;
  const place = speaking.querySelector("[data-missing]");
  const missing = [];
  if (!speaking.querySelector("[name=category]:checked")) missing.push(speaking.dataset.noCategory);
  if (!speaking.elements.text.value.trim()) missing.push(speaking.dataset.noText);
  place.textContent = missing.join(document.documentElement.lang.startsWith("zh") ? "" : " ");
  place.hidden = missing.length === 0;
  if (place.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // it has not been sent, so nothing has to wait for an answer
  if (speaking.elements.text.value.trim()) place.scrollIntoView({ block: "nearest" });
  else speaking.elements.text.focus();
}

startOld();
startInstall();
startWords();
startAttach();
const album = speaking ? startPhotos(speaking.dataset.draft) : null;
if (speaking) {
  speaking.addEventListener("submit", checkFirst);
  startNear(speaking);
  // Without an album the browser's own form is the one that knows the files.
  if (album && FormData.prototype.delete) startSending(speaking, album);
}
startDrafts(album);
const leftover = document.querySelector("[data-leftover]");
if (leftover && window.indexedDB) sendLeftovers(leftover);

const problems = document.querySelector("[data-problems]");
if (problems) problems.focus();
