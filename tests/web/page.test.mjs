// The built page in a real Chromium: what a person does, and what goes wrong.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {serve} from '../../web/scripts/serve.mjs';
import {chromiumPath, copyOfDist, data, describe, dist, existsSync, join, needsBuild, newFolder, openBrowser, openPage, packageOf, png, readFileSync, readJson, rmSync, root, runTests, test, useExample, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

const binary = process.env.CCX_BINARY ?? join(root, 'build/ccx');
const pictures = join(data, 'reference/images');
const picture = (name) => join(pictures, name);
const shots = process.env.CCX_WEB_SHOTS ?? newFolder();
mkdirSync(shots, {recursive: true});

function ccx(...words) {
  return spawnSync(binary, words, {encoding: 'utf8', maxBuffer: 1 << 26});
}

// Runs `body` with a page at a server of its own.
async function withPage(options, body) {
  const {dir = dist, prefix = '/', plain = false, intercept, query = '', ...browserOptions} = options;
  const {server, url} = await serve({dir, prefix, plain, intercept});
  const browser = await openBrowser(browserOptions);
  try {
    const opened = await openPage(browser.context, url + query);
    await body({...opened, url, context: browser.context, server});
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function choose(page, before, after) {
  if (before) await page.getByLabel('Before').setInputFiles(before);
  if (after) await page.getByLabel('After').setInputFiles(after);
}

const errorText = async (page) => (await page.locator('#error').textContent()).trim();

// The page with another model in the place of its default.
function distWith(folder) {
  const copy = copyOfDist();
  rmSync(join(copy, 'models/default'), {recursive: true});
  spawnSync('cp', ['-r', folder, join(copy, 'models/default')]);
  return copy;
}

function exportTiny(...options) {
  const folder = newFolder();
  const result = ccx('export', '--model', join(data, 'reference/tiny'), '--out', join(folder, 'out'), ...options);
  if (result.status !== 0) throw new Error(`ccx export failed: ${result.stderr}`);
  return join(folder, 'out');
}

test('it opens without console errors, says what it weighs, and downloads no model before it is asked', async () => {
  const asked = [];
  await withPage({intercept: (request) => void asked.push(request.url)}, async ({page, errors}) => {
    await page.waitForTimeout(500);
    assert.deepEqual(errors, []);
    assert.match(await page.locator('#model option').first().textContent(), /\d+\.\d MB/);
    assert.match(await page.locator('#model-info').textContent(), /MB to download/);
    assert.equal(await page.locator('#caption').getAttribute('data-state'), 'idle');
    assert.deepEqual(asked.filter((path) => path.includes('/models/') && !path.endsWith('manifest.json')), []);
    assert.ok(await page.locator('#examples button').count() >= 2);
  });
});

test('the gallery shows the pairs of examples/pairs, with and without a change, and says what is true of each', async () => {
  await withPage({}, async ({page}) => {
    const {images} = readJson(join(root, 'examples/pairs/references.json'));
    const shown = await page.locator('#examples button .name').allTextContents();
    assert.deepEqual(shown, images.map(({sentences}) => sentences[0].raw));
    const flags = images.map(({changeflag}) => changeflag);
    assert.ok(flags.includes(0) && flags.includes(1));
    const last = page.locator('#examples button').last();
    await last.click();
    await page.waitForFunction(() => document.querySelector('#view-before').naturalWidth > 0);
    // It is the pair that one sees next, also where the gallery is far below it.
    await page.waitForFunction(() => document.querySelector('#pair').getBoundingClientRect().top >= -1);
    assert.equal(await page.locator('#hint-before').textContent(), `${images.at(-1).filename.replace(/\.\w+$/, '')}_before.jpg`);
  });
});

test("the default model's captions of the examples are those of ccx caption, for the float32 export", async () => {
  const model = join(root, 'models/default');
  if (!existsSync(join(model, 'config.json'))) return console.log('      not compared: there is no trained model in models/default');
  const caption = ccx('caption', '--in', join(root, 'examples/pairs'), '--out', '-', '--model', model, '--threads', '2', '-q');
  if (caption.status !== 0) return console.log('      not compared: this build of ccx has no `ccx caption`');
  const expected = caption.stdout.trim().split('\n').map((line) => JSON.parse(line).caption.trim());
  const folder = newFolder();
  assert.equal(ccx('export', '--model', model, '--out', join(folder, 'out')).status, 0);
  const copy = distWith(join(folder, 'out'));
  await withPage({dir: copy}, async ({page}) => {
    for (const [i, words] of expected.entries()) {
      await useExample(page, i);
      assert.equal(await describe(page), words, `example ${i + 1}`);
    }
  });
});

test("captions of the float32 export are those of ccx caption, with its scores", async () => {
  const caption = ccx('caption', '--in', pictures, '--out', '-', '--model', join(data, 'reference/tiny'), '--threads', '2', '-q');
  if (caption.status !== 0) return console.log('      not compared: this build of ccx has no `ccx caption`');
  const expected = caption.stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(expected.length, 3);
  const copy = distWith(exportTiny('--quantize', 'none'));
  await withPage({dir: copy, query: '?backend=wasm'}, async ({page, context}) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    for (const [i, record] of expected.entries()) {
      await choose(page, picture(`pair${i}_A.png`), picture(`pair${i}_B.png`));
      assert.equal(await describe(page), record.caption.trim());
      await page.getByRole('button', {name: 'Copy record'}).click();
      const mine = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
      assert.deepEqual(Object.keys(mine), Object.keys(record));
      assert.deepEqual(Object.keys(mine.ms), Object.keys(record.ms));
      assert.equal(mine.caption, record.caption);
      assert.equal(mine.changed, record.changed);
      assert.equal(mine.tokens, record.tokens);
      // Two runtimes sum in different orders; records show four decimals.
      for (const key of ['p_change', 'logprob_mean', 'logprob_min']) assert.ok(Math.abs(mine[key] - record[key]) <= 2e-4, `${key}: ${mine[key]}, ${record[key]}`);
    }
  });
});

test('two chosen files are described; numbers, saliency and the downloaded record are there; swapping swaps', async () => {
  await withPage({}, async ({page, errors}) => {
    await choose(page, picture('pair0_A.png'), picture('pair0_B.png'));
    const caption = await describe(page);
    assert.ok(caption.length > 0);
    assert.match(await page.locator('#confidence-text').textContent(), /%/);
    assert.match(await page.locator('#p-change-text').textContent(), /%/);
    assert.match(await page.locator('#timings').textContent(), /ms.*ms.*ms/s);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, \d+ thread/);
    assert.ok(await page.locator('#saliency').isVisible());
    await page.getByLabel('Saliency opacity').fill('20');
    assert.equal(await page.locator('#saliency').evaluate((canvas) => canvas.style.opacity), '0.2');
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', {name: 'Download record'}).click();
    const record = readJson(await (await waiting).path());
    assert.deepEqual([record.id, record.before, record.after, record.caption.trim()], ['pair0_A', 'pair0_A.png', 'pair0_B.png', caption]);
    await page.getByRole('button', {name: 'Swap the images'}).click();
    assert.equal(await page.locator('#hint-before').textContent(), 'pair0_B.png');
    assert.equal(await page.locator('#hint-after').textContent(), 'pair0_A.png');
    assert.equal(await page.locator('#caption').getAttribute('data-state'), 'idle');
    assert.deepEqual(errors, []);
  });
});

test('two dropped files are described, and pasted ones fill the places in order', async () => {
  await withPage({}, async ({page}) => {
    const transfer = (names) => page.evaluateHandle((files) => {
      const data = new DataTransfer();
      for (const [name, base64] of files) data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, {type: 'image/png'}));
      return data;
    }, names.map((name) => [name, readFileSync(picture(name)).toString('base64')]));
    await page.locator('#slot-before').dispatchEvent('drop', {dataTransfer: await transfer(['pair1_A.png', 'pair1_B.png'])});
    assert.equal(await page.locator('#hint-after').textContent(), 'pair1_B.png');
    assert.ok((await describe(page)).length > 0);
    await page.getByRole('button', {name: 'Remove the first image'}).click();
    await page.getByRole('button', {name: 'Remove the second image'}).click();
    for (const name of ['pair2_A.png', 'pair2_B.png']) {
      const clipboard = await transfer([name]);
      await page.evaluate((data) => document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})), clipboard);
    }
    assert.equal(await page.locator('#hint-before').textContent(), 'pair2_A.png');
    assert.equal(await page.locator('#hint-after').textContent(), 'pair2_B.png');
  });
});

test('stop ends a caption early and keeps its words; the next one is whole', async () => {
  // Random weights never come to an end by themselves: there is always something left to stop.
  const copy = distWith(exportTiny('--quantize', 'int8'));
  await withPage({dir: copy}, async ({page}) => {
    await useExample(page);
    const whole = await describe(page);
    await page.evaluate(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('#caption.words')) return;
        observer.disconnect();
        document.querySelector('#stop').click();
      }).observe(document.querySelector('#caption'), {childList: true, attributes: true});
    });
    const part = await describe(page, 'stopped');
    assert.ok(part.length < whole.length, `${part.length} of ${whole.length}`);
    assert.ok(await page.locator('#stop').isHidden());
    assert.equal(await describe(page), whole);
  });
});

test('the divider moves by keyboard, mouse and touch', async () => {
  await withPage({}, async ({page}) => {
    await choose(page, picture('pair0_A.png'), picture('pair0_B.png'));
    const slider = page.getByRole('slider', {name: 'Compare the two images'});
    const now = async () => Number(await slider.getAttribute('aria-valuenow'));
    await slider.focus();
    for (const [key, expected] of [['ArrowRight', 52], ['ArrowLeft', 50], ['ArrowLeft', 48], ['PageUp', 58], ['Home', 0], ['ArrowLeft', 0], ['End', 100], ['ArrowRight', 100]]) {
      await page.keyboard.press(key);
      assert.equal(await now(), expected, key);
    }
    const cut = await page.locator('#cut').evaluate((element) => getComputedStyle(element).clipPath);
    assert.match(cut, /inset\(0(px)? 0%/);
    const box = await page.locator('#frames').boundingBox();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 60, {steps: 4});
    await page.mouse.up();
    assert.equal(await now(), 25);
    const touch = {pointerType: 'touch', pointerId: 7, isPrimary: true, button: 0, bubbles: true};
    await page.locator('#frames').evaluate((frames) => (frames.setPointerCapture = () => {}));
    await page.locator('#frames').dispatchEvent('pointerdown', {...touch, clientX: box.x + box.width * 0.6, clientY: box.y + 20});
    assert.equal(await now(), 60);
  });
});

test('after the first visit it works without a network, reload included', async () => {
  await withPage({}, async ({page, context, errors, server}) => {
    await useExample(page);
    const online = await describe(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector('#examples button');
    await useExample(page);
    assert.equal(await describe(page), online);
    assert.match(await page.locator('#model-info').textContent(), /on this machine/);
    assert.deepEqual(errors.filter((text) => !/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/.test(text)), []);
  });
});

test('a plain static server and a sub-path are enough: one thread, the same caption', async () => {
  let expected;
  await withPage({}, async ({page}) => {
    await useExample(page);
    expected = await describe(page);
  });
  await withPage({plain: true, prefix: '/people/ada/ccx/'}, async ({page, errors}) => {
    await useExample(page);
    assert.equal(await describe(page), expected);
    assert.match(await page.locator('#backend').textContent(), /1 thread .*COOP, COEP/);
    assert.deepEqual(errors, []);
  });
});

test('?backend= is obeyed, and WebGPU without a device gives way with a reason', async () => {
  await withPage({query: '?backend=wasm-1'}, async ({page}) => {
    await useExample(page);
    await describe(page);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, 1 thread/);
  });
  await withPage({query: '?backend=webgpu'}, async ({page}) => {
    await useExample(page);
    assert.ok((await describe(page)).length > 0);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, \d+ threads? \(.*(WebGPU|graphics device)|WebGPU \(verified/);
  });
});

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
    for (const [name, message] of [['notes.png', /notes\.png is not an image/], ['huge.png', /huge\.png is 20000 x 20000 pixels: too large/], ['cut.png', /cut\.png is not an image/], ['map.tif', /TIFF.*ccx caption/]]) {
      await choose(page, null, join(folder, name));
      await describe(page, 'error');
      assert.match(await errorText(page), message);
      assert.ok(await page.locator('#slot-after').evaluate((slot) => slot.classList.contains('bad')));
    }
    await choose(page, null, picture('pair0_B.png'));
    assert.ok((await describe(page)).length > 0, 'it recovers');
  });
});

test('a model file that fails its checksum is refused, thrown away, and fetched anew', async () => {
  const copy = copyOfDist();
  const path = join(copy, 'models/default/vision.0.bin');
  const whole = readFileSync(path);
  const spoiled = Buffer.from(whole);
  spoiled[1000] ^= 1;
  writeFileSync(path, spoiled);
  await withPage({dir: copy}, async ({page}) => {
    await useExample(page);
    await describe(page, 'error');
    assert.match(await errorText(page), /vision\.0\.bin does not have the checksum/);
    writeFileSync(path, whole);
    assert.ok((await describe(page)).length > 0);
  });
});

test('a broken download goes on where it stopped', async () => {
  const ranges = [];
  let broken = 0;
  const intercept = (request, response, path) => {
    if (!path.endsWith('vision.0.bin')) return false;
    ranges.push(request.headers.range ?? '');
    if (broken >= 4) return false;
    const whole = readFileSync(join(dist, 'models/default/vision.0.bin'));
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from ? 206 : 200, {'Content-Length': whole.length - from, ...(from ? {'Content-Range': `bytes ${from}-${whole.length - 1}/${whole.length}`} : {}), 'Cross-Origin-Resource-Policy': 'cross-origin'});
    ++broken;
    response.write(whole.subarray(from, from + 400_000), () => setTimeout(() => response.destroy(), 50));
    return true;
  };
  await withPage({intercept}, async ({page}) => {
    await useExample(page);
    await describe(page, 'error'); // three tries break off
    assert.match(await errorText(page), /vision\.0\.bin broke off at \d+ %.*goes on from there/);
    assert.match(await page.locator('#model-info').textContent(), /MB/);
    assert.ok((await describe(page)).length > 0);
    const starts = ranges.map((range) => Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0));
    assert.equal(starts[0], 0);
    for (let i = 1; i < starts.length; ++i) assert.ok(starts[i] > starts[i - 1], String(starts));
  });
});

// Puts `prelude` in front of the worker's own code while `on()` says so. Without a service worker, which would hand
// out the code that it has kept.
function workerWith(prelude, on) {
  const intercept = (request, response, path) => {
    if (!on() || !/\/assets\/worker-[^/]*\.js$/.test(path)) return false;
    const code = readFileSync(join(dist, path));
    response.writeHead(200, {'Content-Type': 'text/javascript', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': 'no-store'});
    response.end(`${prelude};\n${code}`);
    return true;
  };
  return {intercept, serviceWorkers: 'block'};
}

test('too little memory is said in words, and the next try starts afresh', async () => {
  // The runtime's memory cannot grow, and so it fails as in a tab that has no more.
  let short = true;
  const full = "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('Maximum memory size exceeded'); }";
  await withPage(workerWith(full, () => short), async ({page}) => {
    await useExample(page);
    await describe(page, 'error');
    assert.match(await errorText(page), /too little memory.*Close other tabs, or choose a smaller model/);
    assert.ok(await page.getByRole('button', {name: 'Describe the change'}).isEnabled());
    short = false;
    assert.ok((await describe(page)).length > 0);
  });
});

test('a worker that crashes is replaced: the failure is told, and the next caption is there', async () => {
  await withPage({}, async ({page}) => {
    await useExample(page);
    const whole = await describe(page);
    // The newest: the browser may list one that has ended for a moment more.
    const ours = () => page.workers().filter((each) => each.url().includes('/assets/worker-')).at(-1);
    const crash = () => ours().evaluate(() => void setTimeout(() => {
      throw new Error('struck by lightning');
    }));
    // While it is at work.
    await page.evaluate(() => new MutationObserver((_, observer) => {
      observer.disconnect();
      document.title = 'at work';
    }).observe(document.querySelector('#caption'), {attributes: true}));
    const worker = ours();
    await Promise.all([page.getByRole('button', {name: 'Describe the change'}).click(), page.waitForFunction(() => document.title === 'at work').then(crash)]);
    await page.waitForSelector('#caption[data-state="error"]', {state: 'attached'});
    assert.match(await errorText(page), /worker failed.*struck by lightning.*The next try starts a new one/);
    assert.equal(await describe(page), whole);
    assert.notEqual(ours(), worker);
    // While nothing runs: nobody need be told.
    await crash();
    await page.waitForTimeout(100);
    assert.equal(await describe(page), whole);
  });
});

test('a folder of pairs is captioned to the JSON lines of ccx caption', async () => {
  const folder = newFolder();
  for (const side of ['A', 'B']) {
    mkdirSync(join(folder, side));
    for (const i of [0, 1]) writeFileSync(join(folder, side, `p${i}.png`), readFileSync(picture(`pair${i}_${side}.png`)));
  }
  writeFileSync(join(folder, 'A/alone.png'), readFileSync(picture('pair2_A.png')));
  writeFileSync(join(folder, 'A/broken.png'), 'no image');
  writeFileSync(join(folder, 'B/broken.png'), readFileSync(picture('pair2_B.png')));
  await withPage({}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor({timeout: 120_000});
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', {name: 'Download captions.jsonl'}).click();
    const records = readFileSync(await (await waiting).path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(records.map(({id, before, after, error}) => [id, before, after, error?.code ?? null]), [
      ['alone', 'A/alone.png', null, 'missing_after'], ['broken', 'A/broken.png', 'B/broken.png', 'decode_image'],
      ['p0', 'A/p0.png', 'B/p0.png', null], ['p1', 'A/p1.png', 'B/p1.png', null]]);
    assert.match(await page.locator('#batch-text').textContent(), /4 of 4 pairs, 2 failed/);
    await choose(page, picture('pair0_A.png'), picture('pair0_B.png'));
    assert.equal(await describe(page), records[2].caption.trim());
  });
});

test('a crash in the middle of a folder costs one pair', async () => {
  const folder = newFolder();
  for (const side of ['A', 'B']) {
    mkdirSync(join(folder, side));
    for (let i = 0; i < 4; ++i) writeFileSync(join(folder, side, `p${i}.png`), readFileSync(picture(`pair${i % 3}_${side}.png`)));
  }
  await withPage({}, async ({page}) => {
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForSelector('#batch-rows tr');
    await page.workers().find((each) => each.url().includes('/assets/worker-')).evaluate(() => void setTimeout(() => {
      throw new Error('struck by lightning');
    }));
    await page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor({timeout: 120_000});
    assert.match(await page.locator('#batch-text').textContent(), /4 of 4 pairs, 1 failed/);
    assert.equal(await page.locator('#batch-rows tr.bad').count(), 1);
  });
});

test("one's own model by its address; an address without one says so; clearing removes downloads", async () => {
  const copy = copyOfDist();
  spawnSync('cp', ['-r', exportTiny('--quantize', 'none'), join(copy, 'models/mine')]);
  await withPage({dir: copy}, async ({page, url}) => {
    await page.getByText('Use a model of your own').click();
    const address = page.getByLabel("Address of an export's manifest.json");
    for (const [wrong, message] of [[`${url}models/none/`, /404/], [`${url}models.json`, /not a model that this page can use/], ['http://localhost:9/manifest.json', /cannot be reached/]]) {
      await address.fill(wrong);
      await page.getByRole('button', {name: 'Look'}).click();
      await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('#model-info').textContent), message.source);
    }
    await address.fill(`${url}models/mine`);
    await page.getByRole('button', {name: 'Look'}).click();
    await page.waitForFunction(() => /float32 weights/.test(document.querySelector('#model-info').textContent));
    await useExample(page);
    assert.ok((await describe(page)).length > 0);
    await page.waitForFunction(() => /on this machine/.test(document.querySelector('#model-info').textContent));
    await page.getByRole('button', {name: 'Clear downloaded models'}).click();
    await page.waitForFunction(() => /to download/.test(document.querySelector('#model-info').textContent));
    assert.match(await page.locator('#stored').textContent(), /No models/);
  });
});

test('twenty pairs in a row leak no memory', async () => {
  await withPage({}, async ({page}) => {
    const used = async () => (await page.evaluate(() => performance.measureUserAgentSpecificMemory())).bytes;
    const pairs = async (count) => {
      for (let i = 0; i < count; ++i) {
        await choose(page, picture(`pair${i % 3}_A.png`), picture(`pair${i % 3}_B.png`));
        await describe(page);
      }
    };
    await pairs(5); // caches fill, heaps find their size
    const before = await used();
    await pairs(20);
    const after = await used();
    // One pair's tensors are about 1 MB: twenty that leak would be far above this.
    assert.ok(after - before < 6e6, `${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB after`);
  });
});

test('axe finds nothing serious, and nothing is wider than the screen, in both themes at 360 and 1280 pixels', async () => {
  const axe = packageOf.resolve('axe-core/axe.min.js');
  for (const colorScheme of ['light', 'dark']) {
    await withPage({colorScheme}, async ({page}) => {
      const check = async (state, width) => {
        await page.setViewportSize({width, height: 900});
        await page.screenshot({path: join(shots, `${state}-${colorScheme}-${width}.png`), fullPage: true});
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0, `${state} at ${width}`);
        const {violations} = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({impact}) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(' ')}`), [], `${state} ${colorScheme} ${width}`);
      };
      await page.addScriptTag({path: axe});
      for (const width of [1280, 360]) await check('idle', width);
      await useExample(page, 1);
      await describe(page);
      for (const width of [360, 1280]) await check('done', width);
      await page.locator('#slot-after .clear').click();
      await page.getByRole('button', {name: 'Describe the change'}).click();
      for (const width of [360, 1280]) await check('error', width);
    });
  }
});

test('a first visit weighs 20 MB or less', async () => {
  let sent = 0;
  const sockets = new Set();
  await withPage({plain: true, intercept: (request) => void sockets.add(request.socket)}, async ({page}) => {
    await useExample(page);
    await describe(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    for (const socket of sockets) sent += socket.bytesWritten;
    console.log(`      ${(sent / 1e6).toFixed(1)} MB`);
    assert.ok(sent > 4e6 && sent <= 20e6, `${sent} bytes`);
  });
});

await runTests();
