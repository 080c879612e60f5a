// A list from which one chooses while the focus stays in the field above it (combobox, listbox).
export function listbox(field, list) {
  const options = () => [...list.querySelectorAll("[role=option]:not([hidden])")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  }

  // Whether the key was one that moves the choice.
  function hear(event) {
    if (event.key === "ArrowDown" || (event.key === "n" && event.ctrlKey)) step(1);
    else if (event.key === "ArrowUp" || (event.key === "p" && event.ctrlKey)) step(-1);
    else return false;
    return true;
  }

  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
  return { options, chosen, choose, hear };
}
