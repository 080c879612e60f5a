// The desk: the queue and a ticket's page. Without it everything works by links and buttons.
import { send, startActs } from "./desk-act.js";
import { startAnswers } from "./answers.js";
import { startDrafts } from "./desk-draft.js";
import { startQueue } from "./desk-queue.js";

// A ticket's own page: what was done shows when it has been done; who goes on acting goes on at once.
function startPage() {
  if (!document.querySelector("[data-ticket-whole]")) return;
  const panel = () => document.getElementById("actions");
  document.addEventListener("desk:held", () => panel().classList.add("is-held"));
  document.addEventListener("desk:undone", () => panel().classList.remove("is-held"));
  document.addEventListener("desk:refused", () => panel().classList.remove("is-held"));
  document.addEventListener("desk:done", () => location.replace(location.pathname));
  document.addEventListener("click", (event) => {
    if (event.target.closest("#actions.is-held")) {
      event.preventDefault();
      send();
    }
  }, true);
}

startDrafts();
startQueue();
startPage();
startActs();
startAnswers();
