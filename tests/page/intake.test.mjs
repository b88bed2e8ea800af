// Files on their way into the page: which place they go to, how they are opened, and what is said of them before anything runs.
import assert from 'node:assert/strict';
import {ccx, choose, chromiumPath, data, describe, dist, drop, errorText, join, mkdirSync, needsBuild, newFolder, paste, picture, png, readFileSync, readJson, runTests, test, untilText, withPage, writeFileSync} from './harness.mjs';
import {bitmap, orientedJpeg, tiff} from './pictures.mjs';

needsBuild();
chromiumPath();

const state = (page) => page.locator('#caption').getAttribute('data-state');
const hints = async (page) => [await page.locator('#hint-before').textContent(), await page.locator('#hint-after').textContent()];
const clear = async (page) => {
  for (const which of ['first', 'second']) {
    const button = page.getByRole('button', {name: `Remove the ${which} image`});
    if (await button.isVisible()) await button.click();
  }
};
// What stands on a canvas: its size and its bytes.
const pixelsOn = (page, id) => page.locator(id).evaluate((canvas) => ({width: canvas.width, height: canvas.height, bytes: [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]}));
const assertSamePixels = async (page, one, other, what) => {
  const [a, b] = [await pixelsOn(page, one), await pixelsOn(page, other)];
  assert.deepEqual([a.width, a.height], [b.width, b.height], what);
  assert.equal(a.bytes.findIndex((value, i) => value !== b.bytes[i]), -1, `${what}: the first byte that differs`);
};

test('two files go where their names say, wherever they are dropped; what cannot be told is said', async () => {
  await withPage({}, async ({page}) => {
    const [a, b] = [picture('pair1_A.png'), picture('pair1_B.png')];
    for (const place of ['#slot-after', '#slot-before', 'body', '.result']) {
      await clear(page);
      await drop(page, place, {'town_after.png': b, 'town_before.png': a});
      await untilText(page, '#about-after', /\d+ x \d+/);
      assert.deepEqual(await hints(page), ['town_before.png', 'town_after.png'], place);
    }
    assert.ok((await describe(page)).length > 0);
    // On the images themselves: a new pair, and nothing of the old one.
    await drop(page, '#frames', {'2021.png': b, '2018.png': a});
    await page.waitForFunction(() => document.querySelector('#hint-after').textContent === '2021.png');
    assert.deepEqual(await hints(page), ['2018.png', '2021.png']);
    assert.equal(await state(page), 'idle');
    await drop(page, 'body', {'one.png': a, 'two.png': b, 'three.png': a});
    assert.match(await untilText(page, '#error', /3 files/), /names do not say which belong together/);
    assert.deepEqual(await hints(page), ['2018.png', '2021.png'], 'nothing was replaced');
    // One at a time: the empty place, then the older of the two.
    await clear(page);
    for (const [name, expected] of [['x1.png', ['x1.png', /Drop/]], ['x2.png', ['x1.png', 'x2.png']], ['x3.png', ['x3.png', 'x2.png']]]) {
      await paste(page, {[name]: a});
      await page.waitForFunction((wanted) => [...document.querySelectorAll('.slot .hint')].some(({textContent}) => textContent === wanted), name);
      const now = await hints(page);
      expected.forEach((each, i) => (each instanceof RegExp ? assert.match(now[i], each) : assert.equal(now[i], each)));
    }
  });
});

test('several pairs dropped at once are captioned as a folder', async () => {
  await withPage({}, async ({page}) => {
    await drop(page, 'body', {'a_before.png': picture('pair0_A.png'), 'a_after.png': picture('pair0_B.png'), 'b_before.png': picture('pair1_A.png'), 'b_after.png': picture('pair1_B.png')});
    await untilText(page, '#batch-text', /2 of 2 pairs/);
    assert.deepEqual(await page.locator('#batch-items .id').allTextContents(), ['a', 'b']);
  });
});

test('a picture is shown as the model sees it: rows as they lie in the file, without transparency', async () => {
  const {examples} = readJson(join(dist, 'site.json'));
  const jpeg = readFileSync(join(dist, examples[0].before));
  const folder = newFolder();
  writeFileSync(join(folder, 'plain.jpg'), jpeg);
  writeFileSync(join(folder, 'turned.jpg'), orientedJpeg(jpeg, 6));
  const [width, height] = [24, 16];
  const rgb = Uint8Array.from({length: width * height * 3}, (_, i) => (i * 37) % 251);
  const rgba = Uint8Array.from({length: width * height * 4}, (_, i) => (i % 4 === 3 ? (i * 5) % 256 : rgb[Math.floor(i / 4) * 3 + (i % 4)]));
  writeFileSync(join(folder, 'solid.png'), png(width, height, rgb));
  writeFileSync(join(folder, 'clear.png'), png(width, height, rgba, 6));
  await withPage({}, async ({page}) => {
    for (const [one, other] of [['plain.jpg', 'turned.jpg'], ['solid.png', 'clear.png']]) {
      await choose(page, join(folder, one), join(folder, other));
      await untilText(page, '#caption', /Ready/);
      await assertSamePixels(page, '#view-after', '#view-before', other);
      await assertSamePixels(page, '#thumb-after', '#thumb-before', other);
    }
    assert.match(await page.locator('#about-after').textContent(), /transparency left out/);
  });
});

test('TIFF and GeoTIFF are opened in the tab: 8 bits as they are, deeper ones stretched, one band in grey', async () => {
  const folder = newFolder();
  const [width, height] = [40, 30];
  const rgb = Uint8Array.from({length: width * height * 3}, (_, i) => (Math.floor(i / 3) * 7 + (i % 3) * 60) % 256);
  writeFileSync(join(folder, 'same.png'), png(width, height, rgb));
  writeFileSync(join(folder, 'bytes.tif'), tiff({width, height, bands: 3, bits: 8, values: rgb}));
  writeFileSync(join(folder, 'eleven_bits.tif'), tiff({width, height, bands: 3, bits: 16, values: Uint16Array.from(rgb, (value) => 8 * value)}));
  writeFileSync(join(folder, 'four_bands.tif'), tiff({width, height, bands: 4, bits: 16, photometric: 1, values: Uint16Array.from({length: width * height * 4}, (_, i) => (i % 4 === 3 ? 9000 : 4 * rgb[Math.floor(i / 4) * 3 + (i % 4)]))}));
  const names = ['blue', 'green', 'red', 'nir'].map((name, i) => `<Item name="DESCRIPTION" sample="${i}" role="description">${name}</Item>`).join('');
  writeFileSync(join(folder, 'named.tif'), tiff({width, height, bands: 4, bits: 16, photometric: 1, metadata: `<GDALMetadata>${names}</GDALMetadata>`, values: Uint16Array.from({length: width * height * 4}, (_, i) => 4 * rgb[i % rgb.length])}));
  writeFileSync(join(folder, 'grey.tif'), tiff({width, height, bands: 1, bits: 16, photometric: 1, nodata: 0, values: Uint16Array.from({length: width * height}, (_, i) => (i < width * height / 4 ? 0 : 200 + i))}));
  writeFileSync(join(folder, 'turned.tif'), tiff({width, height, bands: 3, bits: 8, values: rgb, orientation: 3}));
  writeFileSync(join(folder, 'backwards.png'), png(width, height, Uint8Array.from(rgb, (_, i) => rgb[3 * (width * height - 1 - Math.floor(i / 3)) + (i % 3)])));
  writeFileSync(join(folder, 'cut.tif'), tiff({width, height, bands: 3, bits: 8, values: rgb}).subarray(0, 900));
  await withPage({}, async ({page}) => {
    await choose(page, join(folder, 'same.png'), join(folder, 'bytes.tif'));
    await untilText(page, '#caption', /Ready/);
    await assertSamePixels(page, '#view-after', '#view-before', 'TIFF and PNG');
    for (const [name, about] of [['eleven_bits.tif', /stretched/], ['four_bands.tif', /bands 1, 2, 3 of 4.*stretched/], ['named.tif', /bands 3, 2, 1 of 4, by their names.*stretched/], ['grey.tif', /grey.*25 % without data/]]) {
      await choose(page, null, join(folder, name));
      assert.match(await untilText(page, '#about-after', about), /40 x 30/);
      const {bytes: values} = await pixelsOn(page, '#view-after');
      assert.ok(new Set(values.filter((_, i) => i % 4 === 0)).size > 50, `${name} is not black`);
    }
    // Turned by a half: as a picture whose values run backwards by pixels.
    await choose(page, join(folder, 'backwards.png'), join(folder, 'turned.tif'));
    await untilText(page, '#caption', /Ready/);
    await assertSamePixels(page, '#view-after', '#view-before', 'orientation 3');
    assert.ok((await describe(page)).length > 0);
    await choose(page, null, join(folder, 'cut.tif'));
    assert.match(await untilText(page, '#error', /cut\.tif/), /cut\.tif is a damaged/);
  });
});

test('pictures of different sizes, of one colour and the same one twice are said before anything runs', async () => {
  const folder = newFolder();
  const noise = (count, seed) => Uint8Array.from({length: count}, (_, i) => (Math.imul(i + seed, 2654435761) >>> 24));
  writeFileSync(join(folder, 'small.png'), png(30, 30, noise(2700, 1)));
  writeFileSync(join(folder, 'large.png'), png(60, 40, noise(7200, 2)));
  writeFileSync(join(folder, 'flat.png'), png(30, 30, new Uint8Array(2700).fill(90)));
  await withPage({}, async ({page}) => {
    const notes = async (before, after, pattern) => {
      await choose(page, join(folder, before), join(folder, after));
      return untilText(page, '#pair-notes', pattern);
    };
    await notes('small.png', 'large.png', /Before is 30x30, after 60x40 pixels/);
    await notes('small.png', 'flat.png', /nearly one value/);
    await notes('small.png', 'small.png', /equal, pixel for pixel/);
    assert.equal(await state(page), 'idle');
    await choose(page, join(folder, 'small.png'), picture('pair0_A.png'));
    await untilText(page, '#caption', /Ready/);
  });
});

test('two dates that lie on other grids of the ground are told, and two that show different places are refused', async () => {
  const folder = newFolder();
  const [width, height] = [64, 48];
  const values = Uint8Array.from({length: width * height * 3}, (_, i) => (i * 37) % 251);
  const place = (name, ground) => writeFileSync(join(folder, `${name}.tif`), tiff({width, height, bands: 3, bits: 8, values, ground}));
  const first = {left: 500000, top: 5200000, pixel: 10, system: 32632};
  place('before', first);
  place('same', first);
  place('half', {...first, left: first.left + 320});
  place('zone', {...first, system: 32633});
  place('apart', {...first, left: first.left + 5000});
  place('nowhere', null);
  await withPage({}, async ({page}) => {
    const notes = () => page.locator('#pair-notes').textContent();
    for (const [after, said] of [
      ['same', /\S/], ['half', /other grids of the ground.*ccx caption would cut both to the ground that they share.*resizes each as a whole/],
      ['zone', /would bring the after picture to the coordinate system/], ['nowhere', /\S/], // the pictures are alike, which is told
    ]) {
      await choose(page, join(folder, 'before.tif'), join(folder, `${after}.tif`));
      await untilText(page, '#caption', /Ready/);
      await untilText(page, '#pair-notes', said);
      assert.equal(/other grids/.test(await notes()), after === 'half' || after === 'zone', after);
    }
    await choose(page, join(folder, 'before.tif'), join(folder, 'half.tif'));
    await untilText(page, '#pair-notes', /other grids/);
    await describe(page);
    await choose(page, join(folder, 'before.tif'), join(folder, 'apart.tif'));
    await untilText(page, '#pair-notes', /show different places: before covers x 500000 to 500640/);
    await describe(page, 'error');
    assert.match(await errorText(page), /show different places.*Choose two dates of one place/);
  });
});

test('kinds of pictures that ccx caption does not read are refused by what is in them, though the browser opens them', async () => {
  const folder = newFolder();
  // One pixel.
  const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b])]);
  const box = (brand) => Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(12)]);
  const icon = Buffer.concat([Buffer.from([0, 0, 1, 0, 1, 0, 30, 30, 0, 0, 1, 0, 32, 0]), Buffer.alloc(8), png(30, 30, new Uint8Array(2700).fill(9))]);
  icon.writeUInt32LE(icon.length - 22, 14);
  icon.writeUInt32LE(22, 18);
  const files = {
    'moving.gif': [gif, /moving\.gif is a GIF/], 'called.png': [gif, /called\.png is a GIF/], 'new.avif': [box('avif'), /new\.avif is AVIF/], 'phone.jpg': [box('heic'), /phone\.jpg is HEIC/],
    'site.ico': [icon, /site\.ico is an icon/], 'plan.svg': [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /plan\.svg is an SVG drawing/],
  };
  for (const [name, [bytes]] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  await withPage({}, async ({page}) => {
    // It is the page that refuses: the browser would not.
    const opens = (path) => page.evaluate((base64) => createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))])).then(() => true, () => false), readFileSync(path).toString('base64'));
    assert.ok(await opens(join(folder, 'moving.gif')));
    assert.ok(await opens(join(folder, 'site.ico')));
    for (const [name, [, message]] of Object.entries(files)) {
      await choose(page, join(folder, name), null);
      assert.match(await untilText(page, '#error', message), /which neither this page nor ccx caption reads\. Save it as PNG/);
    }
    for (const name of ['x.bmp', 'x.webp']) {
      const type = name.endsWith('webp') ? 'image/webp' : '';
      const bytes = type ? await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(40, 40);
        canvas.getContext('2d').fillRect(3, 3, 20, 9);
        return [...new Uint8Array(await (await canvas.convertToBlob({type: 'image/webp'})).arrayBuffer())];
      }) : bitmap(40, 40);
      writeFileSync(join(folder, name), Buffer.from(bytes));
      await choose(page, join(folder, name), null);
      await untilText(page, '#about-before', /40 x 40/);
    }
  });
  const pair = newFolder();
  for (const side of ['A', 'B']) {
    mkdirSync(join(pair, side));
    writeFileSync(join(pair, side, 'x.png'), gif);
  }
  const run = ccx('caption', '--in', pair, '--out', '-', '--model', join(data, 'reference/tiny'), '-q');
  if (run.stdout) assert.equal(JSON.parse(run.stdout).error.code, 'decode_image', 'nor does the command'); // a build without it says nothing
});

test('what is said to be wrong names no parser and no code of the page', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'words.txt'), 'no image');
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'report.pdf'), '%PDF-1.7 ...');
  await withPage({}, async ({page}) => {
    for (const [name, message] of [['words.txt', /words\.txt is not an image that this page can open/], ['empty.png', /empty\.png is empty/], ['report.pdf', /report\.pdf is a PDF/]]) {
      await choose(page, join(folder, name), null);
      await untilText(page, '#error', message);
      assert.doesNotMatch(await errorText(page), /json|Unexpected token|undefined|TypeError|exception/i);
      assert.equal(await page.locator('#about-before').textContent(), 'cannot be opened');
    }
  });
});

await runTests();
