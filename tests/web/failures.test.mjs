// What goes wrong around the page: networks, servers, memory, workers, files that are none.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {cpSync} from 'node:fs';
import {chromiumPath, choose, copyOfDist, describe, dist, errorText, exportTiny, join, mortalWorker, needsBuild, newFolder, openBrowser, openPage, picture, png, readFileSync, runExample, runTests, test, untilText, withPage, workerWith, writeFileSync} from './harness.mjs';

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

test('a model file that fails its checksum is refused, thrown away, and fetched anew', async () => {
  const copy = copyOfDist();
  const path = join(copy, 'models/default/vision.0.bin');
  const whole = readFileSync(path);
  const spoiled = Buffer.from(whole);
  spoiled[1000] ^= 1;
  writeFileSync(path, spoiled);
  await withPage({dir: copy}, async ({page}) => {
    await runExample(page, 0, 'error');
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
    await runExample(page, 0, 'error'); // three tries break off
    assert.match(await errorText(page), /vision\.0\.bin broke off at \d+ %.*goes on from there/);
    assert.match(await page.locator('#model-info').textContent(), /MB/);
    assert.ok((await describe(page)).length > 0);
    const starts = ranges.map((range) => Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0));
    assert.equal(starts[0], 0);
    for (let i = 1; i < starts.length; ++i) assert.ok(starts[i] > starts[i - 1], String(starts));
  });
});

// Gives the model's files at `kBs` kilobytes a second while `on()` says so.
function throttled(kBs, on) {
  return (request, response, path) => {
    if (!on() || !/\.(bin|onnx|gz)$/.test(path)) return false;
    const whole = readFileSync(join(dist, path));
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from ? 206 : 200, {'Content-Length': whole.length - from, ...(from ? {'Content-Range': `bytes ${from}-${whole.length - 1}/${whole.length}`} : {}), 'Cross-Origin-Resource-Policy': 'cross-origin'});
    let at = from;
    const timer = setInterval(() => {
      const end = Math.min(whole.length, at + kBs * 100);
      response.write(whole.subarray(at, end));
      at = end;
      if (at < whole.length) return;
      clearInterval(timer);
      response.end();
    }, 100);
    response.on('close', () => clearInterval(timer));
    return true;
  };
}

test('a slow network: bytes, pace and seconds are told; Escape ends it at once, and what has arrived is kept', async () => {
  let slow = true;
  await withPage({intercept: throttled(250, () => slow)}, async ({page}) => { // two files at once: 500 kB/s
    await page.locator('#examples button').first().click();
    await untilText(page, '#download-amount', /^\d+\.\d MB of \d+\.\d MB, \d+\.\d MB\/s, \d+ s left$/);
    assert.match(await page.locator('#caption').textContent(), /Downloading the model/);
    // Measured in the page: how busy the machine is, is no matter of its.
    await page.evaluate(() => {
      let began = 0;
      addEventListener('keydown', () => (began = performance.now()), {capture: true, once: true});
      const caption = document.querySelector('#caption');
      new MutationObserver(() => {
        if (caption.dataset.state === 'stopped') globalThis.passed ??= performance.now() - began;
      }).observe(caption, {attributes: true});
    });
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => globalThis.passed !== undefined);
    const passed = await page.evaluate(() => globalThis.passed);
    assert.ok(passed < 1000, `${passed} ms`);
    assert.ok(await page.locator('#download').isHidden());
    slow = false;
    assert.ok((await describe(page)).length > 0);
  });
});

test('no network: every failure says that this is the reason', async () => {
  await withPage({serviceWorkers: 'block'}, async ({page, context}) => {
    await choose(page, picture('pair0_A.png'), picture('pair0_B.png')); // the page's own parts are here
    await untilText(page, '#caption', /Ready/);
    await context.setOffline(true);
    await page.waitForFunction(() => !navigator.onLine);
    await describe(page, 'error');
    assert.match(await errorText(page), /there is no network/i);
    await page.locator('#examples button').first().click();
    assert.match(await untilText(page, '#error', /example/), /there is no network/);
    await context.setOffline(false);
    await runExample(page);
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

test('a static server that knows neither headers nor ranges is enough, from a sub-folder', async () => {
  const folder = newFolder();
  cpSync(dist, join(folder, 'some/where'), {recursive: true});
  const server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', folder]);
  try {
    const port = await new Promise((done, failed) => {
      server.on('error', failed);
      server.stdout.on('data', (text) => {
        const found = /port (\d+)/.exec(String(text));
        if (found) done(found[1]);
      });
    });
    const browser = await openBrowser();
    try {
      const {page, errors} = await openPage(browser.context, `http://localhost:${port}/some/where/`);
      assert.ok((await runExample(page)).length > 0);
      assert.match(await page.locator('#backend').textContent(), /1 thread/);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  } finally {
    server.kill();
  }
});

test('too little memory is said in words, and the next try starts afresh', async () => {
  // The runtime's memory cannot grow, and so it fails as in a tab that has no more.
  let short = true;
  const full = "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('Maximum memory size exceeded'); }";
  await withPage(workerWith(full, () => short), async ({page}) => {
    await runExample(page, 0, 'error');
    assert.match(await errorText(page), /too little memory.*Close other tabs, or choose a smaller model/);
    assert.ok(await page.getByRole('button', {name: 'Describe the change'}).isEnabled());
    short = false;
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

test('after the first visit it works without a network, reload included', async () => {
  await withPage({}, async ({page, context, errors, server}) => {
    const online = await runExample(page);
    await page.waitForSelector('html[data-kept]', {state: 'attached'});
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector('#examples button');
    assert.equal(await runExample(page), online);
    await untilText(page, '#model-info', /on this machine/);
    assert.deepEqual(errors.filter((text) => !/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/.test(text)), []);
  });
});

test('a first visit weighs 20 MB or less', async () => {
  let sent = 0;
  const sockets = new Set();
  await withPage({plain: true, intercept: (request) => void sockets.add(request.socket)}, async ({page}) => {
    await runExample(page);
    await page.waitForSelector('html[data-kept]', {state: 'attached'});
    for (const socket of sockets) sent += socket.bytesWritten;
    console.log(`      ${(sent / 1e6).toFixed(1)} MB`);
    assert.ok(sent > 4e6 && sent <= 20e6, `${sent} bytes`);
  });
});

await runTests();
