// A call that takes long stays with whoever makes it: while they work on the page it says so to the
// server every few minutes. A page that was left open says nothing, and the home goes to somebody
// else in time. Without this file the home is held anew by each sending.
const EVERY = 120_000; // milliseconds
const notice = document.querySelector("[data-hold]");
let held = Date.now();

// What has come between is said now, not after the last question.
function say(sentence) {
  notice.querySelector("p").textContent = sentence;
  notice.hidden = !sentence;
}

async function hold() {
  if (Date.now() - held < EVERY) return;
  const before = held;
  held = Date.now();
  try {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(notice.dataset.hold, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      redirect: "manual",
    });
    if (answer.status === 409) say((await answer.json()).sentence);
    else if (answer.ok) say("");
  } catch {
    held = before; // no connection: the next key tries again
  }
}

if (notice) for (const event of ["input", "keydown", "click"]) document.addEventListener(event, hold);
