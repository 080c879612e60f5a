// A photograph as it leaves a telephone: upright, and no larger than anybody looks at it.
const LONGEST_SIDE = 1600; // pixels: a meter can be read, and a slow network can carry it
const SMALL_ENOUGH = 300_000; // bytes: not worth the work
export const SHRINKS = ["image/jpeg", "image/png", "image/webp"];
export const CONVERTS = ["image/heic", "image/heif"]; // a phone's own format, unknown to the server

export async function shrink(file) {
  // Some telephones do not say what it is; a browser that can draw it knows.
  const converts = CONVERTS.includes(file.type) || file.type === "";
  if (!converts && (!SHRINKS.includes(file.type) || file.size < SMALL_ENOUGH)) return file;
  try {
    // Upright as it was taken; a browser that does not know how to says so, and it is sent as it is.
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    if (picture.close) picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob || (blob.size >= file.size && !converts)) return file;
    return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
  } catch (error) {
    return file; // the server looks at it anyway
  }
}
