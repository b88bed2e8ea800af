// The page in Firefox: what it says is what it says in Chromium.
import assert from 'node:assert/strict';
import {serve} from '../../web/scripts/serve.mjs';
import {choose, chromiumPath, describe, dist, existsSync, join, needsBuild, newFolder, openPage, packageOf, picture, png, runExample, runTests, skip, test, tmpdir, untilText, withPage, writeFileSync, mkdtempSync, rmSync} from './harness.mjs';
import {tiff} from './pictures.mjs';

needsBuild();
chromiumPath();
const path = [process.env.CCX_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((each) => each && existsSync(each));
if (!path) skip('no Firefox (apt-get install firefox-esr, CCX_FIREFOX=PATH names one)');

// Over WebDriver BiDi, which Firefox speaks as it is delivered.
async function withFirefox(options, body) {
  const {server, url} = await serve({dir: dist, prefix: '/', ...options});
  const profile = mkdtempSync(join(tmpdir(), 'ccx-firefox-'));
  const context = await packageOf('playwright-core').firefox.launchPersistentContext(profile, {channel: 'moz-firefox', executablePath: path, headless: true, viewport: {width: 1280, height: 900}});
  try {
    const opened = await openPage(context, url);
    try {
      await body(opened);
    } catch (error) {
      if (opened.errors.length) console.log(`      the page's console: ${opened.errors.join('; ')}`);
      throw error;
    }
  } finally {
    await context.close();
    rmSync(profile, {recursive: true, force: true});
    server.closeAllConnections();
    server.close();
  }
}

// What can be told of a result in both.
async function told(page, act) {
  const caption = await act(page);
  return {caption, p: await page.locator('#p-change-text').textContent(), places: await page.locator('#places-list li').allTextContents(), legend: await page.locator('#legend li').allTextContents()};
}

test('captions, probabilities and places are those of Chromium: of examples, PNG with transparency, deep PNG and TIFF; with threads and without', async () => {
  const folder = newFolder();
  const [width, height] = [64, 64];
  const shade = (i, c, phase) => 0.5 + 0.25 * Math.sin((i % width) / (7 + c) + phase) + 0.2 * Math.cos(Math.floor(i / width) / (5 + c) - phase);
  const values = (bands, scale, phase) => Uint16Array.from({length: width * height * bands}, (_, k) => scale * shade(Math.floor(k / bands), k % bands, phase));
  writeFileSync(join(folder, 'clear.png'), png(width, height, Uint8Array.from(values(4, 255, 0)), 6));
  writeFileSync(join(folder, 'deep.png'), png(width, height, Buffer.from(values(3, 9000, 1).buffer).swap16(), 2, 16));
  writeFileSync(join(folder, 'words.tif'), tiff({width, height, bands: 3, bits: 16, values: values(3, 3000, 2)}));
  const acts = [
    (page) => runExample(page, 0),
    (page) => runExample(page, 3),
    async (page) => {
      await choose(page, picture('pair1_A.png'), picture('pair1_B.png'));
      return describe(page);
    },
    ...[['clear.png', 'deep.png'], ['deep.png', 'words.tif']].map(([before, after]) => async (page) => {
      await choose(page, join(folder, before), join(folder, after));
      await untilText(page, '#caption', /Ready/);
      return describe(page);
    }),
  ];
  const expected = [];
  await withPage({}, async ({page}) => {
    for (const act of acts) expected.push(await told(page, act));
  });
  await withFirefox({}, async ({page, errors}) => {
    for (const [i, act] of acts.entries()) assert.deepEqual(await told(page, act), expected[i], `pair ${i}`);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, \d+ thread/);
    assert.deepEqual(errors, []);
  });
  await withFirefox({plain: true}, async ({page}) => {
    assert.deepEqual(await told(page, acts[0]), expected[0]);
    assert.match(await page.locator('#backend').textContent(), /1 thread/);
  });
});

await runTests();
