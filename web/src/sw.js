// Keeps the page for visits without a network. Models are none of its business: the page stores those itself.
// The build fills in the version and the files (vite.config.ts).
const VERSION = '@VERSION@';
const FILES = '@FILES@';
const LATER = '@LATER@'; // kept when a caption was wanted: nobody else needs them
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
  const path = new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length);
  if (fresh.status === 200 && (LATER.includes(path) || /asyncify|webgpu/.test(path))) await cache.put(request, fresh.clone());
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

// The page has captioned: what that took stays. What the browser has fetched already comes out of its own cache.
async function keepLater() {
  const cache = await caches.open(CACHE);
  for (const path of LATER) {
    if (!(await cache.match(path))) await cache.add(path).catch(() => undefined);
  }
}

self.addEventListener('message', (event) => {
  if (event.data?.type !== 'keep') return;
  event.waitUntil(keepLater().then(() => event.ports[0]?.postMessage('kept')));
});
