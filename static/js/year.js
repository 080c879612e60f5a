// A year of days is one stop for the Tab key; arrows walk through it, a day or a week at a time.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function days(grid) {
  return [...grid.querySelectorAll("a.day")];
}

function settle(grid, current) {
  for (const day of days(grid)) day.tabIndex = day === current ? 0 : -1;
}

export function startYears() {
  for (const grid of document.querySelectorAll("[data-year-grid]")) {
    const all = days(grid);
    settle(grid, grid.querySelector(".day-picked, .day-today") ?? all[0]);
    grid.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const at = all.indexOf(event.target);
      if (!step || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
      event.preventDefault();
      settle(grid, next);
      next.focus();
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
  });
}
