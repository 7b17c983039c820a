// Shows the empty page on a phone without a line, so that a question can be written and is sent when the line is back.
// It reads what static/more.js has kept, and keeps nothing itself: no question, no answer.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function shell(address) {
  const language = new URL(address).searchParams.get("lang");
  const found = language && (await caches.match(`/shell?lang=${language}`));
  if (found) return found;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (new URL(request.url).pathname === "/shell") return cache.match(request);
  }
  return Response.error();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === "/") {
    event.respondWith(fetch(request).catch(() => shell(request.url)));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
