// Starts the service worker (/sw.js), and tells it who is here and what this page was made of.
//
// The worker keeps a technician's jobs for the dead spots, for that person only; for everybody it
// keeps the page that says that there is no network.
async function tell(worker, message) {
  const ready = await navigator.serviceWorker.ready;
  (worker ?? ready.active)?.postMessage(message);
}

export async function tellWorker(message) {
  if (!("serviceWorker" in navigator)) return;
  await tell(navigator.serviceWorker.controller, message);
}

function assets() {
  return performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(`${location.origin}/static/`));
}

async function begin() {
  const { worker, person = "" } = document.body.dataset;
  try {
    await navigator.serviceWorker.register(worker, { scope: "/" });
  } catch {
    return; // private windows, old kernels: the portal works without it
  }
  const lang = document.documentElement.lang;
  await tellWorker({ kind: "here", person, lang, assets: assets() });
}

// After the page, so that the first visit waits for nothing.
export function startOffline() {
  if (!("serviceWorker" in navigator) || !document.body.dataset.worker) return;
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
}
