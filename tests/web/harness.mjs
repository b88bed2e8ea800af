// What the page's tests share: a server for the built folder, a real Chromium, and named cases.
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {deflateSync} from 'node:zlib';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const web = join(root, 'web');
export const dist = process.env.CCX_WEB_DIST ?? join(web, 'dist');
export const data = join(root, 'tests/data');
const SKIP = 77; // what ctest takes for "skipped"

// Packages of web/node_modules.
export const packageOf = createRequire(join(web, 'package.json'));

export function skip(reason) {
  console.error(`SKIPPED: ${reason}`);
  process.exit(SKIP);
}

export function chromiumPath() {
  const found = [process.env.CCX_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
  if (!found) skip('no Chromium (scripts/setup_web.sh installs it, CCX_CHROMIUM=PATH names one)');
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

export async function useExample(page, index = 0) {
  await page.locator('#examples button').nth(index).click();
  await page.waitForFunction((i) => document.querySelectorAll('#examples button')[i].getAttribute('aria-pressed') === 'true', index);
}

export async function describe(page, state = 'done') {
  await page.getByRole('button', {name: 'Describe the change'}).click();
  await page.waitForSelector(`#caption[data-state="${state}"]`, {state: 'attached', timeout: 120_000});
  return (await page.locator('#caption').textContent()).trim();
}

const scratch = [];
process.on('exit', () => scratch.forEach((folder) => rmSync(folder, {recursive: true, force: true})));

// A new folder, removed when the tests end.
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ccx-web-test-'));
  scratch.push(folder);
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

// A PNG from rows of bytes; colour type 2 is RGB, 6 RGBA.
export function png(width, height, rows, colourType = 2) {
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
  head.set([8, colourType, 0, 0, 0], 8);
  const channels = colourType === 6 ? 4 : 3;
  const raw = Buffer.alloc(height * (1 + width * channels));
  for (let y = 0; y < height && rows; ++y) Buffer.from(rows.subarray(y * width * channels, (y + 1) * width * channels)).copy(raw, y * (1 + width * channels) + 1);
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
export {join, readFileSync, writeFileSync, mkdtempSync, rmSync, existsSync, tmpdir};
