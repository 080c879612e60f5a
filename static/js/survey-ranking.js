// A ranking by arrows or by dragging. The places are still selects: what is sent is the same.
const items = (list) => Array.from(list.querySelectorAll(".rank"));

function write(list) {
  items(list).forEach((item, index) => {
    item.querySelector("select").value = String(index + 1);
  });
  show(list);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function show(list) {
  const all = items(list);
  all.forEach((item, index) => {
    const value = item.querySelector("select").value;
    item.querySelector(".rank-place").textContent = value;
    item.querySelector("[data-move='-1']").disabled = index === 0;
    item.querySelector("[data-move='1']").disabled = index === all.length - 1;
  });
  const button = list.parentElement.querySelector("[data-ranked]");
  if (button) button.hidden = all.every((item) => item.querySelector("select").value);
}

function move(list, item, by) {
  const all = items(list);
  const other = all[all.indexOf(item) + by];
  if (!other) return;
  if (by < 0) list.insertBefore(item, other);
  else list.insertBefore(other, item);
  write(list);
  const button = item.querySelector(`[data-move='${by}']`);
  (button.disabled ? item.querySelector(`[data-move='${-by}']`) : button).focus();
}

function arrow(item, by, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.move = String(by);
  button.textContent = by < 0 ? "↑" : "↓";
  button.setAttribute("aria-label", label.replace("{what}", item.querySelector(".rank-text").textContent));
  return button;
}

function drag(list, item, handle) {
  handle.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    item.classList.add("is-dragged");
    const over = ({ clientY }) => {
      for (const other of items(list)) {
        const box = other.getBoundingClientRect();
        if (other === item || clientY < box.top || clientY > box.bottom) continue;
        const after = clientY > box.top + box.height / 2;
        list.insertBefore(item, after ? other.nextElementSibling : other);
      }
    };
    const end = () => {
      item.classList.remove("is-dragged");
      handle.removeEventListener("pointermove", over);
      write(list);
    };
    handle.addEventListener("pointermove", over);
    handle.addEventListener("pointerup", end, { once: true });
    handle.addEventListener("pointercancel", end, { once: true });
  });
}

function equip(list, item) {
  const label = item.querySelector("label");
  const line = document.createElement("div");
  line.className = "rank-line";
  const select = item.querySelector("select");
  const text = item.querySelector(".rank-text");
  const place = document.createElement("span");
  place.className = "rank-place";
  const tools = document.createElement("span");
  tools.className = "rank-tools";
  tools.append(arrow(item, -1, list.dataset.up), arrow(item, 1, list.dataset.down));
  text.classList.add("rank-handle");
  select.hidden = true;
  line.append(place, text, tools, select);
  label.replaceWith(line);
  drag(list, item, text);
}

export function sort(list) {
  const place = (item) => Number(item.querySelector("select").value) || 99;
  for (const item of items(list).sort((one, other) => place(one) - place(other))) list.append(item);
  show(list);
}

export function startRankings(form) {
  for (const list of form.querySelectorAll("[data-ranking]")) {
    for (const item of items(list)) equip(list, item);
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) move(list, button.closest(".rank"), Number(button.dataset.move));
    });
    const ready = list.parentElement.querySelector("[data-ranked]");
    if (ready) ready.addEventListener("click", () => write(list));
    sort(list);
  }
}
