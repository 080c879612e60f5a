// Good news leaves by itself; bad news stays until it is dismissed.
const LONG_ENOUGH = 8_000;

export function startMessages() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-message]")?.remove();
  });
  for (const message of document.querySelectorAll(".message-success[data-message]")) {
    setTimeout(() => message.matches(":hover, :focus-within") || message.remove(), LONG_ENOUGH);
  }
}
