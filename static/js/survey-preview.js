// The preview follows its own answers as the questionnaire would; nothing is kept or sent.
import { follow } from "./survey-logic.js";
import { startRankings } from "./survey-ranking.js";

const form = document.querySelector("[data-answers-preview]");
startRankings(form);
follow(form);
form.addEventListener("input", () => follow(form));
form.addEventListener("change", () => follow(form));
