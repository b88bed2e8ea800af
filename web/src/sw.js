// Keeps the page for visits without a network. Models are none of its business: the page stores those itself.
// The build fills in the version and the files (vite.config.ts).
const VERSION = '@VERSION@';
const FILES = '@FILES@';
const CACHE = `ccx-page-${VERSION}`;

self.addEventListener('install', (event) => {
  const requests = FILES.map((path) => new Request(path, {cache: 'no-cache'}));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('ccx-page-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, {ignoreSearch: request.mode === 'navigate'});
  if (kept) return kept;
  const fresh = await fetch(request);
  // The WebGPU runtime, which not every visit needs.
  if (fresh.ok && request.url.includes('asyncify')) await cache.put(request, fresh.clone());
  return fresh;
}

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const scope = new URL(self.registration.scope);
  const url = new URL(request.url);
  const ours = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  const model = url.pathname.startsWith(`${scope.pathname}models/`);
  if (request.method !== 'GET' || !ours || model) return;
  event.respondWith(answer(request));
});
