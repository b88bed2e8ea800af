// Keeps the page for visits without a network. Models are none of its business: the page stores those itself.
// The build fills in the version and the files (vite.config.ts).
const VERSION = '@VERSION@';
const FILES = '@FILES@';
const LATER = '@LATER@'; // kept when a caption was wanted: nobody else needs them
const RUNTIMES = '@RUNTIMES@'; // ONNX Runtime by backend, kept when a model has used it
const KEPT = 'kept.json'; // in the cache once all of LATER is there: {runtimes}, those that are there too. The page reads it
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

async function answer(event) {
  const {request} = event;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, {ignoreSearch: request.mode === 'navigate'});
  if (kept) return kept;
  const fresh = await fetch(request);
  const path = new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length);
  if (fresh.status === 200 && [LATER, ...Object.values(RUNTIMES)].some((paths) => paths.includes(path))) {
    event.waitUntil(cache.put(request, fresh.clone()).catch(() => undefined)); // beside: the page shows how much has come
  }
  return fresh;
}

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const scope = new URL(self.registration.scope);
  const url = new URL(request.url);
  const ours = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  const model = url.pathname.startsWith(`${scope.pathname}models/`);
  if (request.method !== 'GET' || !ours || model) return;
  event.respondWith(answer(event));
});

// The page has captioned: what that took stays. What the browser has fetched already comes out of its own cache.
async function keepLater(used) {
  const cache = await caches.open(CACHE);
  const isHere = async (path) => (await cache.match(path)) !== undefined;
  for (const path of [...LATER, ...used.flatMap((backend) => RUNTIMES[backend])]) {
    if (!(await isHere(path))) await cache.add(path).catch(() => undefined);
  }
  const areHere = async (paths) => (await Promise.all(paths.map(isHere))).every(Boolean);
  if (!(await areHere(LATER))) return;
  const runtimes = [];
  for (const [backend, paths] of Object.entries(RUNTIMES)) if (await areHere(paths)) runtimes.push(backend);
  await cache.put(KEPT, new Response(JSON.stringify({runtimes}), {headers: {'Content-Type': 'application/json'}}));
}

self.addEventListener('message', (event) => {
  if (event.data?.type !== 'keep') return;
  const over = () => event.ports[0]?.postMessage('over');
  event.waitUntil(keepLater(event.data.runtimes).then(over, over));
});
