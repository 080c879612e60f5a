// <input type="file" data-photos="id of a list">: several takes add up, each is shown and can be
// taken out again, large pictures are made smaller before they are sent, and all are kept on the
// device until they have arrived.
import { drop, keep, kept, newId } from "./owner-store.js";
import { CONVERTS, SHRINKS, shrink } from "./photos.js";

function accepts(file) {
  return file.type === "" || file.type.startsWith("image/") || file.type === "application/pdf";
}

export class Album {
  constructor(input, draft) {
    this.input = input;
    this.draft = draft;
    this.list = document.getElementById(input.dataset.photos);
    this.problem = document.getElementById("photo-problem");
    this.photos = []; // {id, file, ready, state, share}
    input.addEventListener("change", () => this.add(Array.from(input.files)));
  }

  // What a closed tab or a lost connection left behind.
  async restore() {
    const found = (await kept(this.draft)).filter((photo) => !photo.to);
    for (const { id, blob, name } of found) {
      const file = new File([blob], name, { type: blob.type });
      this.photos.push({ id, file, ready: Promise.resolve(), state: "", share: 0 });
    }
    if (found.length) this.show();
    return found.length;
  }

  // All are in the form at once, so that none is lost when it is sent early; smaller ones follow.
  add(files) {
    const problems = [];
    const { most, bytes, tooMany, tooLarge, wrong } = this.input.dataset;
    for (const file of files) {
      const shrinks = [...SHRINKS, ...CONVERTS].includes(file.type);
      if (!accepts(file)) problems.push(`${wrong} ${file.name}`);
      else if (file.size > Number(bytes) && !shrinks) problems.push(`${tooLarge} ${file.name}`);
      else if (this.photos.length >= Number(most)) problems.push(tooMany);
      else this.take(file);
    }
    this.problem.textContent = Array.from(new Set(problems)).join(" ");
    this.show();
  }

  take(file) {
    const photo = { id: newId(), file, state: "", share: 0 };
    photo.ready = this.prepare(photo);
    this.photos.push(photo);
  }

  async prepare(photo) {
    const small = await shrink(photo.file);
    if (!this.photos.includes(photo)) return; // taken out meanwhile
    if (small.size > Number(this.input.dataset.bytes)) {
      this.remove(photo);
      this.problem.textContent = `${this.input.dataset.tooLarge} ${photo.file.name}`;
      return;
    }
    const changed = small !== photo.file;
    photo.file = small;
    if (changed) this.show();
    await keep({ id: photo.id, draft: this.draft, blob: small, name: small.name, at: Date.now() });
  }

  remove(photo) {
    const index = this.photos.indexOf(photo);
    if (index < 0) return;
    this.photos.splice(index, 1);
    drop(photo.id);
    this.show();
    (this.list.querySelectorAll("button")[index] || this.input).focus();
  }

  clear() {
    for (const photo of this.photos.splice(0)) drop(photo.id);
    this.show();
  }

  show() {
    const box = new DataTransfer();
    for (const photo of this.photos) box.items.add(photo.file);
    this.input.files = box.files;
    this.list.textContent = "";
    for (const photo of this.photos) this.list.append(this.item(photo));
  }

  item(photo) {
    const item = document.createElement("li");
    item.className = "photo-item";
    item.append(photo.file.type.startsWith("image/") ? picture(photo.file) : named(photo.file));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "photo-remove";
    button.textContent = "×";
    button.setAttribute("aria-label", `${this.input.dataset.remove} ${photo.file.name}`);
    button.addEventListener("click", () => this.remove(photo));
    const bar = document.createElement("progress");
    bar.className = "photo-progress";
    bar.max = 1;
    bar.hidden = true;
    bar.setAttribute("aria-label", photo.file.name);
    item.append(button, bar);
    photo.item = item;
    return item;
  }

  // How far one of them is: a share of 1, or "done", "failed".
  mark(photo, share, state = "") {
    const bar = photo.item.querySelector("progress");
    bar.hidden = false;
    bar.value = share;
    photo.state = state;
    photo.item.dataset.state = state;
    photo.item.querySelector("button").hidden = state !== "failed";
  }
}

function picture(file) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  image.onload = () => URL.revokeObjectURL(image.src);
  return image;
}

function named(file) {
  const name = document.createElement("span");
  name.className = "photo-name";
  name.textContent = file.name;
  return name;
}

// Several takes add up only where a script may fill a file input; elsewhere the input is plain.
export function startPhotos(draft) {
  const input = document.querySelector("input[type=file][data-photos]");
  if (!input) return null;
  try {
    new DataTransfer().items.add(new File([], "x"));
  } catch (error) {
    return null;
  }
  return new Album(input, draft);
}
