// Memory of the page stays flat, pair by pair and in a folder: of 120, or of $CCX_MEMORY_PAIRS.
import assert from 'node:assert/strict';
import {choose, chromiumPath, describe, folderOf, needsBuild, picture, runTests, test, withPage} from './harness.mjs';

needsBuild();
chromiumPath();

// Memory is measured at once, not at the next idle moment.
const EAGER = ['--enable-blink-features=ForceEagerMeasureMemory'];

const PAIRS = Number(process.env.CCX_MEMORY_PAIRS ?? 120);
const SETTLED = Math.max(40, PAIRS / 5); // caches are full and heaps have found their size

const finished = (page) => page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor({timeout: 1_200_000});

for (const threads of [1, 2]) test(`twenty pairs in a row leak no memory, threads: ${threads}`, async () => {
  await withPage({flags: EAGER, query: `?threads=${threads}`}, async ({page}) => {
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

for (const threads of [1, 2]) test(`many pairs in a folder: memory stays flat, threads: ${threads}`, async () => {
  const folder = folderOf(PAIRS);
  await withPage({flags: EAGER, query: `?threads=${threads}`}, async ({page}) => {
    const used = async () => (await page.evaluate(() => performance.measureUserAgentSpecificMemory())).bytes;
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForFunction((count) => document.querySelectorAll('#batch-items li').length >= count, SETTLED, {timeout: 300_000});
    const before = await used();
    await finished(page);
    const after = await used();
    assert.equal(await page.locator('#batch-items li').count(), PAIRS);
    // A pair's tensors are about 1 MB; its thumbnails, record and entry a hundredth of that.
    console.log(`      ${(before / 1e6).toFixed(1)} MB after ${SETTLED} pairs, ${(after / 1e6).toFixed(1)} MB after ${PAIRS}`);
    assert.ok(after - before < 12e6, `${(before / 1e6).toFixed(1)} MB, ${(after / 1e6).toFixed(1)} MB`);
  });
});

await runTests();
