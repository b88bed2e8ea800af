// What the page's tests share: a server for the built folder, a real Chromium, and named cases.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {deflateSync} from 'node:zlib';
import {serve} from '../../web/scripts/serve.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const web = join(root, 'web');
export const dist = process.env.CCX_WEB_DIST ?? join(web, 'dist');
export const data = join(root, 'tests/data');
const SKIP = 77; // what ctest takes for "skipped"

// Packages of web/node_modules.
export const packageOf = createRequire(join(web, 'package.json'));

// lacking: what `make test` installs may not be missing there; a machine may lack what it cannot.
export function skip(reason, lacking = 'installed') {
  console.error(`SKIPPED[${lacking}]: ${reason}`); // scripts/count_tests.py reads it
  process.exit(SKIP);
}

export function chromiumPath() {
  const found = [process.env.CCX_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
  if (!found) skip('no Chromium (scripts/setup_tests.sh installs it, CCX_CHROMIUM=PATH names one)');
  return found;
}

export function needsBuild() {
  if (!existsSync(join(dist, 'index.html'))) skip('web/dist is not built (make web-build)');
  if (!existsSync(join(web, 'node_modules/playwright-core'))) skip('web/node_modules is missing (scripts/setup_web.sh)');
}

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// A browser with a profile of its own, that close() removes.
export async function openBrowser({flags = [], viewport = {width: 1280, height: 900}, colorScheme = 'light', profile = undefined, serviceWorkers = 'allow'} = {}) {
  const {chromium} = packageOf('playwright-core');
  const folder = profile ?? mkdtempSync(join(tmpdir(), 'ccx-web-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(), args: [...FLAGS, ...flags], ignoreDefaultArgs: ['--enable-automation'], viewport, colorScheme, serviceWorkers, acceptDownloads: true,
  });
  return {
    context,
    folder,
    async close() {
      await context.close();
      if (!profile) rmSync(folder, {recursive: true, force: true});
    },
  };
}

// A page, with everything that its console calls an error.
export async function openPage(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url, {timeout: 120_000});
  await page.waitForSelector('#examples button');
  await page.waitForFunction(() => document.querySelector('#model-info').textContent.trim().length > 1);
  return {page, errors};
}

const captionOf = async (page, state) => {
  await page.waitForSelector(`#caption[data-state="${state}"]`, {state: 'attached', timeout: 120_000});
  return (await page.locator('#caption').textContent()).trim();
};

// A click on an example, given by its place or its id, runs it. Gives the caption: not that of the run before, which stands there until this one begins.
export async function runExample(page, which = 0, state = 'done') {
  const button = typeof which === 'string' ? page.locator(`#examples button[data-example="${which}"]`) : page.locator('#examples button').nth(which);
  await untilSeen(page, '#caption', /./, () => button.click());
  const id = await button.getAttribute('data-example');
  await page.waitForFunction((wanted) => document.querySelector('#hint-before').textContent.startsWith(`${wanted}_before`), id);
  return captionOf(page, state);
}

export async function describe(page, state = 'done') {
  await untilSeen(page, '#caption', /./, () => page.getByRole('button', {name: 'Describe the change'}).click());
  return captionOf(page, state);
}

export const binary = process.env.CCX_BINARY ?? join(root, 'build/ccx');
export const picture = (name) => join(data, 'reference/images', name);
export const errorText = async (page) => (await page.locator('#error').textContent()).trim();

export function ccx(...words) {
  return spawnSync(binary, words, {encoding: 'utf8', maxBuffer: 1 << 26});
}

// Runs `body` with a page at a server of its own.
export async function withPage(options, body) {
  const {dir = dist, prefix = '/', plain = false, intercept, query = '', ...browserOptions} = options;
  const {server, url} = await serve({dir, prefix, plain, intercept});
  const browser = await openBrowser(browserOptions);
  try {
    const opened = await openPage(browser.context, url + query);
    try {
      await body({...opened, url, context: browser.context, server});
    } catch (error) {
      if (opened.errors.length) console.log(`      the page's console: ${opened.errors.join('; ')}`);
      throw error;
    }
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

export async function choose(page, before, after) {
  if (before) await page.getByLabel('Before').setInputFiles(before);
  if (after) await page.getByLabel('After').setInputFiles(after);
}

// Files as a drop or a paste carries them: names to bytes, or to a path.
export function transferOf(page, files) {
  const packed = Object.entries(files).map(([name, content]) => [name, Buffer.from(typeof content === 'string' ? readFileSync(content) : content).toString('base64')]);
  return page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const [name, base64] of list) data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    return data;
  }, packed);
}

export async function drop(page, selector, files) {
  await page.locator(selector).dispatchEvent('drop', {dataTransfer: await transferOf(page, files)});
}

export async function paste(page, files) {
  const clipboard = await transferOf(page, files);
  await page.evaluate((data) => document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})), clipboard);
}

// Waits until the text of an element matches.
export async function untilText(page, selector, pattern) {
  await page.waitForFunction(([at, source]) => new RegExp(source, 's').test(document.querySelector(at)?.textContent ?? ''), [selector, pattern.source]);
  return (await page.locator(selector).textContent()).trim();
}

// Acts, and waits until the element's HTML has matched once: what stands there for a moment only is looked for from before the act that brings it.
export async function untilSeen(page, selector, pattern, act) {
  const seen = page.evaluate(([at, source]) => new Promise((resolve, reject) => {
    const element = document.querySelector(at);
    new MutationObserver(() => new RegExp(source).test(element.outerHTML) && resolve()).observe(element, {attributes: true, childList: true, characterData: true, subtree: true});
    setTimeout(() => reject(new Error(`${at} never matched ${source}: ${element.outerHTML}`)), 60_000);
  }), [selector, pattern.source]);
  await Promise.all([seen, act()]);
}

// What a button that copies puts on the clipboard.
export async function copiedBy(page, selector) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await untilSeen(page, selector, />Copied</, () => page.locator(selector).click());
  return page.evaluate(() => navigator.clipboard.readText());
}

// The page with another model in the place of its default.
export function distWith(folder) {
  const copy = copyOfDist();
  rmSync(join(copy, 'models/default'), {recursive: true});
  cpSync(folder, join(copy, 'models/default'), {recursive: true});
  return copy;
}

// The tiny test checkpoint, whose random weights never come to an end by themselves.
export function exportTiny(...options) {
  const folder = newFolder();
  const result = ccx('export', '--model', join(data, 'reference/tiny'), '--out', join(folder, 'out'), ...options);
  if (result.status !== 0) throw new Error(`ccx export failed: ${result.stderr}`);
  return join(folder, 'out');
}

// Puts `prelude` in front of the own code of a worker, `name`, where `on()`, asked each time that one starts, says so. Without a service worker, which
// would hand out the code that it has kept.
function scriptWith(name, prelude, on, changed) {
  const intercept = (request, response, path) => {
    if (!new RegExp(`/assets/${name}-[^/]*\\.js$`).test(path) || !on()) return false;
    const code = changed(readFileSync(join(dist, path), 'utf8'));
    response.writeHead(200, {'Content-Type': 'text/javascript', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': 'no-store'});
    response.end(`${prelude};\n${code}`);
    return true;
  };
  return {intercept, serviceWorkers: 'block'};
}
// The model's worker, and the second one beside it.
export const workerWith = (prelude, on = () => true, changed = (code) => code) => scriptWith('worker', prelude, on, changed);
export const lookerWith = (prelude, on = () => true) => scriptWith('looker', prelude, on, (code) => code);

// A model worker that says what a pair comes to, whatever its model finds: fields of a result (web/src/protocol.ts).
export const sayingWorker = (result) => workerWith(`
  const post = self.postMessage.bind(self);
  self.postMessage = (told, options) => post(told.type === 'answer' && told.value?.timings ? {...told, value: {...told.value, ...${JSON.stringify(result)}}} : told, options)`);

// A model worker that can be made to crash: dieAt(n) in its n-th caption from now on, die() at once.
export const mortalWorker = () => workerWith(`
  let left = -1;
  self.die = () => void setTimeout(() => { throw new Error('struck by lightning'); });
  self.dieAt = (n) => { left = n; };
  self.addEventListener('message', ({data}) => { if (data.type === 'caption' && left-- === 0) self.die(); })`);

// Example pairs whose change no model overlooks: many new houses on bare ground.
export const CHANGED = ['pair_000006', 'pair_000013'];
export const examplePicture = (id, side) => join(root, 'examples/pairs', side === 'before' ? 'A' : 'B', `${id}.jpg`);

// A change head that sees a disc of new buildings and, a little less surely, a bar of road, whatever the pictures are.
const paintingHead = `
  self.paint = (seen) => {
    const [side, cells] = [64, 64 * 64];
    const data = new Float32Array(7 * cells);
    for (let y = 0; y < side; ++y) for (let x = 0; x < side; ++x) {
      const [building, road] = [Math.hypot(x - 40, y - 20) < 9 ? 0.9 : 0.1, y > 50 && y < 56 && x > 4 ? 0.8 : 0];
      data.set([1 - building - (building > 0.5 ? 0 : road)], y * side + x);
      data.set([building], cells + y * side + x);
      data.set([building > 0.5 ? 0 : road], 3 * cells + y * side + x);
    }
    return {...seen, head: seen.head && {flag: seen.head.flag, map: data, height: side, width: side}};
  }`;

// A model worker with that head in the place of its model's, where that has one: as the core sees for it.
export const paintingWorker = () => workerWith(paintingHead, () => true, (code) => {
  const painted = code.replace(/this\.vision\.compare\(\w+,\w+\)/, 'self.paint($&)');
  if (painted === code) throw new Error('the worker compares pictures in another way than paintingWorker() knows');
  return painted;
});

export const savedBy = async (page, act) => {
  const waiting = page.waitForEvent('download');
  await act();
  return (await waiting).path();
};

const scratch = [];
process.on('exit', () => scratch.forEach((folder) => rmSync(folder, {recursive: true, force: true})));

// A new folder, removed when the tests end.
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ccx-web-test-'));
  scratch.push(folder);
  return folder;
}

// Folders A and B of `count` pairs.
export function folderOf(count) {
  const folder = newFolder();
  for (const side of ['A', 'B']) {
    mkdirSync(join(folder, side));
    for (let i = 0; i < count; ++i) writeFileSync(join(folder, side, `p${String(i).padStart(3, '0')}.png`), readFileSync(picture(`pair${i % 3}_${side}.png`)));
  }
  return folder;
}

// A copy of web/dist that a test may spoil.
export function copyOfDist() {
  const folder = newFolder();
  cpSync(dist, folder, {recursive: true});
  return folder;
}

export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

// A PNG from rows of bytes; colour type 0 is grey, 2 RGB, 6 RGBA. 16 bits are big-endian.
export function png(width, height, rows, colourType = 2, depth = 8) {
  const table = Array.from({length: 256}, (_, n) => {
    for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const crc = (bytes) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type, content) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, colourType, 0, 0, 0], 8);
  const row = (width * {0: 1, 2: 3, 4: 2, 6: 4}[colourType] * depth) / 8;
  const raw = Buffer.alloc(height * (1 + row));
  for (let y = 0; y < height && rows; ++y) Buffer.from(rows.subarray(y * row, (y + 1) * row)).copy(raw, y * (1 + row) + 1);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows ? raw : Buffer.alloc(0))), chunk('IEND', Buffer.alloc(0))]);
}

const cases = [];

export function test(name, body) {
  cases.push({name, body});
}

// Runs the cases of this file in order; a word on the command line picks those whose name holds it.
export async function runTests() {
  const wanted = process.argv[2] ?? '';
  let failed = 0;
  for (const {name, body} of cases.filter((each) => each.name.includes(wanted))) {
    const began = Date.now();
    try {
      await body();
      console.log(`ok    ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      ++failed;
      console.log(`FAIL  ${name}\n${error?.stack ?? error}`);
    }
  }
  if (failed) console.log(`${failed} failed`);
  process.exit(failed ? 1 : 0);
}

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
export {join, mkdirSync, readFileSync, writeFileSync, mkdtempSync, rmSync, existsSync, tmpdir};
