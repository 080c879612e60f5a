// `data-ticks="name"` on a checkbox ticks every box of that name on the page, and follows them.
function boxes(name) {
  return [...document.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
}

function follow(master) {
  const all = boxes(master.dataset.ticks);
  const ticked = all.filter((box) => box.checked).length;
  master.checked = ticked > 0 && ticked === all.length;
  master.indeterminate = ticked > 0 && ticked < all.length;
}

export function startTicking() {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    if (box.dataset.ticks) {
      for (const each of boxes(box.dataset.ticks)) each.checked = box.checked;
      return;
    }
    const master = document.querySelector(`[data-ticks="${CSS.escape(box.name)}"]`);
    if (master) follow(master);
  });
}
