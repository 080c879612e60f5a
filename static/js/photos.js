// A photograph as it leaves a telephone: upright, no larger than anybody looks at it.
const LONGEST_SIDE = 1600; // pixels
const SMALL_ENOUGH = 400_000; // bytes: not worth the work
const SHRINKS = ["image/jpeg", "image/png", "image/webp"];
const CONVERTS = ["image/heic", "image/heif", ""]; // a phone's own format, or none told

export async function shrink(file) {
  const converts = CONVERTS.includes(file.type);
  if (!converts && (!SHRINKS.includes(file.type) || file.size < SMALL_ENOUGH)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob || (blob.size >= file.size && !converts)) return file;
    return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
  } catch {
    return file; // the server looks at it anyway
  }
}
