// Sending in two steps that can each be repeated: first the words – from then on there is a number
// – then the photographs one by one, each with a bar. What fails stays here and can be sent again;
// nothing arrives twice: the form carries the name of its submission, each photograph its own.
import { write } from "./owner-draft.js";
import { drop, keep, kept } from "./owner-store.js";

const PATIENCE = 90_000; // milliseconds without an answer

export function request(url, body, { headers = {}, onShare = () => {} } = {}) {
  return new Promise((done, failed) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", url);
    asked.timeout = PATIENCE;
    for (const name of Object.keys(headers)) asked.setRequestHeader(name, headers[name]);
    asked.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    asked.onload = () => done(asked);
    asked.onerror = asked.ontimeout = asked.onabort = () => failed(new Error("no connection"));
    asked.send(body);
  });
}

// One photograph to its ticket; what the server says of it, or nothing when it was taken.
export async function sendPhoto({ id, to, blob, name }, token, onShare) {
  const body = new FormData();
  body.append("file", blob, name);
  const headers = { "X-CSRFToken": token, "Idempotency-Key": id, Accept: "application/json" };
  const answer = await request(to, body, { headers, onShare });
  if (answer.status < 300) return "";
  if (answer.status >= 500 || answer.status === 429) throw new Error("later");
  try {
    return JSON.parse(answer.responseText).detail || answer.statusText;
  } catch (error) {
    return answer.statusText;
  }
}

class Sender {
  constructor(form, album) {
    this.form = form;
    this.album = album;
    this.place = form.querySelector("[data-sending]");
    this.words = this.place.querySelector("[data-sending-words]");
    this.receipt = null; // {url, to} once the words have arrived
    this.busy = false;
    this.wanted = false; // sent by the person, but not arrived
  }

  say(sentence, tone = "") {
    this.place.hidden = !sentence;
    this.place.dataset.tone = tone;
    this.words.textContent = sentence;
  }

  lock(busy) {
    this.busy = busy;
    const button = this.form.querySelector(".sticky-submit .btn-primary");
    button.classList.toggle("is-busy", busy);
    button.setAttribute("aria-disabled", String(busy));
  }

  async send() {
    if (this.busy) return;
    this.lock(true);
    this.wanted = true;
    try {
      if (!this.receipt) await this.sendWords();
      if (this.receipt) await this.sendPhotos();
    } catch (error) {
      this.say(this.receipt ? this.form.dataset.photosWait : this.form.dataset.noConnection, "late");
    }
    this.lock(false);
  }

  async sendWords() {
    this.say(this.form.dataset.sendingWords);
    const body = new FormData(this.form);
    body.delete("photos");
    const answer = await request(this.form.action, body);
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const attach = page.querySelector("[data-attach]");
    if (answer.status < 300 && attach) {
      this.receipt = { url: answer.responseURL, to: attach.dataset.attach };
      write(this.form.dataset.draft, null);
      return;
    }
    this.wanted = false;
    if (answer.responseURL.includes("/accounts/")) return this.signedOut();
    const problems = page.querySelector("[data-problems]");
    this.say(problems ? problems.innerText || problems.textContent.trim().replace(/\s+/g, " ")
      : this.form.dataset.wentWrong, "late");
  }

  // The session has ended: everything is kept, and here again after signing in.
  signedOut() {
    this.say(this.form.dataset.signedOut, "late");
    const link = document.createElement("a");
    link.className = "btn btn-primary btn-wide";
    link.href = this.form.dataset.signIn;
    link.textContent = this.form.dataset.signInLabel;
    this.words.append(link);
    link.focus();
  }

  async sendPhotos() {
    const album = this.album;
    const waiting = album ? album.photos.filter((photo) => photo.state !== "done") : [];
    await Promise.all(waiting.map((photo) => photo.ready));
    const left = waiting.filter((photo) => album.photos.includes(photo));
    // Known from now on where they belong: another page can send them if this one is closed.
    await Promise.all(left.map((photo) => keep(this.record(photo))));
    const refused = [];
    for (const [index, photo] of left.entries()) {
      this.say(this.form.dataset.sendingPhoto.replace("{n}", index + 1).replace("{of}", left.length));
      album.mark(photo, 0);
      let reason = "";
      try {
        reason = await sendPhoto(this.record(photo), this.token, (share) => album.mark(photo, share));
      } catch (error) {
        album.mark(photo, 0, "failed");
        throw error;
      }
      await drop(photo.id);
      if (reason) refused.push(`${photo.file.name}: ${reason}`);
      album.mark(photo, 1, reason ? "refused" : "done");
    }
    this.finish(refused);
  }

  record({ id, file }) {
    return { id, draft: this.form.dataset.draft, blob: file, name: file.name, at: Date.now(), to: this.receipt.to };
  }

  get token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  finish(refused) {
    this.wanted = false;
    if (refused.length === 0) {
      location.assign(this.receipt.url);
      return;
    }
    this.say(`${this.form.dataset.refused} ${refused.join(" ")}`, "late");
    const link = document.createElement("a");
    link.className = "btn btn-primary btn-wide";
    link.href = this.receipt.url;
    link.textContent = this.form.dataset.goOn;
    this.words.append(link);
    link.focus();
  }
}

export function startSending(form, album) {
  const sender = new Sender(form, album);
  const offline = form.querySelector("[data-offline]");
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || (event.submitter && event.submitter.name === "look")) return;
    event.preventDefault();
    sender.send();
  });
  window.addEventListener("offline", () => {
    offline.hidden = false;
  });
  window.addEventListener("online", () => {
    offline.hidden = true;
    if (sender.wanted) sender.send();
    else sender.say(form.dataset.onlineAgain, "ok");
  });
  offline.hidden = navigator.onLine !== false;
}

// Photographs of a ticket that were left behind when a page was closed: sent from any page.
export async function sendLeftovers(place) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const left = (await kept(place.dataset.leftover)).filter((photo) => photo.to);
  if (left.length === 0) return;
  const words = place.querySelector("[data-leftover-words]");
  place.hidden = false;
  const send = async () => {
    words.textContent = place.dataset.sending.replace("{n}", left.length);
    try {
      while (left.length) {
        await sendPhoto(left[0], headers["X-CSRFToken"], () => {});
        await drop(left.shift().id);
      }
      words.textContent = place.dataset.done;
    } catch (error) {
      words.textContent = place.dataset.failed.replace("{n}", left.length);
    }
  };
  window.addEventListener("online", () => left.length && send());
  await send();
}
