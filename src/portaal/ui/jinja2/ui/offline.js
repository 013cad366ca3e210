// Without a connection: a page of our own instead of the browser's. It keeps that page and its style, nothing of a person.
const PAGE = "{{ url("offline") }}";
const KEPT = [PAGE, "{{ static("ui/built/portal.css") }}", "{{ url("house_style") }}"];
const NAME = "offline {{ static("ui/built/portal.css") }}";

addEventListener("install", (event) => event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT))));
addEventListener("activate", (event) =>
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))))));
addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  else if (KEPT.includes(path)) event.respondWith(fetch(event.request).catch(() => caches.match(path)));
});
