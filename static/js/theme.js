// Runs before the first paint, so that nobody is blinded by a flash of the other theme.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paper = window.matchMedia("print");
  const apply = () => {
    const choice = root.dataset.themeChoice;
    const wanted = choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light";
    root.dataset.bsTheme = paper.matches ? "light" : wanted;
  };
  root.classList.add("has-script");
  dark.addEventListener("change", apply);
  if (paper.addEventListener) paper.addEventListener("change", apply); // paper is white
  document.addEventListener("theme:chosen", apply);
  apply();
})();
