// What the page shows belongs together: captions to their pictures, words to numbers, maps to what they say, files to
// their places.
import assert from 'node:assert/strict';
import {cpSync} from 'node:fs';
import {ccx, CHANGED, chromiumPath, describe, dist, distWith, drop, examplePicture, existsSync, exportTiny, join, needsBuild, newFolder, paintingWorker, picture, readFileSync, readJson, root, runExample, runTests, savedBy, sayingWorker, test, untilSeen, untilText, withPage, workerWith, writeFileSync} from './harness.mjs';

needsBuild();
chromiumPath();

const state = (page) => page.locator('#caption').getAttribute('data-state');

test('a caption stands under the pictures that it was made from, whatever is clicked while it is made', async () => {
  let slow = true;
  const intercept = (request, response, path) => {
    if (!slow || !path.endsWith('vision.0.bin')) return false;
    slow = false;
    setTimeout(() => {
      response.writeHead(200, {'Cross-Origin-Resource-Policy': 'cross-origin'});
      response.end(readFileSync(join(dist, path)));
    }, 1500);
    return true;
  };
  await withPage({intercept}, async ({page}) => {
    // Another example while the model is on its way.
    await page.locator('#examples button').nth(0).click();
    await page.waitForSelector('#download:not([hidden])');
    const second = await runExample(page, 3);
    const first = await runExample(page, 0);
    assert.notEqual(first, second, 'the examples differ');
    assert.equal(await runExample(page, 3), second);
    // Another one while the first is being described: only what belongs to the second is ever shown as finished.
    await page.evaluate(() => {
      globalThis.seen = [];
      const caption = document.querySelector('#caption');
      new MutationObserver(() => {
        if (caption.dataset.state === 'done') globalThis.seen.push([document.querySelector('#hint-before').textContent, caption.textContent.trim()]);
      }).observe(caption, {childList: true, attributes: true, characterData: true, subtree: true});
    });
    await untilSeen(page, '#caption', /data-state="running"/, () => page.locator('#examples button').nth(0).click());
    assert.equal(await runExample(page, 3), second);
    await page.waitForTimeout(300);
    const seen = await page.evaluate(() => globalThis.seen);
    const name = await page.locator('#hint-before').textContent();
    for (const [hint, words] of seen.filter(([hint]) => hint === name)) assert.equal(words, second, hint);
    // Swapped, or one removed, while it is described: what was begun is thrown away.
    for (const act of ['Swap the images', 'Remove the first image']) {
      await page.locator('#run').click();
      await page.getByRole('button', {name: act}).click();
      assert.equal(await state(page), 'idle', act);
      await page.waitForTimeout(700);
      assert.equal(await state(page), 'idle', act);
      assert.ok(await page.locator('#numbers').isHidden());
      assert.ok(await page.locator('#stop').isHidden());
    }
  });
});

test('a stopped caption looks like a piece, has no numbers and cannot be saved; the next one is whole', async () => {
  await withPage({dir: distWith(exportTiny('--quantize', 'int8'))}, async ({page}) => {
    const whole = await runExample(page);
    const stopAtFirstWord = (how) => page.evaluate((key) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('#caption.words')) return;
        observer.disconnect();
        if (key) document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        else document.querySelector('#stop').click();
      }).observe(document.querySelector('#caption'), {childList: true, attributes: true});
    }, how);
    for (const how of ['', 'Escape']) {
      await stopAtFirstWord(how);
      const part = await describe(page, 'stopped');
      assert.match(part, / …$/);
      assert.ok(whole.startsWith(part.replace(/ …$/, '')), part);
      assert.match(await page.locator('#stopped-note').textContent(), /Stopped before the sentence was finished/);
      for (const id of ['#numbers', '#record-actions', '#timings', '#verdict', '#stop']) assert.ok(await page.locator(id).isHidden(), id);
      // The button that was pressed is still the one that keys act on.
      assert.equal(await page.evaluate(() => document.activeElement.id), 'run');
      assert.equal(await describe(page), whole);
    }
  });
});

test('the threshold of the model stands on the meter and in words, so that words and numbers agree', async () => {
  await withPage({}, async ({page}) => {
    const {min_p_change: threshold = 0} = readJson(join(dist, 'models/default/manifest.json'));
    await runExample(page);
    assert.equal(await page.locator('#threshold').isVisible(), threshold > 0);
    if (threshold > 0) {
      const [tick, meter] = [await page.locator('#threshold').boundingBox(), await page.locator('#p-change').boundingBox()];
      assert.ok(Math.abs(tick.x + tick.width / 2 - (meter.x + meter.width * threshold)) < 2);
      assert.match(await page.locator('#verdict').textContent(), /Told as (a change|unchanged).*from which on this model tells of/);
    }
  });
  // With a threshold of 1 every pair is told as unchanged, however probable a change is.
  const model = join(root, 'models/default');
  if (!existsSync(join(model, 'config.json'))) return;
  const folder = newFolder();
  cpSync(model, join(folder, 'model'), {recursive: true});
  writeFileSync(join(folder, 'model/config.json'), JSON.stringify({...readJson(join(model, 'config.json')), min_p_change: 1}));
  assert.equal(ccx('export', '--model', join(folder, 'model'), '--out', join(folder, 'out'), '--quantize', 'int8').status, 0);
  await withPage({dir: distWith(join(folder, 'out'))}, async ({page}) => {
    await runExample(page, 3);
    const p = (await page.locator('#p-change-text').textContent()).trim();
    const verdict = await page.locator('#verdict').textContent();
    assert.ok(verdict.startsWith(`Told as unchanged: the probability of change, ${p}, is below 100`), verdict);
    // And then nothing tells of places.
    for (const id of ['#outlines', '#outlines-control', '#places']) assert.ok(await page.locator(id).isHidden(), id);
    const record = readJson(await savedBy(page, () => page.getByRole('button', {name: 'Download record'}).click()));
    assert.deepEqual([record.changed, record.places], [false, record.p_parts ? [] : undefined]);
  });
});

test('a probability that rounds to the threshold is told with as many decimals as tell the two apart', async () => {
  for (const [pChange, told, threshold, changed] of [[0.768, '76.8', '77.0', false], [0.7699996, '76.99996', '77.00000', false], [0.772, '77.2', '77.0', true], [0.77, '77', '77', true], [0.9, '90', '77', true]]) {
    await withPage(sayingWorker({pChange, minPChange: 0.77, changed}), async ({page}) => {
      await runExample(page);
      const verdict = await page.locator('#verdict').textContent();
      assert.ok(verdict.startsWith(`Told as ${changed ? 'a change' : 'unchanged'}: the probability of change, ${told}\u00a0%, ${changed ? 'reaches' : 'is below'} ${threshold}\u00a0%,`), verdict);
      assert.equal(await page.locator('#p-change-text').textContent(), `${told}\u00a0%`);
    });
  }
});

test('numbers stay on their line: none is torn from its unit, at any width', async () => {
  const timings = {prepare: 10321, vision: 12345, firstToken: 14000, decode: 3000, tokensPerSecond: 1302};
  await withPage(sayingWorker({pChange: 0.99998, confidence: 0.99999, timings}), async ({page}) => {
    await runExample(page);
    assert.equal(await page.locator('#p-change-text').textContent(), '>\u00a099.9\u00a0%');
    assert.equal(await page.locator('#t-speed').textContent(), '1302\u00a0tokens/s');
    for (const width of [320, 360, 900, 1280]) {
      await page.setViewportSize({width, height: 900});
      for (const id of ['p-change-text', 'confidence-text', 't-prepare', 't-vision', 't-first', 't-speed']) {
        const {lines, over} = await page.locator(`#${id}`).evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return {lines: new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size, over: element.scrollWidth - element.clientWidth};
        });
        assert.equal(lines, 1, `${id} at ${width}`);
        assert.ok(over <= 0, `${id} at ${width}: ${over} pixels too wide`);
      }
    }
  });
});

test('maps are offered where they say something, and what is offered can be seen, by button and by key', async () => {
  for (const dir of [dist, distWith(exportTiny('--quantize', 'none'))]) {
    await withPage({dir}, async ({page}) => {
      await runExample(page, 0);
      const offered = await page.locator('#saliency-control').isVisible();
      const painted = await page.locator('#saliency').evaluate((canvas) => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value, i) => i % 4 === 3 && value > 100);
      });
      assert.equal(offered, painted);
      assert.ok(offered, 'each of the two has a map');
      if (offered) {
        const toggle = page.locator('#saliency-toggle');
        const was = await toggle.getAttribute('aria-pressed');
        await page.keyboard.press('s');
        assert.notEqual(await toggle.getAttribute('aria-pressed'), was);
        await toggle.click();
        assert.equal(await toggle.getAttribute('aria-pressed'), was);
        if (was === 'false') await toggle.click();
        await page.getByLabel('Saliency opacity').fill('20');
        assert.equal(await page.locator('#saliency').evaluate((canvas) => canvas.style.opacity), '0.2');
      }
      // Other pictures: the map of the last ones is gone.
      await page.getByRole('button', {name: 'Swap the images'}).click();
      assert.ok(await page.locator('#saliency-control').isHidden());
      assert.ok(await page.locator('#saliency').isHidden());
    });
  }
});

test('a map that is empty, or the same everywhere, gives no control', async () => {
  for (const value of [0, 0.25, NaN]) {
    const flat = workerWith(`self.flatten = (seen) => ({...seen, head: null, saliency: new Float32Array(seen.saliency.length).fill(${value})})`, () => true, (code) => {
      const changed = code.replace(/this\.vision\.compare\(\w+,\w+\)/, 'self.flatten($&)');
      assert.notEqual(changed, code);
      return changed;
    });
    await withPage(flat, async ({page}) => {
      await runExample(page);
      for (const id of ['#saliency-control', '#saliency', '#outlines-control', '#outlines', '#places']) assert.ok(await page.locator(id).isHidden(), `${id}, ${value}`);
      await page.keyboard.press('s');
      assert.ok(await page.locator('#saliency').isHidden());
    });
  }
});

// Of a picture file, as the browser decodes it: RGBA.
async function pixelsOf(page, path) {
  const {width, height, text} = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const {data} = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let letters = '';
    for (let at = 0; at < data.length; at += 32768) letters += String.fromCharCode(...data.subarray(at, at + 32768));
    return {width: bitmap.width, height: bitmap.height, text: btoa(letters)};
  }, readFileSync(path).toString('base64'));
  return {width, height, pixels: Buffer.from(text, 'base64')};
}

test('outlines of what changed are drawn over the after picture, with a legend and in words, on and off by key', async () => {
  if (!readJson(join(dist, 'models/default/manifest.json')).change_head) return console.log('      not tried: the page was built with a model that draws no map');
  await withPage(paintingWorker(), async ({page}) => {
    await runExample(page, CHANGED[0]);
    const outlines = page.locator('#outlines');
    assert.ok(await outlines.isVisible());
    assert.deepEqual(await page.locator('#legend li').allTextContents(), ['building built', 'road']);
    const boxes = await page.locator('#outlines path.line').evaluateAll((paths) => paths.map((path) => {
      const {x, y, width, height} = path.getBBox();
      return [x, y, width, height, path.getTotalLength()];
    }));
    // The disc: radius 9 around the middle of cell (40, 20). The bar: rows 51 to 55, from column 5 to the edge. Half a cell's
    // tolerance.
    const near = (value, wanted) => assert.ok(Math.abs(value - wanted) < 0.75, `${value}, not ${wanted}`);
    [40.5 - 8.5, 20.5 - 8.5, 17, 17].forEach((wanted, i) => near(boxes[0][i], wanted));
    assert.ok(boxes[0][4] > 45 && boxes[0][4] < 62, `one closed line: ${boxes[0][4]}`);
    [4.9, 50.9, 59.1, 5.2].forEach((wanted, i) => near(boxes[1][i], wanted));
    // In words, the larger kind by its largest place first: the bar has 295 of 4096 cells, the disc 253.
    const words = await page.locator('#places-list li').allTextContents();
    assert.match(words[0], /^road: one place, 7.*% of the picture, at the bottom$/);
    const record = readJson(await savedBy(page, () => page.getByRole('button', {name: 'Download record'}).click()));
    assert.deepEqual(record.places.map(({kind}) => kind), ['road', 'building_built']);
    assert.match(words[1], /^building built: one place, 6.*% of the picture, at the top$|^building built: one place, 6.*% of the picture, in the upper right$/);
    // To be seen on the after side only.
    assert.equal(await page.evaluate(() => document.querySelector('#outlines').compareDocumentPosition(document.querySelector('#cut')) & Node.DOCUMENT_POSITION_FOLLOWING), 4);
    const [building, road] = await page.locator('#outlines path.line').evaluateAll((paths) => paths.map((path) => path.getAttribute('stroke')));
    const colours = {building_built: building, road}; // as the legend has them
    const saved = (await savedBy(page, () => page.getByRole('button', {name: 'Save picture'}).click()));
    await page.keyboard.press('o');
    assert.ok(await outlines.isHidden());
    assert.equal(await page.locator('#outlines-toggle').getAttribute('aria-pressed'), 'false');
    const without = (await savedBy(page, () => page.getByRole('button', {name: 'Save'}).nth(0).click()));
    const pictures = await Promise.all([saved, without].map((path) => pixelsOf(page, path)));
    assert.deepEqual(pictures.map(({width}) => width), [2 * 640 + 3 * 24, 2 * 640 + 3 * 24]);
    // Both dates are 256 x 256 and lie as squares of 640 below the margin, the sentence and a line of facts below them.
    for (const {height} of pictures) assert.ok(height >= 640 + 2 * 24 + 40 + 60 && height <= 640 + 2 * 24 + 3 * 40 + 60, String(height));
    const count = ({width, pixels}, colour, left, right) => {
      const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      let found = 0;
      for (let y = 24; y < 24 + 640; ++y) for (let x = left; x < right; ++x) if (wanted.every((value, c) => Math.abs(pixels[4 * (y * width + x) + c] - value) <= 12)) ++found;
      return found;
    };
    for (const [name, length] of [['building_built', 500], ['road', 1000]]) {
      const colour = colours[name];
      const [on, off] = pictures.map((picture) => count(picture, colour, 2 * 24 + 640, 2 * 24 + 2 * 640));
      // A line of 3 pixels around the disc (2 * 3.14 * 9 cells of 10 pixels) and the bar; its edges are mixed with what is below.
      assert.ok(on - off > length, `${name}, ${colour}: ${on} pixels with outlines, ${off} without`);
      assert.equal(count(pictures[0], colour, 24, 24 + 640), count(pictures[1], colour, 24, 24 + 640), 'none on the earlier picture');
    }
    await page.keyboard.press('o');
    assert.ok(await outlines.isVisible());
    // In a folder's gallery too, and there again when one of its pairs is opened.
    await drop(page, 'body', Object.fromEntries(CHANGED.flatMap((id) => ['before', 'after'].map((side) => [`${id}_${side}.jpg`, examplePicture(id, side)]))));
    await untilText(page, '#batch-text', /2 of 2 pairs/);
    assert.equal(await page.locator('#batch-items .outlines').count(), 2);
    await page.locator('#batch-items button').first().click();
    await untilText(page, '#about-after', /x/);
    assert.ok(await outlines.isVisible());
    assert.equal(await page.locator('#places-list li').count(), 2);
    await page.getByRole('button', {name: 'Swap the images'}).click();
    assert.ok(await outlines.isHidden());
    assert.ok(await page.locator('#outlines-control').isHidden());
    assert.ok(await page.locator('#places').isHidden());
  });
});

test('a model that draws no map has no legend and no places, and captions as ever', async () => {
  await withPage({dir: distWith(exportTiny('--quantize', 'int8'))}, async ({page, errors}) => {
    assert.ok((await runExample(page)).length > 0);
    for (const id of ['#outlines-control', '#outlines', '#places']) assert.ok(await page.locator(id).isHidden(), id);
    const record = readJson(await savedBy(page, () => page.getByRole('button', {name: 'Download record'}).click()));
    assert.equal(record.places, undefined);
    assert.deepEqual(errors, []);
  });
});

test('nothing lies over the examples: every one can be clicked, at every width, with a result above them', async () => {
  await withPage({}, async ({page}) => {
    await runExample(page);
    const buttons = page.locator('#examples button');
    for (const [width, height] of [[900, 600], [1280, 900], [360, 700]]) {
      await page.setViewportSize({width, height});
      for (let i = 0; i < (await buttons.count()); ++i) {
        for (const block of ['start', 'end']) {
          await buttons.nth(i).evaluate((button, at) => button.scrollIntoView({block: at, behavior: 'instant'}), block);
          await buttons.nth(i).click({trial: true, timeout: 3000});
        }
      }
    }
  });
});

await runTests();
