// Forms: no double submits, choosers that submit at once, photographs shown before they are sent.
function guard(form) {
  if (form.dataset.sent) return false;
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-disabled", "true");
    button.classList.add("is-busy");
  }
  return true;
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".is-busy")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("is-busy");
  }
}

function preview(input) {
  const place = document.getElementById(input.dataset.preview);
  if (!place) return;
  place.replaceChildren();
  for (const file of input.files) {
    const item = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      item.append(image);
    } else {
      item.textContent = file.name;
    }
    place.append(item);
  }
}

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (!guard(form)) event.preventDefault();
  });
  // A page that comes back from the history must be usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) release(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submits-on-change]");
    if (form) form.requestSubmit();
    if (event.target.matches("input[type=file][data-preview]")) preview(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    navigator.clipboard?.writeText(field.value ?? field.textContent.trim());
    button.classList.add("is-copied");
  });
}
