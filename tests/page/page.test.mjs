// The built page in a real Chromium: what a person does with a pair and sees of it.
import assert from 'node:assert/strict';
import {cpSync, statSync} from 'node:fs';
import {ccx, CHANGED, choose, chromiumPath, copiedBy, copyOfDist, data, describe, dist, distWith, existsSync, exportTiny, join, needsBuild, newFolder, picture, readFileSync, readJson, root, runExample, runTests, savedBy, test, untilSeen, untilText, withPage, workerWith, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

test('it opens without console errors, says what it weighs, and downloads no model before it is asked', async () => {
  const asked = [];
  await withPage({intercept: (request) => void asked.push(request.url)}, async ({page, errors}) => {
    await page.waitForTimeout(500);
    assert.deepEqual(errors, []);
    assert.match(await page.locator('#model option').first().textContent(), /\d+\.\d MB/);
    assert.match(await page.locator('#model-info').textContent(), /MB to download/);
    assert.equal(await page.locator('#caption').getAttribute('data-state'), 'idle');
    assert.deepEqual(asked.filter((path) => /\/models\/(?!default\/manifest)|ort-wasm|\/core\/|tiff/.test(path)), []);
    assert.ok(await page.locator('#examples button').count() >= 2);
  });
});

test('the examples are pairs of examples/pairs, each with a sentence that is true of it; where one fails it is said', async () => {
  await withPage({}, async ({page, url}) => {
    const {images} = readJson(join(root, 'examples/pairs/references.json'));
    const {examples, judged} = await (await fetch(`${url}site.json`)).json();
    const buttons = page.locator('#examples button');
    assert.equal(await buttons.count(), examples.length);
    assert.ok(examples.length >= 2);
    for (const [i, {id, found}] of examples.entries()) {
      const truth = images.find(({filename}) => filename.startsWith(`${id}.`)).sentences[0].raw;
      const text = await buttons.nth(i).textContent();
      assert.ok(text.includes(truth), text);
      assert.equal(/The model fails here.*It says/s.test(text), found !== null && !found.right);
      if (found && !found.right) assert.ok(text.includes(found.caption));
    }
    if (judged.right) assert.ok(examples.filter(({found}) => !found.right).length <= 1, 'one failure at most, and it is said to be one');
    // It is the pair that one sees next, also where the gallery is far below it.
    await runExample(page, examples.length - 1);
    await page.waitForFunction(() => document.querySelector('#pair').getBoundingClientRect().top >= -1);
    assert.equal(await page.locator('#hint-before').textContent(), `${examples.at(-1).id}_before.jpg`);
    // Focus is where it was: the next Tab goes on from the example.
    assert.equal(await page.evaluate(() => document.activeElement.dataset.example), examples.at(-1).id);
  });
});

test('on a phone the sentence of an example is seen without scrolling', async () => {
  await withPage({viewport: {width: 360, height: 740}}, async ({page}) => {
    for (const example of [CHANGED[0], 1]) {
      await page.evaluate(() => document.querySelector('#examples').scrollIntoView({block: 'end', behavior: 'instant'}));
      await runExample(page, example);
      await page.waitForFunction(() => {
        const {top, bottom} = document.querySelector('#caption').getBoundingClientRect();
        return top > 0 && bottom < innerHeight;
      }, null, {timeout: 20_000});
    }
  });
});

test('the address of an example opens it again, and downloads nothing large by itself', async () => {
  const asked = [];
  const {examples} = readJson(join(dist, 'site.json'));
  await withPage({query: `?example=${examples[1].id}`, intercept: (request) => void asked.push(request.url)}, async ({page, url}) => {
    await untilText(page, '#caption', /Ready/);
    assert.match(await page.locator('#hint-after').textContent(), new RegExp(`^${examples[1].id}_after`));
    assert.deepEqual(asked.filter((path) => /\.bin$|\.onnx$|ort-wasm/.test(path)), []);
    await describe(page);
    assert.equal(await copiedBy(page, '#share'), `${url}?example=${examples[1].id}`);
    assert.equal(await copiedBy(page, '#copy-sentence'), (await page.locator('#caption').textContent()).trim());
    // Pressed again while it still says so, it says so for as long again, and then what it does.
    const said = () => page.locator('#copy-sentence').textContent();
    await untilText(page, '#copy-sentence', /^Copy sentence$/);
    await page.clock.install();
    for (let k = 0; k < 2; ++k) {
      await copiedBy(page, '#copy-sentence');
      await page.clock.runFor(1000);
      assert.equal(await said(), 'Copied');
    }
    await page.clock.runFor(1000);
    assert.equal(await said(), 'Copy sentence');
  });
  await withPage({query: '?example=nowhere&model=unknown'}, async ({page}) => {
    const notice = await untilText(page, '#address-notice', /nowhere/);
    assert.match(notice, /model "unknown", which is not here.*This page has default/);
    assert.match(notice, /example "nowhere", which is not here/);
  });
});

test('?model= is honoured by name and by address; an address that gives no model is refused in words', async () => {
  const copy = copyOfDist();
  cpSync(exportTiny('--quantize', 'none'), join(copy, 'models/other'), {recursive: true});
  const site = readJson(join(copy, 'site.json'));
  site.models.push({...site.models[0], name: 'other', label: 'Another one', url: 'models/other/manifest.json', meaningless: true, weights: ''});
  writeFileSync(join(copy, 'site.json'), JSON.stringify(site));
  const captions = [];
  for (const query of ['?model=other', '?model=models/other/manifest.json', '?model=models/other']) {
    await withPage({dir: copy, query}, async ({page, url}) => {
      assert.ok(await page.locator('#address-notice').isHidden());
      assert.equal(await page.locator('#model').inputValue(), query === '?model=other' ? 'models/other/manifest.json' : `${url}models/other/manifest.json`);
      assert.match(await page.locator('#model-info').textContent(), /float32 weights, images at 60 x 60/);
      captions.push(await runExample(page));
      // The link to it keeps the model.
      assert.equal(new URL(await copiedBy(page, '#share')).searchParams.get('model'), query.slice('?model='.length));
    });
  }
  assert.ok(captions[0].length > 0 && captions.every((caption) => caption === captions[0]), String(captions));
  for (const [wanted, why] of [['models/none/manifest.json', /404/], ['./site.json', /not a model that this page can use/], ['http://localhost:9/manifest.json', /cannot be reached/], ['ftp://localhost/manifest.json', /is not a web address/]]) {
    await withPage({dir: copy, query: `?model=${encodeURIComponent(wanted)}`}, async ({page}) => {
      const notice = await page.locator('#address-notice').textContent();
      assert.match(notice, /^The model that the address asks for cannot be used\..*The first one of this page is used\./s);
      assert.match(notice, why);
      assert.equal(await page.locator('#model').inputValue(), site.models[0].url);
    });
  }
});

// What the page says of its examples and what `ccx caption` says of them, by id.
async function bothOf(model, dtype, quantize) {
  const run = ccx('caption', '--in', join(root, 'examples/pairs'), '--out', '-', '--model', model, '--threads', '2', '-q', '--dtype', dtype);
  if (run.status !== 0) return null;
  const records = new Map(run.stdout.trim().split('\n').map((line) => JSON.parse(line)).map((record) => [record.id, record]));
  const folder = newFolder();
  assert.equal(ccx('export', '--model', model, '--out', join(folder, 'out'), '--quantize', quantize).status, 0);
  const copy = distWith(join(folder, 'out'));
  const {examples} = readJson(join(copy, 'site.json'));
  const found = [];
  await withPage({dir: copy}, async ({page}) => {
    for (const [i, {id}] of examples.entries()) {
      await runExample(page, i);
      found.push({id, mine: JSON.parse(await copiedBy(page, '#copy')), theirs: records.get(id)});
    }
  });
  assert.ok(found.length >= 2);
  return found;
}

test("the default model's captions and probabilities of the examples are those of ccx caption, with and without a fit of p_change", async () => {
  const model = join(root, 'models/default');
  if (!existsSync(join(model, 'config.json'))) return console.log('      not compared: there is no trained model in models/default');
  const config = readJson(join(model, 'config.json'));
  const fitted = join(newFolder(), 'fitted');
  cpSync(model, fitted, {recursive: true});
  if (config.change_head) writeFileSync(join(fitted, 'config.json'), JSON.stringify({...config, p_change_fit: {bias: -0.25, language: 0.4, head: 0.5}, min_p_change: 0.5}));
  // In float32 two runtimes sum in different orders, and a logit of 10 magnifies it. In 8 bits both have the core's own kernels, but the page
  // reads a prompt in runs, and each run makes its activations whole numbers by the largest of its own.
  const ways = [[model, 'fp32', 'none', 1e-3], [model, 'int8', 'int8', 0.02], [fitted, 'fp32', 'none', 1e-3]];
  for (const [each, dtype, quantize, tolerance] of config.change_head ? ways : ways.slice(0, 1)) {
    const found = await bothOf(each, dtype, quantize);
    if (!found) return console.log('      not compared: this build of ccx has no LibTorch');
    for (const {id, mine, theirs} of found) {
      assert.equal(mine.caption, theirs.caption, id);
      assert.equal(mine.changed, theirs.changed, id);
      assert.ok(Math.abs(mine.p_change - theirs.p_change) <= tolerance, `${id}: ${mine.p_change}, ${theirs.p_change}`);
      assert.deepEqual(Object.keys(mine), Object.keys(theirs));
      // Probabilities that differ in their last digits move a border by a pixel, and make or drop the least of places.
      const large = ({places}) => places?.filter(({area}) => area > 0.002);
      assert.equal(large(mine)?.length, large(theirs)?.length, id);
      large(theirs)?.forEach(({kind, box, area}, k) => {
        const own = large(mine)[k];
        assert.equal(own.kind, kind, id);
        assert.ok(Math.abs(own.area - area) < 1e-3 && own.box.every((value, n) => Math.abs(value - box[n]) <= 2), `${id}: ${JSON.stringify(own)}`);
      });
      if (theirs.p_parts) assert.ok(Math.abs(mine.p_parts.head - theirs.p_parts.head) <= 1e-2, `${id}: ${mine.p_parts.head}, ${theirs.p_parts.head}`);
    }
    if (each === fitted) assert.ok(found.some(({mine}) => Math.abs(mine.p_change - mine.p_parts.language) > 0.01), 'the fit does something');
  }
});

test("captions of the float32 export are those of ccx caption, with its scores", async () => {
  const caption = ccx('caption', '--in', join(data, 'reference/images'), '--out', '-', '--model', join(data, 'reference/tiny'), '--threads', '2', '-q');
  if (caption.status !== 0) return console.log('      not compared: this build of ccx has no `ccx caption`');
  const expected = caption.stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(expected.length, 3);
  const copy = distWith(exportTiny('--quantize', 'none'));
  await withPage({dir: copy, query: '?backend=wasm'}, async ({page}) => {
    for (const [i, record] of expected.entries()) {
      await choose(page, picture(`pair${i}_A.png`), picture(`pair${i}_B.png`));
      assert.equal(await describe(page), record.caption.trim());
      const mine = JSON.parse(await copiedBy(page, '#copy'));
      assert.deepEqual(Object.keys(mine), Object.keys(record));
      assert.deepEqual([mine.read, mine.warnings], [record.read, record.warnings]);
      assert.deepEqual(Object.keys(mine.ms), Object.keys(record.ms));
      assert.equal(mine.caption, record.caption);
      assert.equal(mine.changed, record.changed);
      assert.equal(mine.tokens, record.tokens);
      // Two runtimes sum in different orders; records show four decimals.
      for (const key of ['p_change', 'logprob_mean', 'logprob_min']) assert.ok(Math.abs(mine[key] - record[key]) <= 2e-4, `${key}: ${mine[key]}, ${record[key]}`);
    }
  });
});

test('two chosen files are described; numbers and the downloaded record are there; swapping swaps', async () => {
  await withPage({}, async ({page, errors}) => {
    await choose(page, picture('pair0_A.png'), picture('pair0_B.png'));
    const caption = await describe(page);
    assert.ok(caption.length > 0);
    assert.match(await page.locator('#confidence-text').textContent(), /%/);
    assert.match(await page.locator('#p-change-text').textContent(), /%/);
    assert.match(await page.locator('#timings').textContent(), /ms.*ms.*ms/s);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, \d+ thread/);
    const record = readJson(await savedBy(page, () => page.getByRole('button', {name: 'Download record'}).click()));
    assert.deepEqual([record.id, record.before, record.after, record.caption.trim()], ['pair0_A', 'pair0_A.png', 'pair0_B.png', caption]);
    const saved = readFileSync(await savedBy(page, () => page.getByRole('button', {name: 'Save picture'}).click()));
    assert.ok(saved.length > 10_000 && saved.readUInt32BE(0) === 0x89504e47, 'a PNG');
    assert.equal(saved.readUInt32BE(16), 2 * 640 + 3 * 24);
    await page.getByRole('button', {name: 'Swap the images'}).click();
    assert.equal(await page.locator('#hint-before').textContent(), 'pair0_B.png');
    assert.equal(await page.locator('#hint-after').textContent(), 'pair0_A.png');
    assert.equal(await page.locator('#caption').getAttribute('data-state'), 'idle');
    assert.deepEqual(errors, []);
  });
});

test('what the model is, weighs and was trained on stands there before any download, with links that lead somewhere', async () => {
  const asked = [];
  await withPage({intercept: (request) => void asked.push(request.url)}, async ({page, url}) => {
    const {models, cards, programBytes} = readJson(join(dist, 'site.json'));
    const {core} = readJson(join(dist, 'models/default/manifest.json'));
    const needsRuntime = core.length < 2; // the graphs that the core computes
    for (const [program, path] of [['core', 'core/core'], ['wasm', 'ort/ort-wasm-simd-threaded'], ['webgpu', 'ort/ort-wasm-simd-threaded.asyncify']]) {
      assert.equal(programBytes[program], ['js', 'wasm.gz'].reduce((sum, kind) => sum + statSync(join(dist, `${path}.${kind}`)).size, 0), program);
    }
    const card = cards.find(({weights}) => weights === models[0].weights);
    assert.equal(await page.locator('#card').isVisible(), card !== undefined);
    if (card) assert.ok((await page.locator('#card').textContent()).includes(card.trained_on));
    const program = programBytes.core + (needsRuntime ? programBytes.wasm : 0);
    const [all, own, part] = [models[0].bytes + program, models[0].bytes, program].map((bytes) => (bytes / 1e6).toFixed(1));
    assert.equal(await untilText(page, '#weight', /downloads/), `The first caption downloads ${all} MB: ${own} MB of the model and ${part} MB of the program that runs it.`);
    for (const link of await page.locator('main a:visible').evaluateAll((links) => links.map(({href}) => href))) {
      if (link.startsWith(url)) assert.equal((await fetch(link)).status, 200, link);
    }
    // The core comes with the first picture, and is not told again.
    await choose(page, picture('pair0_A.png'), null);
    await untilText(page, '#weight', new RegExp(`^The first caption downloads ${needsRuntime ? '.* of the program' : `${own} MB: the model`}`));
    await runExample(page);
    await page.waitForSelector('html[data-kept]', {state: 'attached'}); // what is kept for later has been asked for
    await untilText(page, '#weight', /Everything is on this machine: works without a network/);
    assert.equal(asked.some((path) => /\/ort\/|\/assets\/ort\./.test(path)), needsRuntime);
    assert.ok(asked.some((path) => /\/assets\/looker-/.test(path)), 'the second worker is kept');
  });
});

test('"works without a network" is said where that is true: not before the page itself is kept, nor where it cannot be', async () => {
  // A part of the page that the service worker cannot get.
  let isLacking = true;
  const intercept = (request, response, path) => {
    if (!isLacking || !/\/assets\/looker-/.test(path) || request.headers['sec-fetch-dest'] === 'worker') return false;
    response.writeHead(503).end();
    return true;
  };
  await withPage({intercept, query: '?threads=1'}, async ({page, url}) => {
    await runExample(page);
    await page.waitForSelector('html[data-kept]', {state: 'attached'});
    await untilText(page, '#weight', /^The model is on this machine; the page itself still needs the network\.$/);
    isLacking = false;
    await page.goto(url);
    await untilText(page, '#weight', /^Downloads \d\.\d MB more at the first caption/);
    await runExample(page); // which has it kept at last
    await untilText(page, '#weight', /works without a network/);
    await page.reload();
    await untilText(page, '#weight', /works without a network/);
  });
  await withPage({serviceWorkers: 'block'}, async ({page}) => {
    await runExample(page);
    await page.waitForSelector('html[data-kept]', {state: 'attached'});
    await untilText(page, '#weight', /the page itself still needs the network/);
  });
  // No store for files: as on a page over plain http.
  const noStore = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('none', 'SecurityError'))";
  await withPage(workerWith(noStore), async ({page}) => {
    await runExample(page);
    await untilText(page, '#weight', /^The model is here for this visit; this browser keeps nothing for the next one\.$/);
  });
});

test('ONNX Runtime runs what the core cannot, also where a manifest promises that it can', async () => {
  for (const promised of [[], ['vision', 'decoder']]) {
    const folder = exportTiny();
    const path = join(folder, 'manifest.json');
    const manifest = readJson(path);
    assert.deepEqual(manifest.core, []);
    writeFileSync(path, JSON.stringify({...manifest, core: promised}));
    await withPage({dir: distWith(folder)}, async ({page, context, server}) => {
      const weight = await untilText(page, '#weight', /downloads/);
      const megabytes = (await readJson(join(dist, 'site.json'))).programBytes;
      const program = ((megabytes.core + (promised.length ? 0 : megabytes.wasm)) / 1e6).toFixed(1);
      assert.match(weight, new RegExp(` and ${program} MB of the program that runs it`));
      const caption = await runExample(page);
      assert.ok(caption.length > 0);
      await page.waitForSelector('html[data-kept]', {state: 'attached'});
      if (promised.length) return; // what such a manifest says of itself is not true
      await untilText(page, '#weight', /Everything is on this machine/);
      // And so it is: the runtime is kept, though it was fetched before anybody could keep it.
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await context.setOffline(true);
      await page.reload();
      assert.equal(await runExample(page), caption);
    });
  }
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

test('a plain static server and a sub-path are enough: one thread, the same caption', async () => {
  let expected;
  await withPage({}, async ({page}) => {
    expected = await runExample(page);
  });
  await withPage({plain: true, prefix: '/people/ada/ccx/'}, async ({page, errors}) => {
    assert.equal(await runExample(page), expected);
    assert.match(await page.locator('#backend').textContent(), /1 thread .*COOP, COEP/);
    assert.deepEqual(errors, []);
  });
});

test('?backend= is obeyed, and WebGPU without a device gives way with a reason', async () => {
  await withPage({query: '?backend=wasm-1'}, async ({page}) => {
    await runExample(page);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, 1 thread/);
  });
  const asked = [];
  await withPage({query: '?backend=webgpu', intercept: (request) => void asked.push(request.url)}, async ({page}) => {
    const weight = await untilText(page, '#weight', /downloads/);
    assert.ok((await runExample(page)).length > 0);
    assert.match(await page.locator('#backend').textContent(), /WebAssembly, \d+ threads? \(.*(WebGPU|graphics device)|WebGPU \(verified/);
    await page.waitForSelector('html[data-kept]', {state: 'attached'});
    // Fetched is what is used: the core runs the model, so that the runtime is only wanted for a device that there is.
    const {programBytes} = readJson(join(dist, 'site.json'));
    const {core} = readJson(join(dist, 'models/default/manifest.json'));
    const [forWasm, forDevice] = [/\/ort-wasm-simd-threaded\.(js|wasm)/, /asyncify/].map((file) => asked.some((path) => file.test(path)));
    assert.equal(forWasm, core.length < 2);
    const program = programBytes.core + (forWasm ? programBytes.wasm : 0) + (forDevice ? programBytes.webgpu : 0);
    assert.match(weight, new RegExp(` and ${(program / 1e6).toFixed(1)} MB of the program`));
    if (/there is no graphics device|has no WebGPU/.test(await page.locator('#backend').textContent())) assert.ok(!forDevice);
  });
});

await runTests();
