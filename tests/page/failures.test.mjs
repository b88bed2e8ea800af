// What goes wrong in the page: memory, workers, manifests, files that are no pictures.
import assert from 'node:assert/strict';
import {cpSync} from 'node:fs';
import {CHANGED, choose, chromiumPath, copyOfDist, describe, errorText, exportTiny, folderOf, join, lookerWith, mortalWorker, needsBuild, newFolder, picture, png, readFileSync, runExample, runTests, test, untilText, withPage, workerWith, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

test('a file that is no image, one image only and an image that is too large each say so', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'notes.png'), 'these are words');
  writeFileSync(join(folder, 'huge.png'), png(20000, 20000, null));
  writeFileSync(join(folder, 'cut.png'), readFileSync(picture('pair0_A.png')).subarray(0, 100));
  writeFileSync(join(folder, 'map.tif'), Buffer.from('49492a0008000000', 'hex'));
  await withPage({}, async ({page}) => {
    await page.getByRole('button', {name: 'Describe the change'}).click();
    assert.match(await errorText(page), /Choose two images first/);
    await choose(page, picture('pair0_A.png'), null);
    await page.getByRole('button', {name: 'Describe the change'}).click();
    assert.match(await errorText(page), /One image is missing: choose the after image/);
    for (const [name, message] of [['notes.png', /notes\.png is not an image/], ['huge.png', /huge\.png is 20000 x 20000 pixels: too large/], ['cut.png', /cut\.png is damaged or cut off/], ['map.tif', /map\.tif is a damaged TIFF/]]) {
      await choose(page, null, join(folder, name));
      assert.match(await untilText(page, '#error', new RegExp(name)), message); // as soon as it is chosen
      await describe(page, 'error');
      assert.match(await errorText(page), message);
      assert.ok(await page.locator('#slot-after').evaluate((slot) => slot.classList.contains('bad')));
    }
    await choose(page, null, picture('pair0_B.png'));
    assert.ok((await describe(page)).length > 0, 'it recovers');
  });
});

test('a manifest from anywhere reaches no prototype and is refused in words', async () => {
  const copy = copyOfDist();
  const path = join(copy, 'models/default/manifest.json');
  const whole = readFileSync(path, 'utf8');
  await withPage({dir: copy, serviceWorkers: 'block'}, async ({page}) => {
    const entry = (key) => whole.replace(/"session_config": *\{/, `"session_config": {${JSON.stringify(key)}: "1"${/"session_config": *\{ *\}/.test(whole) ? '' : ','}`);
    for (const [text, message] of [
      [entry('__proto__.polluted'), /session_config.*__proto__\.polluted/], [entry('constructor.prototype.x'), /session_config/], ['<html>', /it is no JSON/], ['[]', /"format" is missing/],
    ]) {
      writeFileSync(path, text);
      await runExample(page, 0, 'error');
      assert.match(await errorText(page), message);
      assert.match(await errorText(page), /It must be the manifest\.json that ccx export writes/);
      assert.equal(await page.evaluate(() => ({}).polluted), undefined);
    }
    writeFileSync(path, whole);
    await runExample(page);
  });
});

test('too little memory is said in words, and the next try starts afresh', async () => {
  // The first worker's memory cannot grow, and so it fails as in a tab that has no more.
  let short = 1;
  const full = "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('Maximum memory size exceeded'); }";
  await withPage(workerWith(full, () => short-- > 0), async ({page}) => {
    await runExample(page, 0, 'error');
    assert.match(await errorText(page), /too little memory.*Close other tabs, or choose a smaller model/);
    assert.ok(await page.getByRole('button', {name: 'Describe the change'}).isEnabled());
    assert.ok((await describe(page)).length > 0);
  });
});

test('a worker that crashes is replaced: the failure is told, and the next caption is there', async () => {
  await withPage(mortalWorker(), async ({page}) => {
    const whole = await runExample(page);
    // The newest: the browser may list one that has ended for a moment more.
    const ours = () => page.workers().filter((each) => each.url().includes('/assets/worker-')).at(-1);
    const worker = ours();
    // While it is at work.
    await worker.evaluate(() => self.dieAt(0));
    await describe(page, 'error');
    assert.match(await errorText(page), /worker failed.*struck by lightning.*The next try starts a new one/);
    assert.equal(await describe(page), whole);
    assert.notEqual(ours(), worker);
    // While nothing runs: nobody need be told.
    await ours().evaluate(() => self.die());
    await page.waitForTimeout(100);
    assert.equal(await describe(page), whole);
  });
});

test('a second worker that dies costs nothing: the first one goes on alone, for a pair and in a folder', async () => {
  const folder = folderOf(5);
  let alone;
  await withPage({query: '?threads=1'}, async ({page}) => {
    alone = [await runExample(page, CHANGED[0]), await runExample(page, CHANGED[1])];
  });
  // At once; when it is asked for something; when it has answered and nobody waits for it.
  const ends = [
    "throw new Error('gone')",
    "self.addEventListener('message', ({data}) => { if (data.images) throw new Error('gone'); })",
    "const post = self.postMessage.bind(self); self.postMessage = (...told) => { post(...told); setTimeout(() => { throw new Error('gone'); }); }",
  ];
  for (const prelude of ends) {
    let started = 0;
    await withPage({...lookerWith(prelude, () => ++started > 0), query: '?threads=2'}, async ({page}) => {
      assert.equal(await runExample(page, CHANGED[0]), alone[0], prelude);
      await page.waitForTimeout(200);
      assert.equal(await runExample(page, CHANGED[1]), alone[1], prelude);
      assert.equal(page.workers().filter((each) => each.url().includes('/assets/looker-')).length, 0);
      await page.getByLabel('Folder of pairs').setInputFiles(folder);
      await untilText(page, '#batch-text', /5 of 5 pairs, [\d.]+ pairs a second/);
      assert.ok(started >= 1);
    });
  }
});

test("one's own model by its address; an address without one says so; clearing removes downloads", async () => {
  const copy = copyOfDist();
  cpSync(exportTiny('--quantize', 'none'), join(copy, 'models/mine'), {recursive: true});
  await withPage({dir: copy}, async ({page, url}) => {
    await page.getByText('Use a model of your own').click();
    const address = page.getByLabel("Address of an export's manifest.json");
    for (const [wrong, message] of [[`${url}models/none/`, /404/], [`${url}site.json`, /not a model that this page can use/], ['http://localhost:9/manifest.json', /cannot be reached/]]) {
      await address.fill(wrong);
      await page.getByRole('button', {name: 'Look'}).click();
      await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('#model-info').textContent), message.source);
    }
    await address.fill(`${url}models/mine`);
    await page.getByRole('button', {name: 'Look'}).click();
    await page.waitForFunction(() => /float32 weights/.test(document.querySelector('#model-info').textContent));
    assert.ok((await runExample(page)).length > 0);
    await page.waitForFunction(() => /on this machine/.test(document.querySelector('#model-info').textContent));
    await page.getByRole('button', {name: 'Clear downloaded models'}).click();
    await page.waitForFunction(() => /to download/.test(document.querySelector('#model-info').textContent));
    assert.match(await page.locator('#stored').textContent(), /No models/);
  });
});

await runTests();
