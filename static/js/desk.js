// The desk: the queue and a ticket's page. Without it everything works by links and buttons.
import { startActs } from "./desk-act.js";
import { startAnswers } from "./answers.js";
import { startDrafts } from "./desk-draft.js";
import { startFolds } from "./desk-held.js";
import { startPage } from "./desk-page.js";
import { startQueue } from "./desk-queue.js";

startDrafts();
startFolds();
startQueue();
startPage();
startActs();
startAnswers();
