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

document.querySelector("[data-problems]")?.focus();
