// <span data-countdown="ISO moment" data-left="{} left" data-late="{} late" data-promised="minutes">
const MINUTE = 60_000;
const TOLERATED = 5 * MINUTE; // as long as a page may take to come
const LAST = 120; // minutes; these and the shares as in tenancy/templatetags/moments.py
const STATES = ["ok", "soon", "urgent", "late"];

function stateOf(left, promised) {
  if (left < 0) return "late";
  const minutes = left / MINUTE;
  if (!promised) return minutes < LAST ? "soon" : "ok";
  if (minutes < Math.min(promised * 0.2, LAST)) return "urgent";
  return minutes < promised * 0.5 ? "soon" : "ok";
}

function length(minutes, language) {
  let [count, unit] = [minutes, "minute"];
  if (minutes >= 24 * 60) [count, unit] = [Math.floor(minutes / 1440), "day"];
  else if (minutes >= 120) [count, unit] = [Math.floor(minutes / 60), "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

function tick(chip, now, language) {
  const left = Date.parse(chip.dataset.countdown) - now;
  const minutes = Math.floor(Math.abs(left) / MINUTE);
  const state = stateOf(left, Number(chip.dataset.promised));
  const pattern = left < 0 ? chip.dataset.late : chip.dataset.left;
  const text = pattern.replace(/{}|%\(length\)s/, length(minutes, language));
  const place = chip.querySelector(".countdown-text");
  if (place.textContent !== text) place.textContent = text;
  for (const each of STATES) chip.classList.toggle(`countdown-${each}`, each === state);
}

// How far this device's clock is from the server's, where it is far enough to matter: by a wrong
// clock everything would be late, or nothing. A page that may be an old copy says nothing about it:
// one step back in the history, or a technician's job in a dead spot.
function clockIsAhead() {
  const here = Date.parse(document.body.dataset.now);
  const [visit] = performance.getEntriesByType("navigation");
  if (!here || visit?.type === "back_forward" || document.querySelector("main.jobs")) return 0;
  const ahead = Date.now() - here;
  return Math.abs(ahead) < TOLERATED ? 0 : ahead;
}

export function startCountdowns() {
  const language = document.documentElement.lang;
  const ahead = clockIsAhead();
  const all = () => {
    const now = Date.now() - ahead;
    for (const chip of document.querySelectorAll("[data-countdown]")) tick(chip, now, language);
  };
  setInterval(all, MINUTE / 2);
  document.addEventListener("visibilitychange", () => document.hidden || all());
}
