// How the page looks: axe-core finds nothing in any state, nothing is wider than the screen, and every state looks as it
// did when its picture in tests/page/looks was taken, at 360 and 1280 pixels, light and dark.
//
// Words, numbers and examples that depend on the model are made the same for every model before a picture is taken. Pictures
// are compared at half size, in tiles: fonts and decoders of two browsers differ by a little everywhere, a broken layout
// differs by much somewhere. CCX_WEB_LOOKS=write takes the pictures anew (look at them before they are committed).
import assert from 'node:assert/strict';
import {CHANGED, chromiumPath, dist, distWith, drop, examplePicture, existsSync, exportTiny, join, mkdirSync, needsBuild, newFolder, packageOf, paintingWorker, picture, readFileSync, readJson, root, runTests, test, untilText, withPage, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

const looks = join(root, 'tests/page/looks');
const writing = process.env.CCX_WEB_LOOKS === 'write';
const shots = process.env.CCX_WEB_SHOTS ?? newFolder(); // whole ones, for people
mkdirSync(shots, {recursive: true});
mkdirSync(looks, {recursive: true});

const WIDTHS = [360, 1280];
const TILE = 16; // pixels of the halved picture
const CLOSE = 14; // mean difference of a tile, of 255, that fonts and decoders explain
const MOST_TILES = 0.02; // share of tiles that may differ by more

// The same for every model: what it says, how sure it is, how long it took, what it weighs.
const SAME = {
  '#caption[data-state="done"]': 'many houses are built on both sides of the road', '#caption[data-state="stopped"]': 'many houses are …', '#p-change-text': '97 %', '#confidence-text': '62 %',
  '#places-title': 'Where, by the map of this model', '#t-prepare': '6 ms', '#t-vision': '80 ms', '#t-first': '60 ms', '#t-speed': '120 tokens/s', '#backend': 'Backend: WebAssembly, 2 threads.',
  '#verdict': 'Told as a change: the probability of change, 97 %, reaches 87 %, from which on this model tells of one.',
  '#weight': 'The first caption downloads 7.6 MB: 3.9 MB of the model and 3.7 MB of the program that runs it.',
  '#model-info': 'int8 weights, images at 256 x 256 pixels; 3.9 MB to download at the first caption.', '#stored': 'No models on this machine yet',
  '#model option': 'Default model (int8), 3.9 MB', '#card-short': 'A small model, trained on drawn scenes alone.', '#card-summary': 'A small network that looks at two images and writes one sentence.',
  '#card-trained': 'drawn scenes.', '#gallery-judged': 'One where the model fails is last.',
  '#download-amount': '4.1 MB of 7.6 MB, 1.2 MB/s, 3 s left',
  '#batch-text': '6 of 6 pairs, 1 failed, 3.0 pairs a second', '#batch-items .changed .words, #batch-items .unchanged .words': 'a road is built', '#batch-items .p > span:last-child': 'p(change) 97 %',
};

async function makeSame(page) {
  await page.evaluate((same) => {
    for (const [selector, text] of Object.entries(same)) for (const element of document.querySelectorAll(selector)) element.textContent = text;
    for (const [id, value] of [['p-change', 0.97], ['confidence', 0.62]]) document.querySelector(`#${id}`).value = value;
    document.querySelector('#download-bar').value = 0.54;
    const tick = document.querySelector('#threshold');
    tick.hidden = false;
    tick.style.left = '87%';
    for (const id of ['verdict']) document.querySelector(`#${id}`).hidden = document.querySelector('#numbers').hidden;
    for (const id of ['card', 'facts']) document.querySelector(`#${id}`).hidden = false;
    for (const id of ['notice', 'saliency-control', 'saliency']) document.querySelector(`#${id}`).hidden = true;
    document.querySelector('#card-quality').innerHTML = '<li>Says rightly in nine of ten whether something changed.</li>';
    for (const entry of document.querySelectorAll('#batch-items .unchanged')) entry.className = 'changed';
    for (const bar of document.querySelectorAll('#batch-items .bar i')) bar.style.width = '97%';
    const stopped = document.querySelector('#stopped-note');
    if (!stopped.hidden) stopped.textContent = 'Stopped before the sentence was finished.';
  }, SAME);
}

// Six pairs that every build has, the last one shown as a failure.
function fixedExamples() {
  const site = readJson(join(dist, 'site.json'));
  const names = ['many trees are cut down on the meadow', 'a large building appears on the grassland', 'there is no difference', 'lots of buildings appear in the desert', 'there is no difference', 'four houses are constructed near the road'];
  site.examples = names.map((title, i) => ({id: `pair${i}`, title, before: `looks/${i}_before.jpg`, after: `looks/${i}_after.jpg`, found: {caption: 'the scene is the same as before', right: i < 5}}));
  if (!site.cards.length) site.cards.push({});
  site.cards = [{weights: site.models[0].weights, short: '', summary: '', trained_on: '', quality: ['']}];
  const files = ['pair_000002', 'pair_000003', 'pair_000005', 'pair_000006', 'pair_000009', 'pair_000010'];
  return (request, response, path) => {
    const headers = {'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': 'no-store'};
    const wanted = /looks\/(\d)_(before|after)\.jpg$/.exec(path);
    if (path.endsWith('site.json')) response.writeHead(200, {...headers, 'Content-Type': 'application/json'}).end(JSON.stringify(site));
    else if (wanted) response.writeHead(200, {...headers, 'Content-Type': 'image/jpeg'}).end(readFileSync(join(root, 'examples/pairs', wanted[2] === 'before' ? 'A' : 'B', `${files[wanted[1]]}.jpg`)));
    else return false;
    return true;
  };
}

const STILL = '*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; scrollbar-width: none; font-family: "DejaVu Sans", sans-serif !important; }';

// A page beside the tested one that reads, halves and compares pictures.
async function comparer(context) {
  const page = await context.newPage();
  await page.setContent('<title>comparison</title>');
  return (action, first, second, quality = 0.5) => page.evaluate(async ([what, one, other, {tile, close, quality: q}]) => {
    const bitmapOf = async (base64) => createImageBitmap(await (await fetch(`data:;base64,${base64}`)).blob());
    const drawn = async (bitmap, width, height) => {
      const canvas = new OffscreenCanvas(width, height);
      const painter = canvas.getContext('2d');
      painter.imageSmoothingQuality = 'high';
      painter.drawImage(bitmap, 0, 0, width, height);
      return canvas;
    };
    const a = await bitmapOf(one);
    if (what === 'halve') {
      const canvas = await drawn(a, Math.round(a.width / 2), Math.round(a.height / 2));
      const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/webp', quality: q})).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    }
    const b = await bitmapOf(other);
    const size = [a.width, a.height, b.width, b.height];
    // A line of text more or less moves everything below it.
    if (Math.abs(a.width - b.width) > 1 || Math.abs(a.height - b.height) > 12) return {size, share: 1};
    const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
    const pixels = await Promise.all([a, b].map(async (bitmap) => (await drawn(bitmap, bitmap.width, bitmap.height)).getContext('2d').getImageData(0, 0, width, height).data));
    let [tiles, different] = [0, 0];
    const worst = {mean: 0, x: 0, y: 0};
    for (let y = 0; y < height; y += tile) {
      for (let x = 0; x < width; x += tile) {
        // Means of the tile: a letter that lies a pixel lower is no difference.
        const sums = [0, 0, 0, 0, 0, 0];
        let count = 0;
        for (let j = y; j < Math.min(height, y + tile); ++j) {
          for (let i = x; i < Math.min(width, x + tile); ++i, ++count) {
            for (let c = 0; c < 3; ++c) {
              sums[c] += pixels[0][4 * (j * width + i) + c];
              sums[3 + c] += pixels[1][4 * (j * width + i) + c];
            }
          }
        }
        const mean = Math.max(...[0, 1, 2].map((c) => Math.abs(sums[c] - sums[3 + c]) / count));
        ++tiles;
        if (mean > close) ++different;
        if (mean > worst.mean) Object.assign(worst, {mean, x, y});
      }
    }
    return {size, share: different / tiles, worst};
  }, [action, first, second, {tile: TILE, close: CLOSE, quality}]);
}

async function compare(use, name, png) {
  const file = join(looks, `${name}.webp`);
  writeFileSync(join(shots, `${name}.png`), png);
  const now = await use('halve', png.toString('base64'), null);
  if (writing) return writeFileSync(file, Buffer.from(now, 'base64'));
  assert.ok(existsSync(file), `tests/page/looks has no ${name}.webp (CCX_WEB_LOOKS=write takes it)`);
  const {share, size, worst} = await use('compare', now, readFileSync(file).toString('base64'));
  assert.ok(share <= MOST_TILES, `${name}: ${(100 * share).toFixed(1)} % of it looks otherwise than in tests/page/looks/${name}.webp (sizes ${size}, most at ${JSON.stringify(worst)}); now: ${join(shots, name)}.png`);
}

async function check(page, use, state, colorScheme) {
  await makeSame(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({width, height: 900});
    await page.evaluate(() => scrollTo(0, 0));
    const name = `${state}-${colorScheme}-${width}`;
    await page.evaluate(() => Promise.all([...document.images].map((image) => ((image.loading = 'eager'), image.decode().catch(() => undefined)))));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${name} is wider than the screen`);
    const {violations} = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(' ')}`), [], name);
    await makeSame(page); // whatever was told late
    await compare(use, name, await page.screenshot({fullPage: true, animations: 'disabled'}));
  }
  await page.setViewportSize({width: 1280, height: 900});
}

for (const colorScheme of ['light', 'dark']) {
  test(`every state is accessible and looks as it did: ${colorScheme}`, async () => {
    const dir = distWith(exportTiny('--quantize', 'int8'));
    // A file of the model that takes its time: what is seen while one waits.
    let held = [];
    const fixed = fixedExamples();
    let holding = false;
    const intercept = (request, response, path) => {
      if (holding && path.endsWith('decoder.onnx')) {
        held.push(response);
        return true;
      }
      return fixed(request, response, path);
    };
    await withPage({dir, intercept, colorScheme, serviceWorkers: 'block'}, async ({page, context}) => {
      const use = await comparer(context);
      await page.bringToFront();
      await page.addStyleTag({content: STILL});
      await page.addScriptTag({path: packageOf.resolve('axe-core/axe.min.js')});
      await check(page, use, 'empty', colorScheme);
      holding = true;
      await page.locator('#examples button').nth(3).click();
      await untilText(page, '#about-after', /x/);
      // All has arrived but the file that is held back: nothing moves the bar any more.
      await page.waitForFunction(() => {
        const files = [...document.querySelectorAll('#download-files li')].map(({textContent}) => textContent);
        return files.some((text) => text.startsWith('decoder.onnx')) && files.every((text) => text.startsWith('decoder.onnx') || text.includes('100 %'));
      });
      await check(page, use, 'running', colorScheme);
      await page.keyboard.press('Escape');
      await page.waitForSelector('#caption[data-state="stopped"]', {state: 'attached'});
      holding = false;
      for (const response of held.splice(0)) response.destroy();
      await check(page, use, 'stopped', colorScheme);
    });
    // A map that is the same whatever the model sees.
    const painting = paintingWorker().intercept;
    const examples = fixedExamples();
    await withPage({intercept: (...asked) => painting(...asked) || examples(...asked), colorScheme, serviceWorkers: 'block'}, async ({page, context}) => {
      const use = await comparer(context);
      await page.bringToFront();
      await page.addStyleTag({content: STILL});
      await page.addScriptTag({path: packageOf.resolve('axe-core/axe.min.js')});
      await page.locator('#examples button').nth(3).click();
      await page.waitForSelector('#caption[data-state="done"]');
      await page.waitForSelector('html[data-kept]', {state: 'attached'}); // the last thing that writes into the page by itself
      await check(page, use, 'result', colorScheme);
      await page.locator('#slot-after .clear').click();
      await page.getByRole('button', {name: 'Describe the change'}).click();
      await check(page, use, 'failed', colorScheme);
      await page.locator('#slot-before .clear').click();
      const pairs = Object.fromEntries([0, 1, 2, 3, 4].flatMap((i) => ['before', 'after'].map((side) => [`p${i}_${side}.jpg`, examplePicture(CHANGED[i % 2], side)])));
      await drop(page, 'body', {...pairs, 'q_before.png': Buffer.from('no image'), 'q_after.png': picture('pair0_B.png')});
      await page.waitForFunction(() => document.querySelectorAll('#batch-items li').length === 6);
      await page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor();
      await page.mouse.move(0, 0);
      await check(page, use, 'gallery', colorScheme);
    });
  });
}

// The README's pictures: what the page really says, in its own fonts.
test('the tour of the README is there, and CCX_WEB_LOOKS=write takes it anew', async () => {
  const images = join(root, 'docs/images');
  const names = ['page_pair', 'page_folder', 'page_phone'].map((name) => join(images, `${name}.webp`));
  if (!writing) {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const name of names) assert.ok(existsSync(name) && readme.includes(name.slice(root.length + 1)), name);
    return;
  }
  const keep = async (page, use, file, clip) => writeFileSync(file, Buffer.from(await use('halve', (await page.screenshot({clip})).toString('base64'), null, 0.8), 'base64'));
  const pairs = Object.fromEntries(['A', 'B'].flatMap((side) => [2, 3, 5, 6, 9, 10, 13, 14].map((i) => {
    const name = `pair_${String(i).padStart(6, '0')}.jpg`;
    return [`${name.slice(0, -4)}_${side === 'A' ? 'before' : 'after'}.jpg`, join(root, 'examples/pairs', side, name)];
  })));
  for (const [colorScheme, width] of [['light', 1280], ['dark', 390]]) {
    await withPage({colorScheme, viewport: {width, height: 844}}, async ({page, context}) => {
      const use = await comparer(context);
      await page.bringToFront();
      const wanted = page.locator(`#examples button[data-example="${width < 500 ? 'pair_000013' : 'pair_000006'}"]`);
      await ((await wanted.count()) ? wanted : page.locator('#examples button').first()).click();
      await page.waitForSelector('#caption[data-state="done"]');
      await page.waitForSelector('html[data-kept]', {state: 'attached'});
      await page.waitForTimeout(500); // what it weighs is told anew
      await page.locator('#run').click(); // warm: the times that one sees from the second pair on
      await page.waitForSelector('#caption[data-state="done"]');
      await page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
      });
      await keep(page, use, names[width < 500 ? 2 : 0], {x: 0, y: 0, width, height: 844});
      if (width < 500) return;
      await drop(page, 'body', pairs);
      await untilText(page, '#batch-text', /8 of 8 pairs/);
      const box = await page.locator('#folder-title').evaluate((title) => {
        title.scrollIntoView({block: 'start', behavior: 'instant'});
        return title.getBoundingClientRect().top;
      });
      await keep(page, use, names[1], {x: 0, y: Math.max(0, box - 20), width, height: 844 - Math.max(0, box - 20)});
    });
  }
});

await runTests();
