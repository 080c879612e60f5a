// A part of the page that takes its time says so where it stands: it keeps its size, grows pale and
// shimmers (see .is-waiting). Quick answers show nothing at all.
const PATIENCE = 300;
const waiting = new Map();

function begin(request, part) {
  part.setAttribute("aria-busy", "true");
  waiting.set(request, {
    part,
    timer: setTimeout(() => part.classList.add("is-waiting"), PATIENCE),
  });
}

function end(request) {
  const found = waiting.get(request);
  if (!found) return;
  waiting.delete(request);
  clearTimeout(found.timer);
  found.part.classList.remove("is-waiting");
  found.part.removeAttribute("aria-busy");
}

export function startWaiting() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.target;
    if (part && part !== document.body) begin(event.detail.xhr, part);
  });
  // Also when it failed, was taken back, or the part has gone meanwhile.
  for (const name of ["htmx:afterRequest", "htmx:sendAbort", "htmx:timeout"]) {
    document.addEventListener(name, (event) => end(event.detail.xhr));
  }
}
