// It has been sent, or cannot be any more: nothing of it stays on this phone.
import { forget } from "./survey-draft.js";

forget();
