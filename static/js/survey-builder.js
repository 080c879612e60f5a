// The builder: forms open in their place, the preview follows, one thing is written at a time.
// Without this file the same forms are pages of their own.
const builder = () => document.getElementById("builder");
const openForm = () => builder()?.querySelector("[data-builder-form]");

// The buttons stand outside of their form: which one it was is said here.
let act = "";
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id === "acts") act = event.submitter?.value || act;
  },
  true,
);
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "acts") event.detail.parameters.act = act;
});

// What depends on a choice is shown anew: nothing is checked, nothing is lost.
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-builder-again]");
  const form = field?.closest("[data-builder-form]");
  if (!form) return;
  window.htmx.ajax("POST", form.getAttribute("action"), {
    source: form,
    target: form.closest("[data-builder-part]"),
    swap: "innerHTML",
    values: { again: "shape" },
  });
});

document.addEventListener("htmx:confirm", (event) => {
  const form = openForm();
  if (!form || form.contains(event.target)) return;
  event.preventDefault();
  let said = form.querySelector("[data-builder-busy]");
  if (!said) {
    said = document.createElement("p");
    said.className = "notice notice-soon";
    said.dataset.builderBusy = "";
    said.setAttribute("role", "alert");
    form.prepend(said);
  }
  said.textContent = form.dataset.busy;
  form.querySelector("textarea, input:not([type=hidden]), select")?.focus();
});

// A form with faults comes back with 422: it is shown like any other.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.closest("[data-builder-part]")) {
    const form = event.detail.target.querySelector("[data-builder-form]");
    (form?.querySelector(".errorlist + textarea, .errorlist + input, textarea") ?? form)?.focus();
  }
});

document.addEventListener("builder-changed", () => {
  const phone = document.querySelector("[data-builder-phone]");
  phone?.contentWindow?.location.reload();
});

// Alt with an arrow moves the question whose button has the focus.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const card = event.target.closest("[data-builder-card]");
  if (!card || event.target.closest("[data-builder-form]")) return;
  event.preventDefault();
  const id = `${event.key === "ArrowUp" ? "up" : "down"}-${card.dataset.builderCard}`;
  const button = document.getElementById(id);
  button?.focus();
  button?.click();
});
