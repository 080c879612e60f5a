// Photographs that wait on this device, in IndexedDB: {id, draft, blob, name, at, to}.
// `to` is the address they are to be sent to, once their ticket is known. Where there is no
// storage (private windows), nothing is kept and nothing breaks.
const NAME = "portal";
const STORE = "photos";
const LONGEST = 7 * 86_400_000;

let opening = null;

function open() {
  opening = opening || new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opening;
}

async function within(mode, act) {
  try {
    const base = await open();
    return await new Promise((done, failed) => {
      const deal = base.transaction(STORE, mode);
      const asked = act(deal.objectStore(STORE));
      deal.oncomplete = () => done(asked && asked.result);
      deal.onerror = deal.onabort = () => failed(deal.error);
    });
  } catch (error) {
    return undefined; // no storage here, or a full one
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const keep = (photo) => within("readwrite", (store) => store.put(photo));

export const drop = (id) => within("readwrite", (store) => store.delete(id));

export const allKept = async () => (await within("readonly", (store) => store.getAll())) || [];

// What is kept under a name, the oldest first; what is too old is thrown away.
export async function kept(draft) {
  const fresh = [];
  for (const photo of await allKept()) {
    if (Date.now() - photo.at > LONGEST) drop(photo.id);
    else if (photo.draft === draft) fresh.push(photo);
  }
  return fresh.sort((one, other) => one.at - other.at);
}
