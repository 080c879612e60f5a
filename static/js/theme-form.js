// The theme changes at once; the server only remembers it.
export function startThemes() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
    document.documentElement.dataset.themeChoice = event.submitter.value;
    document.dispatchEvent(new Event("theme:chosen"));
    for (const button of document.querySelectorAll("form[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === event.submitter.value));
    }
  }, true);
}
