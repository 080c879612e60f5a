// The browser inside an older WeChat does not know `:has`: what is chosen is marked by a class.
function mark(input) {
  const group = document.querySelectorAll(`input[name="${input.name}"]`);
  const inStars = input.closest(".stars");
  for (const each of group) {
    const label = each.closest("label");
    const fills = inStars && Number(each.value) <= Number(input.value);
    if (label) label.classList.toggle("is-chosen", each.checked || Boolean(fills && input.checked));
  }
}

// Only the tiles of the chosen kind and part, as owner.css does where it can ask.
function narrow(form) {
  const kind = form.querySelector("[name=kind]:checked");
  for (const about of form.querySelectorAll("[data-kind]")) {
    about.hidden = Boolean(kind) && about.dataset.kind !== kind.value;
    const part = about.querySelector("[name=part]:checked");
    for (const group of about.querySelectorAll("[data-part]")) {
      group.hidden = Boolean(part) && group.dataset.part !== part.value;
    }
  }
}

export function startOld() {
  if (window.CSS && CSS.supports && CSS.supports("selector(:has(*))")) return;
  const form = document.querySelector("form[data-speak]");
  const all = () => {
    for (const input of document.querySelectorAll("label input:checked")) mark(input);
    if (form) narrow(form);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("label input")) mark(event.target);
    if (form) narrow(form);
  });
  all();
}
