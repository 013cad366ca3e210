// Without a connection, show a page of our own. Only that page and its style are stored.
const PAGE = "{{ url("offline") }}";
const STYLE = "{{ static("ui/built/portal.css") }}";
const STORED = [PAGE, STYLE, "{{ url("house_style") }}"];
const CACHE = `offline ${STYLE}`;

async function store() {
  const cache = await caches.open(CACHE);
  await cache.addAll(STORED);
}

async function deleteOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fetchOr(stored, request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(stored);
  }
}

addEventListener("install", (event) => event.waitUntil(store()));
addEventListener("activate", (event) => event.waitUntil(deleteOldCaches()));
addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") {
    event.respondWith(fetchOr(PAGE, event.request));
  } else if (STORED.includes(path)) {
    event.respondWith(fetchOr(path, event.request));
  }
});
