// The page on networks and hosts of every kind: slow, broken, none, and a server that can do little.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {cpSync, readdirSync} from 'node:fs';
import {choose, chromiumPath, copyOfDist, describe, dist, errorText, existsSync, join, needsBuild, newFolder, openBrowser, openPage, picture, readFileSync, runExample, runTests, test, untilText, withPage, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

// Gives all large files together at `kBs` kilobytes a second while `on()` says so.
function throttled(kBs, on) {
  const open = new Set();
  return (request, response, path) => {
    if (!on() || !/\.(bin|onnx|gz)$/.test(path)) return false;
    const whole = readFileSync(join(dist, path));
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from ? 206 : 200, {'Content-Length': whole.length - from, ...(from ? {'Content-Range': `bytes ${from}-${whole.length - 1}/${whole.length}`} : {}), 'Cross-Origin-Resource-Policy': 'cross-origin'});
    let at = from;
    open.add(response);
    const timer = setInterval(() => {
      const end = Math.min(whole.length, at + Math.round((kBs * 100) / open.size));
      response.write(whole.subarray(at, end));
      at = end;
      if (at < whole.length) return;
      clearInterval(timer);
      open.delete(response);
      response.end();
    }, 100);
    response.on('close', () => {
      clearInterval(timer);
      open.delete(response);
    });
    return true;
  };
}

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
    // Never from the beginning again; where a connection ended before anything came, from the same place.
    for (let i = 1; i < starts.length; ++i) assert.ok(starts[i] >= starts[i - 1] && starts[i] > 0, String(starts));
    assert.ok(new Set(starts).size >= 3, String(starts));
  });
});

test('a slow network: bytes, pace and seconds are told; Escape ends it at once, and what has arrived is kept', async () => {
  let slow = true;
  await withPage({intercept: throttled(500, () => slow)}, async ({page}) => {
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
    await page.locator('#download').waitFor({state: 'hidden', timeout: 2000}); // drawn a frame later
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

test('a host whose table of types ends before .mjs, .webp and .gz is enough: no script is called otherwise than .js', async () => {
  const types = {html: 'text/html', css: 'text/css', js: 'application/javascript', json: 'application/json', svg: 'image/svg+xml', jpg: 'image/jpeg', png: 'image/png'};
  const intercept = (request, response, path) => {
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return false;
    response.writeHead(200, {'Content-Type': types[file.split('.').at(-1)] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff'});
    response.end(readFileSync(file));
    return true;
  };
  await withPage({intercept}, async ({page, errors}) => {
    assert.ok((await runExample(page)).length > 0);
    assert.deepEqual(errors, []);
  });
  const scripts = readdirSync(dist, {recursive: true}).filter((name) => /\.(mjs|cjs|wasm)$/.test(name));
  assert.deepEqual(scripts, []);
});

test('the core that could not be fetched once is fetched at the next try, without a reload', async () => {
  for (const wanted of [/\/core\.wasm\.gz$/, /\/core\.js$/]) {
    let broken = true;
    const intercept = (request, response, path) => {
      if (!broken || !wanted.test(path)) return false;
      response.writeHead(503).end();
      return true;
    };
    await withPage({intercept, serviceWorkers: 'block'}, async ({page}) => {
      await choose(page, picture('pair0_A.png'), picture('pair0_B.png'));
      assert.match(await untilText(page, '#error', /core/), /core\.wasm\) could not be fetched.*[Tt]ry again/);
      assert.equal(await page.locator('#about-before').textContent(), 'cannot be opened');
      await describe(page, 'error'); // still so
      broken = false;
      assert.ok((await describe(page)).length > 0);
      await untilText(page, '#about-before', /\d+ x \d+/);
      await untilText(page, '#about-after', /\d+ x \d+/);
      assert.ok(await page.locator('#viewer').isVisible());
    });
  }
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
