// The bar that says what is kept on this telephone: how much, and what could not be taken and why.
const say = (pattern, count) => pattern.replace("{}", count);

function button(label, act, css = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn-sm ${css}`;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function textOf(entry) {
  return entry.fields.solution ?? entry.fields.text ?? entry.fields.name ?? "";
}

function line(words, entry, onChange) {
  const item = document.createElement("li");
  item.className = "outbox-refused";
  const what = document.createElement("p");
  what.className = "outbox-what";
  what.textContent = [entry.says, entry.title].filter(Boolean).join(" · ");
  const why = document.createElement("p");
  why.className = "outbox-why";
  const gone = [403, 404].includes(entry.problem?.status);
  why.textContent = gone ? words.wordGone : entry.problem?.detail || words.wordUnknown;
  item.append(what, why);
  const text = textOf(entry);
  if (text) {
    const quote = document.createElement("blockquote");
    quote.className = "as-written";
    quote.textContent = text;
    item.append(quote);
  }
  const tools = document.createElement("div");
  tools.className = "cluster";
  if (text) tools.append(button(words.wordCopy, () => navigator.clipboard?.writeText(text)));
  tools.append(button(words.wordAgain, () => onChange(entry, "again")));
  const discard = button(words.wordDiscard, () => {
    if (discard.dataset.sure) return onChange(entry, "discard");
    discard.dataset.sure = "yes";
    discard.textContent = words.wordDiscardReally;
    return undefined;
  }, "btn-quiet");
  tools.append(discard);
  item.append(tools);
  return item;
}

function sentence(words, waiting, refused, { outcome, sending, others }) {
  const parts = "kept" in words ? [words.wordOld] : [];
  if (waiting.length && sending) parts.push(say(words.wordSending, waiting.length));
  else if (waiting.length) {
    if (outcome?.state === "offline" || navigator.onLine === false) parts.push(words.wordOffline);
    parts.push(say(words.wordSaved, waiting.length));
    if (outcome?.state === "sign-in") parts.push(words.wordSignIn);
  }
  if (refused.length) parts.push(say(words.wordRefused, refused.length));
  if (!waiting.length && !refused.length && outcome?.taken) parts.push(words.wordSent);
  if (others) parts.push(words.wordOther);
  // Chinese sentences follow each other without a space.
  return parts.join(document.documentElement.lang.startsWith("zh") ? "" : " ");
}

export function showOutbox(bar, entries, how) {
  const words = bar.dataset;
  const waiting = entries.filter((each) => each.state === "waiting");
  const refused = entries.filter((each) => each.state === "refused");
  const state = bar.querySelector("[data-outbox-state]");
  const text = sentence(words, waiting, refused, how);
  if (state.textContent !== text) state.textContent = text;
  state.hidden = !text;
  bar.classList.toggle("outbox-late", refused.length > 0);
  bar.classList.toggle("outbox-waits", waiting.length > 0);
  const list = bar.querySelector("[data-outbox-list]");
  list.replaceChildren(...refused.map((each) => line(words, each, how.onChange)));
  if (how.outcome?.state === "sign-in") {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "btn btn-primary";
    link.href = `${words.signIn}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = words.wordSignIn;
    item.append(link);
    list.append(item);
  }
  list.hidden = list.children.length === 0;
}
