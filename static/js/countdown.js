// <span data-countdown="ISO moment" data-left="{} left" data-late="{} late" data-promised="minutes">
const MINUTE = 60_000;
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
  if (minutes >= 48 * 60) [count, unit] = [Math.floor(minutes / 1440), "day"];
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

export function startCountdowns() {
  const language = document.documentElement.lang;
  const all = () => {
    const now = Date.now();
    for (const chip of document.querySelectorAll("[data-countdown]")) tick(chip, now, language);
  };
  setInterval(all, MINUTE / 2);
  document.addEventListener("visibilitychange", () => document.hidden || all());
}
