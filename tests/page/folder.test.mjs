// A folder of pairs in the page: captioned as `ccx caption` does it, shown as a gallery, saved, and never lost unasked.
import assert from 'node:assert/strict';
import {cpSync} from 'node:fs';
import {ccx, chromiumPath, copyOfDist, data, describe, dist, distWith, drop, exportTiny, folderOf, join, lookerWith, mkdirSync, mortalWorker, needsBuild, newFolder, picture, png, readFileSync, readJson, runExample, runTests, savedBy, test, untilText, withPage, writeFileSync} from './harness.mjs';
import {orientedJpeg, tiff} from './pictures.mjs';

needsBuild();
chromiumPath();

const finished = (page) => page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor({timeout: 300_000});
const linesOf = async (page) => readFileSync(await savedBy(page, () => page.getByRole('button', {name: 'Download captions.jsonl'}).click()), 'utf8').trim().split('\n');

test('a folder of pairs is captioned to the JSON lines of ccx caption, with a table beside them', async () => {
  const folder = newFolder();
  for (const side of ['A', 'B']) {
    mkdirSync(join(folder, side));
    for (const i of [0, 1]) writeFileSync(join(folder, side, `p${i}.png`), readFileSync(picture(`pair${i}_${side}.png`)));
  }
  writeFileSync(join(folder, 'A/alone.png'), readFileSync(picture('pair2_A.png')));
  writeFileSync(join(folder, 'A/broken.png'), 'no image');
  writeFileSync(join(folder, 'B/broken.png'), readFileSync(picture('pair2_B.png')));
  const run = ccx('caption', '--in', folder, '--out', '-', '--model', join(data, 'reference/tiny'), '--threads', '2', '-q');
  const expected = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
  await withPage({dir: distWith(exportTiny('--quantize', 'none'))}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await finished(page);
    assert.match(await page.locator('#batch-text').textContent(), /4 of 4 pairs, 2 failed/);
    const records = (await linesOf(page)).map((line) => JSON.parse(line));
    assert.deepEqual(records.map(({id, before, after, error}) => [id, before, after, error?.code ?? null]), [
      ['alone', 'A/alone.png', null, 'missing_after'], ['broken', 'A/broken.png', 'B/broken.png', 'decode_image'],
      ['p0', 'A/p0.png', 'B/p0.png', null], ['p1', 'A/p1.png', 'B/p1.png', null]]);
    if (run.status === 3) assert.deepEqual(records.map(({id, caption}) => [id, caption]), expected.map(({id, caption}) => [id, caption]));
    const table = readFileSync(await savedBy(page, () => page.getByRole('button', {name: 'Download table'}).click()), 'utf8').split('\n');
    assert.equal(table.length, 6);
    assert.match(table[1], /^alone,A\/alone\.png,,/);
    if (run.status === 3) {
      const whole = ccx('caption', '--in', folder, '--out', '-', '--format', 'csv', '--model', join(data, 'reference/tiny'), '-q').stdout.split('\n');
      assert.equal(table[0], whole[0]);
      assert.equal(table[1].replaceAll('folder/', ''), whole[1].replaceAll(`${folder}/`, ''));
    }
    // The command goes on from it.
    const saved = join(newFolder(), 'page.csv');
    writeFileSync(saved, table.join('\n'));
    const scored = ccx('report', saved, '--out', join(newFolder(), 'r.html'), '-q');
    if (run.status === 3) assert.equal(scored.status, 0, scored.stderr);
    if (run.status === 3) assert.equal(records[0].error.message.replaceAll('folder/', ''), expected[0].error.message.replaceAll(`${folder}/`, ''));
    // A click opens the pair with what was said of it, which is what the page says of it alone.
    await page.locator('#batch-items button', {hasText: 'p0'}).click();
    assert.equal((await page.locator('#caption').textContent()).trim(), records[2].caption.trim());
    await untilText(page, '#about-after', /x/);
    assert.equal(await describe(page), records[2].caption.trim());
  });
});

test('rasters, deep and doubtful pictures are read as by ccx caption: records tell the same of them', async () => {
  const folder = newFolder();
  const put = (name, bytes) => writeFileSync(join(folder, name), bytes);
  const [width, height] = [72, 60];
  // Smooth shapes: a pair of them is nothing to warn of by itself.
  const shade = (i, c, phase) => 0.5 + 0.25 * Math.sin((i % width) / (7 + c) + phase) + 0.2 * Math.cos(Math.floor(i / width) / (5 + c) - phase);
  const values = (kind, bands, scale, phase) => kind.from({length: width * height * bands}, (_, k) => scale * shade(Math.floor(k / bands), k % bands, phase));
  const whole = (bands, phase, scale = 255) => values(scale > 255 ? Uint16Array : Uint8Array, bands, scale, phase);
  put('words_before.tif', tiff({width, height, bands: 3, bits: 16, values: whole(3, 0, 3000)}));
  put('words_after.tif', tiff({width, height, bands: 4, bits: 16, photometric: 1, values: whole(4, 2, 3000)}));
  put('holes_before.tif', tiff({width, height, bands: 3, bits: 16, nodata: 0, values: whole(3, 0, 9000).map((value, k) => (k < 3 * 700 ? 0 : value))}));
  put('holes_after.png', png(width, height, Buffer.from(whole(3, 2, 9000).buffer).swap16(), 2, 16));
  put('floats_before.tif', tiff({width, height, bands: 3, bits: 32, format: 3, values: values(Float32Array, 3, 0.4, 0)}));
  put('floats_after.tif', tiff({width, height, bands: 3, bits: 16, format: 2, values: values(Int16Array, 3, 4000, 2).map((value) => value - 1000)}));
  put('grey_before.png', png(width, height, whole(1, 0), 0));
  put('grey_after.tif', tiff({width, height, bands: 1, bits: 8, photometric: 0, values: whole(1, 2)}));
  put('plain_before.png', png(width, height, whole(3, 0)));
  put('plain_after.png', png(width, height / 2, whole(3, 2)));
  put('same_before.png', png(width, height, whole(3, 0)));
  put('same_after.png', png(width, height, whole(3, 0)));
  const {examples: [example]} = readJson(join(dist, 'site.json'));
  for (const [when, orientation] of [['before', 1], ['after', 3]]) {
    put(`turned_${when}.jpg`, orientedJpeg(readFileSync(join(dist, example[when])), orientation));
  }
  const run = ccx('caption', '--in', folder, '--out', '-', '--model', join(data, 'reference/tiny'), '--threads', '2', '-q');
  if (run.status !== 0) return console.log('      not compared: this build of ccx has no `ccx caption`');
  const expected = run.stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(expected.find(({id}) => id === 'turned').warnings.map(({code}) => code), ['turned']);
  assert.equal(expected.filter(({warnings}) => warnings).length >= 4, true);
  await withPage({dir: distWith(exportTiny('--quantize', 'none'))}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await finished(page);
    const records = (await linesOf(page)).map((line) => JSON.parse(line));
    assert.equal(records.length, expected.length);
    for (const [i, {id, caption, read, warnings, p_change: p}] of expected.entries()) {
      assert.deepEqual([records[i].id, records[i].read, records[i].warnings], [id, read, warnings]);
      assert.equal(records[i].caption, caption, id);
      assert.ok(Math.abs(records[i].p_change - p) <= 2e-4, `${id}: ${records[i].p_change}, ${p}`);
    }
  });
});

test('a list dropped with its pictures says what belongs together, in the forms that ccx caption reads', async () => {
  const pictures = {'x1.png': picture('pair0_A.png'), 'x2.png': picture('pair0_B.png'), 'y1.png': picture('pair1_A.png'), 'y2.png': picture('pair1_B.png')};
  await withPage({}, async ({page}) => {
    const ids = () => page.locator('#batch-items .id').allTextContents();
    await drop(page, 'body', {...pictures, 'pairs.csv': Buffer.from('id;before;after\nfirst;x1.png;x2.png\nsecond;y1.png;y2.png\nthird;x1.png;z.png\n')});
    await untilText(page, '#batch-text', /3 of 3 pairs, 1 failed/);
    assert.deepEqual(await ids(), ['first', 'second', 'third']);
    assert.match(await page.locator('#batch-items .failed').textContent(), /pairs\.csv:4: there is no file z\.png/);
    await linesOf(page);
    // Names that say nothing, in a folder that holds a list.
    const folder = newFolder();
    mkdirSync(join(folder, 'pictures'));
    for (const [name, from] of Object.entries(pictures)) writeFileSync(join(folder, 'pictures', name.replace(/[12]/, (n) => (n === '1' ? 'one' : 'other'))), readFileSync(from));
    writeFileSync(join(folder, 'list.json'), JSON.stringify([{image_a: 'pictures/xone.png', image_b: 'pictures/xother.png', caption: 'a house'}]));
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await untilText(page, '#batch-text', /1 of 1 pairs/);
    await drop(page, 'body', {'alone.csv': Buffer.from('before,after\na.png,b.png\n')});
    assert.match(await untilText(page, '#error', /alone/), /alone\.csv is no picture.*together with the pictures that it names/);
  });
});

test('the gallery of a folder has thumbnails and filters; each sentence is that of its own pair', async () => {
  const folder = folderOf(6);
  await withPage({}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await finished(page);
    const shown = await page.locator('#batch-items .words').allTextContents();
    const records = (await linesOf(page)).map((line) => JSON.parse(line));
    // Never glued together, though they are written one after the other.
    assert.deepEqual(shown, records.map(({caption}) => caption));
    for (const i of [0, 1, 2]) assert.equal(shown[i], shown[i + 3], 'the same pictures');
    assert.equal(await page.locator('#caption').getAttribute('data-state'), 'idle', 'a folder does not write into the place of a pair');
    assert.equal(await page.locator('#batch-items img').count(), 12);
    await page.waitForFunction(() => [...document.querySelectorAll('#batch-items img')].slice(0, 4).every(({naturalWidth}) => naturalWidth > 0));
    const changed = records.filter((record) => record.changed).length;
    await page.getByLabel('Show').selectOption('changed');
    assert.equal(await page.locator('#batch-items li:visible').count(), changed);
    await page.getByLabel('Show').selectOption('all');
    await page.getByLabel('Find a word').fill('P004');
    assert.equal(await page.locator('#batch-items li:visible').count(), 1);
    assert.match(await page.locator('#batch-shown').textContent(), /1 of 6 shown/);
  });
});

test('captions that are not saved are not lost without a word: on reload, and when another folder comes', async () => {
  const folder = folderOf(2);
  await withPage({}, async ({page}) => {
    const asked = [];
    page.on('dialog', async (dialog) => {
      asked.push(dialog.type());
      await dialog.dismiss();
    });
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await finished(page);
    await page.locator('#batch-items button').first().click(); // browsers ask only where a person has done something
    await page.reload({timeout: 3000}).catch(() => undefined); // which was refused
    assert.deepEqual(asked, ['beforeunload']);
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForTimeout(200);
    assert.deepEqual(asked, ['beforeunload', 'confirm']);
    assert.equal(await page.locator('#batch-items li').count(), 2);
    await linesOf(page);
    await page.reload();
    await page.waitForSelector('#examples button');
    assert.equal(asked.length, 2, 'saved: nobody is asked');
  });
});

test('the model of a folder is the one that it began with: no other can be chosen until it ends', async () => {
  const copy = copyOfDist();
  cpSync(exportTiny('--quantize', 'int8'), join(copy, 'models/other'), {recursive: true});
  const site = readJson(join(copy, 'site.json'));
  site.models.push({...site.models[0], name: 'other', label: 'Another one', url: 'models/other/manifest.json', weights: ''});
  writeFileSync(join(copy, 'site.json'), JSON.stringify(site));
  const folder = folderOf(40);
  await withPage({dir: copy}, async ({page}) => {
    const choice = page.getByLabel('Model to use');
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForSelector('#batch-items li');
    assert.ok(await choice.isDisabled());
    assert.match(await page.locator('#model-held').textContent(), /stop that first/);
    // Whoever changes it in spite of that changes nothing of the run.
    await choice.evaluate((select) => {
      select.disabled = false;
      select.value = 'models/other/manifest.json';
      select.dispatchEvent(new Event('change'));
    });
    await page.waitForFunction(() => document.querySelectorAll('#batch-items li').length >= 8);
    await page.keyboard.press('Escape');
    await finished(page);
    assert.ok(await choice.isEnabled());
    assert.ok(await page.locator('#model-held').isHidden());
    const captions = (await linesOf(page)).map((line) => JSON.parse(line).caption);
    captions.forEach((caption, i) => assert.equal(caption, captions[i % 3], 'one model says it all'));
  });
});

test('the second worker looks ahead in a folder, and what comes of it is what one thread says', async () => {
  const folder = folderOf(12);
  const count = "self.asked = 0; self.addEventListener('message', ({data}) => { self.asked += data.images?.length ?? 0; })";
  let lookers = 0;
  const records = {};
  for (const threads of [1, 2]) {
    lookers = 0;
    await withPage({...lookerWith(count, () => ++lookers > 0), query: `?threads=${threads}`}, async ({page}) => {
      await page.getByLabel('Folder of pairs').setInputFiles(folder);
      await finished(page);
      records[threads] = (await linesOf(page)).map((line) => JSON.parse(line));
      assert.equal(lookers, threads - 1);
      if (threads === 1) return;
      const looker = page.workers().find((each) => each.url().includes('/assets/looker-'));
      const asked = await looker.evaluate(() => self.asked);
      // One image of a pair that nobody looked at ahead, two of one that somebody did: so many were looked at ahead.
      assert.ok(asked - 12 >= 6, `${asked} images`);
    });
  }
  assert.equal(records[1].length, 12);
  records[1].forEach(({id, caption, p_change: p, changed, places}, i) => {
    const other = records[2][i];
    assert.deepEqual([other.id, other.caption, other.p_change, other.changed, other.places], [id, caption, p, changed, places]);
  });
});

test('Escape stops a folder: what was captioned so far is there to be saved', async () => {
  const folder = folderOf(60);
  await withPage({}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForSelector('#batch-items li');
    await page.keyboard.press('Escape');
    await finished(page);
    const lines = await linesOf(page);
    assert.ok(lines.length >= 1 && lines.length < 60, String(lines.length));
    assert.match(await page.locator('#batch-text').textContent(), new RegExp(`Stopped: ${lines.length} of 60 pairs`));
  });
});

test('a crash in the middle of a folder costs one pair', async () => {
  const folder = folderOf(4);
  await withPage(mortalWorker(), async ({page}) => {
    await runExample(page);
    await page.workers().find((each) => each.url().includes('/assets/worker-')).evaluate(() => self.dieAt(1));
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await finished(page);
    assert.match(await page.locator('#batch-text').textContent(), /4 of 4 pairs, 1 failed/);
    assert.equal(await page.locator('#batch-items .failed').count(), 1);
    assert.match(await page.locator('#batch-items .failed').textContent(), /p001.*struck by lightning/);
  });
});

await runTests();
