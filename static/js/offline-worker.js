// The service worker; /sw.js imports it. It answers only
// - static files: from the cache when their name holds their digest, else from the network first;
// - a technician's jobs: from the network, and in a dead spot as they were last seen;
// - any other page without a network: with the page that says so.
// What is kept of jobs belongs to one person and goes when they sign out, when somebody else signs
// in, when the server sends them to sign in, and after a day.
const SHELL = "shell-1";
const JOBS = "jobs";
const STATE = "state-1";
const DAY = 24 * 60 * 60 * 1000;
const PATIENCE = 6000; // milliseconds: a weak signal is none
const LANGUAGES = ["zh-hans", "zh-hant", "en"];
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const JOB_PAGE = /^\/[\w-]+\/jobs\/(?:[0-9a-f-]{36}\/)?$/;
const ATTACHMENT = /^\/[\w-]+\/attachments\/[0-9a-f-]{36}\/$/;
const PICTURE = /<img[^>]+src="(\/[\w-]+\/attachments\/[0-9a-f-]{36}\/)"/g;
const ASSET = /(?:href|src)="(\/static\/[^"]+)"/g;
const ACCOUNTS = "/accounts/";
const CHOICES = ["/accounts/language/", "/accounts/theme/"];
const PERSON = "X-Portal-Person";
const MOST_PAGES = 60;

const jobsOf = (person) => `${JOBS}:${person}`;
const offlinePage = (language) => `/accounts/offline/?language=${language}`;

async function state() {
  const kept = await (await caches.open(STATE)).match("/state");
  return kept ? kept.json() : { person: "", language: "" };
}

async function setState(changes) {
  const next = { ...(await state()), ...changes };
  await (await caches.open(STATE)).put("/state", new Response(JSON.stringify(next)));
}

async function forgetJobs(except = "") {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${JOBS}:`) && name !== jobsOf(except)) await caches.delete(name);
  }
}

// --- beginning ---

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL);
      const pages = LANGUAGES.map(offlinePage);
      await shell.addAll(pages);
      const words = await (await shell.match(pages[0])).text();
      await shell.addAll([...words.matchAll(ASSET)].map(([, address]) => address));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

// --- answering ---

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    // Signing in or out: whose jobs are kept here is no longer certain.
    const changes = url.pathname.startsWith(ACCOUNTS) && !CHOICES.includes(url.pathname);
    if (changes && request.mode === "navigate") event.waitUntil(forgetJobs());
    return;
  }
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (ATTACHMENT.test(url.pathname) && request.mode !== "navigate")
    event.respondWith(picture(request));
  else if (request.mode === "navigate")
    event.respondWith(JOB_PAGE.test(url.pathname) ? jobPage(event) : page(event));
});

async function asset(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.status === 200) await shell.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function picture(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(jobsOf((await state()).person))).match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function page(event) {
  try {
    return await fetch(event.request);
  } catch {
    return offline();
  }
}

async function offline() {
  const shell = await caches.open(SHELL);
  const { language } = await state();
  const asked = language || self.navigator.language.toLowerCase();
  const fitting = LANGUAGES.find((each) => asked.startsWith(each)) ??
    (asked.startsWith("en") ? "en" : /tw|hk|mo|hant/.test(asked) ? "zh-hant" : "zh-hans");
  const kept = await shell.match(offlinePage(fitting));
  return kept ?? Response.error();
}

function impatient(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), PATIENCE);
    promise.then(resolve, reject);
  });
}

async function jobPage(event) {
  const coming = fetch(event.request).then((answer) => keep(event.request.url, answer));
  event.waitUntil(coming.catch(() => {}));
  const kept = await known(event.request.url);
  try {
    return await (kept ? impatient(coming) : coming);
  } catch {
    return kept ?? offline();
  }
}

// The page as this person last saw it, if that was today.
async function known(url) {
  const { person } = await state();
  if (!person) return null;
  const jobs = await caches.open(jobsOf(person));
  const kept = (await jobs.match(url)) ?? (await jobs.match(url, { ignoreSearch: true }));
  if (!kept) return null;
  const age = Date.now() - Date.parse(kept.headers.get("date") ?? "");
  if (!(Math.abs(age) < DAY)) return null;
  const words = await kept.text();
  // The page says itself that it may be old.
  return new Response(words.replace("data-outbox-bar", "data-outbox-bar data-kept"), {
    status: 200,
    headers: kept.headers,
  });
}

// Keeps a job's page if it is one of a signed-in person; an answer that sends one to sign in ends
// what was kept.
async function keep(url, answer) {
  const person = answer.headers.get(PERSON);
  if (answer.redirected || answer.type === "opaqueredirect") {
    const lost = answer.type === "opaqueredirect" ||
      new URL(answer.url).pathname.startsWith(ACCOUNTS);
    if (lost) await forgetJobs();
    return answer;
  }
  if (answer.status === 404 || answer.status === 403) await dropPage(url);
  if (!answer.ok || !person) return answer;
  await belongsTo(person);
  const jobs = await caches.open(jobsOf(person));
  await jobs.put(url, answer.clone());
  return answer;
}

async function dropPage(url) {
  const { person } = await state();
  if (person) await (await caches.open(jobsOf(person))).delete(url);
}

async function belongsTo(person) {
  if ((await state()).person !== person) await setState({ person });
  await forgetJobs(person);
}

// --- being told ---

self.addEventListener("message", (event) => {
  const { kind } = event.data ?? {};
  if (kind === "here") event.waitUntil(here(event.data));
  else if (kind === "keep") event.waitUntil(keepPages(event.data));
});

async function here({ person, lang, assets }) {
  const before = await state();
  // A page of a visitor, or of anybody else, is the end of what was kept.
  if (before.person !== person) {
    await setState({ person });
    await forgetJobs(person);
  }
  if (lang && lang !== before.language) await setState({ language: lang.toLowerCase() });
  const shell = await caches.open(SHELL);
  for (const url of assets) {
    // What the page has just loaded need not come a second time.
    const held = new Request(url, { cache: "force-cache" });
    if (!(await shell.match(url))) await shell.add(held).catch(() => {});
  }
}

// The jobs of the list, before the person walks into the basement.
async function keepPages({ urls, person }) {
  if (!person) return;
  await belongsTo(person);
  const jobs = await caches.open(jobsOf(person));
  for (const url of urls.slice(0, MOST_PAGES)) {
    try {
      const answer = await keep(url, await fetch(url, { redirect: "follow" }));
      if (!answer.ok || answer.redirected) continue;
      const words = await (await jobs.match(url))?.text();
      for (const [, source] of (words ?? "").matchAll(PICTURE)) {
        if (!(await jobs.match(source))) await jobs.add(source).catch(() => {});
      }
    } catch {
      return;
    }
  }
  await tidy(jobs, urls);
}

// Jobs that are no longer in the list leave the telephone.
async function tidy(jobs, urls) {
  const wanted = new Set(urls.map((each) => new URL(each, self.location.origin).pathname));
  for (const request of await jobs.keys()) {
    const { pathname } = new URL(request.url);
    const isJob = /\/jobs\/[0-9a-f-]{36}\/$/.test(pathname);
    if (isJob && !wanted.has(pathname)) await jobs.delete(request);
  }
}

// --- sending what waits, also while no page is open ---

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendOutbox());
});

async function sendOutbox() {
  const outcome = await self.Outbox.flush();
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "outbox" });
  if (outcome.state === "offline" || outcome.state === "later") throw new Error("later");
}
