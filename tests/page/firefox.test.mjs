// The page in Firefox: what it says of a pair is what it says in Chromium, with threads and without.
//
// Firefox is driven over WebDriver BiDi, its own protocol, as Debian delivers it.
import assert from 'node:assert/strict';
import {basename} from 'node:path';
import {serve} from '../../web/scripts/serve.mjs';
import {choose, chromiumPath, describe, dist, existsSync, join, mkdtempSync, needsBuild, newFolder, packageOf, picture, png, rmSync, runExample, runTests, skip, test, tmpdir, withPage, writeFileSync} from './harness.mjs';
import {tiff} from './pictures.mjs';

needsBuild();
chromiumPath();
const path = [process.env.CCX_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((each) => each && existsSync(each));
if (!path) skip('no Firefox (apt-get install firefox-esr, where the distribution has it; CCX_FIREFOX=PATH names one)', 'machine');

const PATIENCE_MS = 120_000; // of a machine that does other things too

async function withFirefox(options, body) {
  const {server, url} = await serve({dir: dist, prefix: '/', ...options});
  const profile = mkdtempSync(join(tmpdir(), 'ccx-firefox-'));
  const browser = await packageOf('puppeteer-core').launch({
    browser: 'firefox', executablePath: path, headless: true, userDataDir: profile, protocolTimeout: PATIENCE_MS, timeout: PATIENCE_MS,
    env: {...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1'}, // root in a container has no name spaces for it
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.setViewport({width: 1280, height: 900});
    await page.goto(url);
    await page.waitForSelector('#examples button');
    try {
      await body(page, errors);
    } catch (error) {
      console.log(`      Firefox shows: ${await textOf(page, '#caption')} ${await textOf(page, '#error')} ${await textOf(page, '#status')}; its console: ${errors.join('; ')}`);
      throw error;
    }
  } finally {
    await browser.close();
    rmSync(profile, {recursive: true, force: true});
    server.closeAllConnections();
    server.close();
  }
}

const textOf = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());
const textsOf = (page, selector) => page.$$eval(selector, (elements) => elements.map((element) => element.textContent.trim()));

async function finished(page) {
  await page.waitForSelector('#caption[data-state="done"]');
  return textOf(page, '#caption');
}

// An act in Chromium and the same in Firefox; each gives the caption.
const example = (which) => ({
  chromium: (page) => runExample(page, which),
  firefox: async (page) => {
    const id = await page.$$eval('#examples button', (buttons, at) => buttons[at].dataset.example, which);
    await page.$$eval('#examples button', (buttons, at) => buttons[at].click(), which);
    await page.waitForFunction((wanted) => document.querySelector('#hint-before').textContent.startsWith(`${wanted}_before`), {}, id);
    return finished(page);
  },
});
const chosen = (before, after) => ({
  chromium: async (page) => {
    await choose(page, before, after);
    return describe(page);
  },
  firefox: async (page) => {
    for (const [side, file] of [['before', before], ['after', after]]) {
      await (await page.$(`#file-${side}`)).uploadFile(file);
      await page.waitForFunction((hint, name) => document.querySelector(hint).textContent.startsWith(name), {}, `#hint-${side}`, basename(file));
    }
    await page.waitForFunction(() => /Ready/.test(document.querySelector('#caption').textContent));
    await page.$eval('#run', (button) => button.click());
    return finished(page);
  },
});

// What both tell of a result.
const numbers = async (page) => ({p: await textOf(page, '#p-change-text'), places: await textsOf(page, '#places-list li'), legend: await textsOf(page, '#legend li')});

test('captions, probabilities and places are those of Chromium: of JPEG, PNG with transparency, deep PNG and TIFF', async () => {
  const folder = newFolder();
  const [width, height] = [64, 64];
  const shade = (i, c, phase) => 0.5 + 0.25 * Math.sin((i % width) / (7 + c) + phase) + 0.2 * Math.cos(Math.floor(i / width) / (5 + c) - phase);
  const values = (bands, scale, phase) => Uint16Array.from({length: width * height * bands}, (_, k) => scale * shade(Math.floor(k / bands), k % bands, phase));
  writeFileSync(join(folder, 'clear.png'), png(width, height, Uint8Array.from(values(4, 255, 0)), 6));
  writeFileSync(join(folder, 'deep.png'), png(width, height, Buffer.from(values(3, 9000, 1).buffer).swap16(), 2, 16));
  writeFileSync(join(folder, 'words.tif'), tiff({width, height, bands: 3, bits: 16, values: values(3, 3000, 2)}));
  const acts = [example(0), example(3), chosen(picture('pair1_A.png'), picture('pair1_B.png')), chosen(join(folder, 'clear.png'), join(folder, 'deep.png')), chosen(join(folder, 'deep.png'), join(folder, 'words.tif'))];
  const expected = [];
  await withPage({}, async ({page}) => {
    for (const act of acts) {
      const caption = await act.chromium(page);
      expected.push({caption, p: await page.locator('#p-change-text').textContent().then((text) => text.trim()), places: await page.locator('#places-list li').allTextContents(), legend: (await page.locator('#legend li').allTextContents()).map((text) => text.trim())});
    }
  });
  await withFirefox({}, async (page, errors) => {
    for (const [i, act] of acts.entries()) {
      const caption = await act.firefox(page);
      assert.deepEqual({caption, ...(await numbers(page))}, {...expected[i], places: expected[i].places.map((text) => text.trim())}, `pair ${i}`);
    }
    assert.match(await textOf(page, '#backend'), /WebAssembly, \d+ thread/);
    assert.deepEqual(errors, []);
  });
  await withFirefox({plain: true}, async (page) => {
    assert.equal(await acts[0].firefox(page), expected[0].caption);
    assert.match(await textOf(page, '#backend'), /1 thread/);
  });
});

await runTests();
