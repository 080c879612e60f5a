// <input type="file" data-shrinks>: a large photograph is made smaller before its form is sent.
import { shrink } from "./photos.js";

const isPicture = (file) => file.type === "" || file.type.startsWith("image/");

export function startAttach() {
  const input = document.querySelector("input[type=file][data-shrinks]");
  if (!input || !window.DataTransfer) return;
  input.addEventListener("change", async () => {
    const chosen = Array.from(input.files);
    const small = await Promise.all(chosen.map((file) => (isPicture(file) ? shrink(file) : file)));
    try {
      const box = new DataTransfer();
      for (const file of small) box.items.add(file);
      input.files = box.files;
    } catch (error) {
      // A browser that lets nobody put files there sends them as they are.
    }
  });
}
