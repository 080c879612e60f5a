// `data-dials` on a form whose answer is a number to call: one tap shows it and dials.
let asked = null;

export function startDialling() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    asked = event.target.hasAttribute("data-dials") ? event.target.parentElement : null;
  });
  document.addEventListener("htmx:load", (event) => {
    if (!asked?.contains(event.target)) return;
    asked = null;
    event.target.querySelector('a[href^="tel:"]')?.click();
  });
}
