// <input type="file" data-photos="id of a list">: several takes add up, each is shown and can be
// taken out again, and large pictures are made smaller before they are sent.
const LONGEST_SIDE = 2048; // pixels, as in complaints/services/attaching.py
const SMALL_ENOUGH = 600_000; // bytes: not worth the work
const SHRINKS = ["image/jpeg", "image/png", "image/webp"];
const CONVERTS = ["image/heic", "image/heif"]; // a phone's own format, which the server cannot read

async function shrink(file) {
  const converts = CONVERTS.includes(file.type);
  if (!converts && (!SHRINKS.includes(file.type) || file.size < SMALL_ENOUGH)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || (blob.size >= file.size && !converts)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // the server looks at it anyway
  }
}

function accepts(file) {
  return file.type === "" || file.type.startsWith("image/") || file.type === "application/pdf";
}

class Album {
  constructor(input) {
    this.input = input;
    this.list = document.getElementById(input.dataset.photos);
    this.problem = document.getElementById("photo-problem");
    this.files = [];
  }

  // All are in the form at once, so that none is lost when it is sent early; smaller ones follow.
  add(files) {
    const problems = [];
    const { most, bytes, tooMany, tooLarge, wrong } = this.input.dataset;
    const taken = [];
    for (const file of files) {
      if (!accepts(file)) problems.push(`${wrong} ${file.name}`);
      else if (file.size > Number(bytes) && ![...SHRINKS, ...CONVERTS].includes(file.type)) {
        problems.push(`${tooLarge} ${file.name}`);
      } else if (this.files.length + taken.length >= Number(most)) problems.push(tooMany);
      else taken.push(file);
    }
    this.files.push(...taken);
    this.problem.textContent = [...new Set(problems)].join(" ");
    this.show();
    for (const file of taken) this.replace(file, shrink(file));
  }

  async replace(file, coming) {
    const small = await coming;
    const index = this.files.indexOf(file);
    if (index < 0 || small === file) return;
    this.files[index] = small;
    this.show();
  }

  remove(index) {
    this.files.splice(index, 1);
    this.show();
    (this.list.querySelectorAll("button")[index] ?? this.input).focus();
  }

  show() {
    const box = new DataTransfer();
    for (const file of this.files) box.items.add(file);
    this.input.files = box.files;
    this.list.replaceChildren(...this.files.map((file, index) => this.item(file, index)));
  }

  item(file, index) {
    const item = document.createElement("li");
    item.className = "photo-item";
    item.append(file.type.startsWith("image/") ? picture(file) : named(file));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "photo-remove";
    button.textContent = "×";
    button.setAttribute("aria-label", `${this.input.dataset.remove} ${file.name}`);
    button.addEventListener("click", () => this.remove(index));
    item.append(button);
    return item;
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

export function startPhotos() {
  for (const input of document.querySelectorAll("input[type=file][data-photos]")) {
    const album = new Album(input);
    input.addEventListener("change", () => album.add([...input.files]));
  }
}
