// The page as it will be once everything has been sent: the next step after those that wait, the
// photos and materials that are still on this telephone.
const ORDER = ["take", "set_off", "arrive", "finish", "done"];

function waitingFor(entries, ticket) {
  return entries.filter((each) => each.ticket === ticket && each.state === "waiting");
}

function stepAfter(step, entries) {
  let now = step;
  for (const { then } of entries) if (then && ORDER.indexOf(then) > ORDER.indexOf(now)) now = then;
  return now;
}

function showStations(job, step) {
  for (const station of job.querySelectorAll("[data-station]")) {
    const reached = ORDER.indexOf(station.dataset.station) <= ORDER.indexOf(step);
    station.classList.toggle("is-past", reached);
    if (station.dataset.station === step) station.setAttribute("aria-current", "step");
    else station.removeAttribute("aria-current");
  }
}

function showButtons(job, step) {
  for (const part of job.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(step);
  }
  for (const button of job.querySelectorAll("[data-main-when]")) {
    button.classList.toggle("btn-primary", button.dataset.mainWhen === step);
  }
}

function chip(text) {
  const made = document.createElement("span");
  made.className = "chip chip-soon";
  made.textContent = text;
  return made;
}

function photo(entry, words) {
  const item = document.createElement("li");
  item.className = "photo-unsent";
  const image = document.createElement("img");
  image.src = URL.createObjectURL(entry.photo.blob);
  image.onload = () => URL.revokeObjectURL(image.src);
  image.alt = `${entry.says} · ${words.wordWaiting}`;
  const meter = document.createElement("progress");
  meter.dataset.key = entry.key;
  meter.max = 1;
  meter.value = 0;
  meter.hidden = true; // until some of it has been sent
  meter.setAttribute("aria-label", words.wordWaiting);
  item.append(image, chip(words.wordPhoto), meter);
  return item;
}

function material(entry, words) {
  const item = document.createElement("li");
  item.dataset.unsent = "yes";
  const name = document.createElement("span");
  name.className = "job-line-name";
  name.textContent = entry.fields.name;
  const much = document.createElement("span");
  much.className = "soft";
  much.textContent = `${entry.fields.quantity} ${entry.fields.unit} × ¥${entry.fields.unit_price}`;
  item.append(name, much, chip(words.wordWaiting));
  return item;
}

function showJob(job, entries, words) {
  const step = stepAfter(job.dataset.step, entries);
  if (step !== "other") {
    showStations(job, step);
    showButtons(job, step);
  }
  for (const place of job.querySelectorAll("[data-unsent-photos]")) {
    const stage = place.dataset.unsentPhotos;
    const unsent = entries.filter((each) => each.photo && each.fields.stage === stage);
    const shown = [...place.querySelectorAll("progress")].map((each) => each.dataset.key).join();
    if (shown !== unsent.map((each) => each.key).join()) {
      place.replaceChildren(...unsent.map((each) => photo(each, words)));
    }
  }
  const lines = job.querySelector("[data-unsent-lines]");
  for (const old of lines?.querySelectorAll("[data-unsent]") ?? []) old.remove();
  const materials = entries.filter((each) => each.kind === "material");
  lines?.append(...materials.map((each) => material(each, words)));
}

function showRow(row, entries, words) {
  const label = row.querySelector("[data-step-label]");
  label.dataset.known ??= label.textContent;
  const step = stepAfter(row.dataset.step, entries);
  const name = `step${step[0].toUpperCase()}${step.slice(1)}`;
  const said = words[name] ?? "";
  label.textContent = step === row.dataset.step || !said ? label.dataset.known : said;
  row.querySelector("[data-unsent-count]")?.remove();
  if (entries.length === 0) return;
  const count = chip(`${entries.length} · ${words.wordWaiting}`);
  count.dataset.unsentCount = "yes";
  label.after(count);
  const take = row.querySelector("form[data-outbox=take]");
  if (take) take.hidden = step !== "take";
}

export function showAhead(entries, words) {
  for (const job of document.querySelectorAll("[data-job]")) {
    const waiting = waitingFor(entries, job.dataset.job);
    if (job.matches(".job-row")) showRow(job, waiting, words);
    else showJob(job, waiting, words);
  }
}
