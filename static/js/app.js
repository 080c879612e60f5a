// Every behaviour is bound to a data attribute by delegation, so that fragments that arrive later
// (htmx) behave as the page did. Without this file every page still works.
import { startCountdowns } from "./countdown.js";
import { startDialling } from "./dial.js";
import { startKeys } from "./keys.js";
import { startLeaving } from "./leaving.js";
import { startMenus } from "./menu.js";
import { startMessages } from "./message.js";
import { startOffline } from "./offline.js";
import { startForms } from "./form.js";
import { startTabs } from "./tabs.js";
import { startThemes } from "./theme-form.js";
import { startTicking } from "./ticking.js";
import { startWaiting } from "./waiting.js";
import { startYears } from "./year.js";

startCountdowns();
startLeaving();
startDialling();
startTicking();
startWaiting();
startKeys();
startMenus();
startMessages();
startForms();
startThemes();
startTabs();
startOffline();
startYears();
