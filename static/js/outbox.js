// What somebody did without a signal, kept in this browser until the server has answered.
//
// Read by pages (as a module) and by the service worker (importScripts), so it exports nothing and
// leaves one name behind: `Outbox`. Every entry has a key made here; the server does it once,
// however often it arrives. Entries leave in the order in which they were made, one at a time,
// and only in the name of the person who made them.
(() => {
  const NAME = "outbox";
  const STORE = "entries";
  const SIGN_IN = /\/accounts\//;
  let opened = null;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () =>
        asked.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
      asked.onsuccess = () => {
        asked.result.onclose = () => (opened = null);
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    }).catch((error) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function within(mode, act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const how = mode === "readwrite" ? { durability: "strict" } : undefined;
      const transaction = database.transaction(STORE, mode, how);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  function newKey() {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    const bytes = self.crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const all = () => within("readonly", (store) => store.getAll());
  const remove = (order) => within("readwrite", (store) => store.delete(order));
  const change = (entry) => within("readwrite", (store) => store.put(entry));

  // An entry: member, session, url, ticket, title, kind, then, says, fields; photo {blob, name}.
  async function add(entry) {
    const whole = { key: newKey(), saidAt: new Date().toISOString(), state: "waiting", ...entry };
    whole.order = await within("readwrite", (store) => store.add(whole));
    return whole;
  }

  async function again(entry) {
    await change({ ...entry, state: "waiting", problem: null });
  }

  // One at a time, whichever page or worker wants to.
  function alone(act) {
    if (!self.navigator.locks) return act();
    return self.navigator.locks.request("outbox", { ifAvailable: true }, (lock) =>
      lock ? act() : { state: "busy" },
    );
  }

  async function session(address) {
    const answer = await fetch(address, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    });
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return null;
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    return answer.json();
  }

  function body(entry) {
    const data = new FormData();
    for (const [name, value] of Object.entries(entry.fields)) data.append(name, value);
    data.append("said_at", entry.saidAt);
    data.append("sent_at", new Date().toISOString());
    if (entry.photo) data.append("upload", entry.photo.blob, entry.photo.name);
    return data;
  }

  // A photo's way can be watched where the browser lets one watch.
  function post(entry, token, onProgress) {
    const headers = {
      Accept: "application/json",
      "Idempotency-Key": entry.key,
      "X-CSRFToken": token,
    };
    if (!entry.photo || !onProgress || !self.XMLHttpRequest) {
      return fetch(entry.url, {
        method: "POST",
        headers,
        body: body(entry),
        credentials: "same-origin",
        redirect: "manual",
      });
    }
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", entry.url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) =>
        event.lengthComputable && onProgress(entry, event.loaded / event.total);
      request.onload = () => {
        const moved = SIGN_IN.test(new URL(request.responseURL, self.location).pathname);
        resolve({
          type: moved ? "opaqueredirect" : "basic",
          status: request.status,
          ok: request.status === 200,
          json: async () => JSON.parse(request.responseText),
        });
      };
      request.onerror = request.onabort = request.ontimeout = () => reject(new Error("no network"));
      request.send(body(entry));
    });
  }

  // What became of one entry: "taken", "refused" (kept, with the reason), or "stop".
  async function send(entry, token, onProgress) {
    const answer = await post(entry, token, onProgress);
    if (answer.type === "opaqueredirect" || answer.status === 401) return "sign-in";
    if (answer.ok) {
      await remove(entry.order);
      return "taken";
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return "later";
    const problem = await answer.json().catch(() => ({}));
    if (answer.status === 403 && !problem.code) return "later"; // the token was too old
    await change({
      ...entry,
      state: "refused",
      problem: { status: answer.status, detail: problem.detail ?? "", code: problem.code ?? "" },
    });
    return "refused";
  }

  async function walk(mine, address, onProgress, onEach) {
    const waiting = (await all()).filter((each) => each.state === "waiting");
    const ours = waiting.filter((each) => !mine || each.member === mine);
    if (ours.length === 0) return { state: "empty", taken: 0 };
    const who = await session(address ?? ours[0].session);
    if (!who) return { state: "sign-in", taken: 0 };
    let taken = 0;
    for (const entry of ours) {
      if (entry.member !== who.member) continue;
      const outcome = await send(entry, who.token, onProgress);
      if (outcome === "taken") taken += 1;
      await onEach?.(entry, outcome);
      if (outcome === "later" || outcome === "sign-in") return { state: outcome, taken };
    }
    return { state: "done", taken };
  }

  // Sends what waits. Never throws: without a network it says so.
  async function flush({ member = "", session: address, onProgress, onEach } = {}) {
    return alone(async () => {
      try {
        return await walk(member, address, onProgress, onEach);
      } catch {
        return { state: "offline", taken: 0 };
      }
    });
  }

  self.Outbox = { add, again, all, remove, flush };
})();
