// What is written and not yet on the server: kept on this phone until it is, so that a lost
// connection loses nothing. Then it goes; the server's copy goes when the answers are sent.
const SKIP = ["act", "seen", "from"];
const name = () => `survey:${location.pathname}`;

function store(action) {
  try {
    return action(window.localStorage);
  } catch (error) {
    return null; // a browser that keeps nothing
  }
}

export const forget = () => store((place) => place.removeItem(name()));

export function keep(form) {
  const written = [];
  new FormData(form).forEach((value, key) => {
    if (typeof value === "string" && value && !SKIP.includes(key)) written.push([key, value]);
  });
  const draft = JSON.stringify({ edition: form.dataset.edition, written });
  store((place) => place.setItem(name(), draft));
  return draft;
}

// Only if nothing was written since.
export function forgetIf(draft) {
  if (store((place) => place.getItem(name())) === draft) forget();
}

// Put back what this phone has; true if there was anything that the page did not say already.
export function restore(form) {
  const text = store((place) => place.getItem(name()));
  if (!text) return false;
  const draft = JSON.parse(text);
  if (draft.edition !== form.dataset.edition) return false;
  let changed = false;
  const written = new Set(draft.written.map(([key, value]) => `${key}=${value}`));
  for (const field of form.querySelectorAll("input, select, textarea")) {
    if (field.type === "hidden" || field.type === "file" || !field.name) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      const wanted = written.has(`${field.name}=${field.value}`);
      if (wanted && !field.checked) changed = field.checked = true;
      if (field.type === "checkbox" && !wanted) field.checked = false;
    }
  }
  for (const [key, value] of draft.written) {
    // By its name alone: the box around a question has the same word as its id.
    const field = form.querySelector(`[name="${CSS.escape(key)}"]`);
    if (!field || field.type === "radio" || field.type === "checkbox") continue;
    if (field.value === value) continue;
    field.value = value;
    changed = true;
  }
  return changed;
}
