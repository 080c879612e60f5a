// <form data-keeps="name"> inside data-keeps-of="ticket": what is written or chosen is kept on this
// device until the page shows it as said, so that a session or a connection that ends in between
// takes nothing away. Signing out drops it (leaving.js).
const LONGEST = 7 * 86_400_000;
const FIELDS = "textarea, input[type=radio]:checked";

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < LONGEST ? kept.said : null;
  } catch (error) {
    return null; // no storage here, or something else in it
  }
}

function write(key, said) {
  try {
    if (said) localStorage.setItem(key, JSON.stringify({ at: Date.now(), said }));
    else localStorage.removeItem(key);
  } catch (error) {
    // Private windows and full storages keep nothing.
  }
}

function keep(key, form) {
  const said = {};
  for (const field of form.querySelectorAll(FIELDS)) if (field.value) said[field.name] = field.value;
  write(key, Object.keys(said).length ? said : null);
}

const isSaid = (words) =>
  Array.from(document.querySelectorAll(".talk-mine .talk-words")).some(
    (line) => line.textContent.trim() === words.trim(),
  );

// What came back from the server with an error is newer than what was kept.
function restore(form, said) {
  let found = false;
  for (const text of form.querySelectorAll("textarea")) {
    if (text.value || !said[text.name]) continue;
    text.value = said[text.name];
    found = true;
  }
  for (const box of form.querySelectorAll("input[type=radio]")) {
    if (said[box.name] !== box.value || form.querySelector(`[name="${box.name}"]:checked`)) continue;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    found = true;
  }
  form.querySelector("[data-kept-note]").hidden = !found;
}

export function startWords() {
  const place = document.querySelector("[data-keeps-of]");
  if (!place) return;
  const prefix = `draft:${place.dataset.keepsOf}:`;
  for (const name of ["comment", "rating"]) {
    const key = prefix + name;
    const form = place.querySelector(`form[data-keeps="${name}"]`);
    const said = read(key);
    // Where there is no form any more it has been said, or cannot be.
    if (!form || (said && isSaid(said.text || ""))) write(key, null);
    else if (said) restore(form, said);
    if (form) form.addEventListener("input", () => keep(key, form));
  }
}
