// How long one pair takes in a tab against the command, both with two threads, in one run:
//
//   node web/bench.mjs --model models/default [--before A.png --after B.png] [--ccx build/ccx] [--times 7]
//
// The page runs the export that web/dist was built with (int8), the command the checkpoint itself. Reading, vision,
// prompt and writing are counted on both sides; loading the model on neither. Prints a line of JSON on stdout.
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {describe, dist, openBrowser, openPage} from '../tests/web/harness.mjs';
import {serve} from './scripts/serve.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const {values} = parseArgs({options: {
  model: {type: 'string', default: join(root, 'models/default')},
  ccx: {type: 'string', default: join(root, 'build/ccx')},
  times: {type: 'string', default: '7'},
  before: {type: 'string'},
  after: {type: 'string'},
}});
const times = Number(values.times);
const examples = join(dist, 'examples');
const names = readdirSync(examples).filter((name) => /_before\./.test(name)).sort();
const before = values.before ?? join(examples, names[0]);
const after = values.after ?? join(examples, names[0].replace('_before.', '_after.'));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const total = (ms) => ms.read + ms.vision + ms.prefill + ms.decode;
const fail = (message) => {
  console.error(`web/bench.mjs: ${message}`);
  process.exit(1);
};

function native() {
  const folder = mkdtempSync(join(tmpdir(), 'ccx-bench-'));
  for (const side of ['A', 'B']) mkdirSync(join(folder, side));
  for (let i = 0; i < times; ++i) {
    copyFileSync(before, join(folder, 'A', `${i}${extname(before)}`));
    copyFileSync(after, join(folder, 'B', `${i}${extname(after)}`));
  }
  const run = spawnSync(values.ccx, ['caption', '--in', folder, '--out', '-', '--model', values.model, '--threads', '2', '--batch', '1', '--readers', '1', '-q'], {encoding: 'utf8'});
  rmSync(folder, {recursive: true});
  if (run.status !== 0) fail(`${values.ccx} caption failed: ${run.stderr}`);
  return run.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

async function inTab() {
  const {server, url} = await serve({dir: dist});
  const browser = await openBrowser();
  const records = [];
  let backend = '';
  try {
    const {page, context} = {...(await openPage(browser.context, `${url}?backend=wasm&threads=2`)), context: browser.context};
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByLabel('Before').setInputFiles(before);
    await page.getByLabel('After').setInputFiles(after);
    for (let i = 0; i < times; ++i) {
      await describe(page);
      await page.getByRole('button', {name: 'Copy record'}).click();
      records.push(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())));
    }
    backend = await page.locator('#backend').textContent();
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
  return {records, backend};
}

if (!existsSync(join(values.model, 'config.json'))) fail(`${values.model} is no checkpoint; name one with --model`);
const command = native();
const {records, backend} = await inTab();
const result = {
  cpu: cpus()[0].model, times, backend,
  tab_ms: median(records.map(({ms}) => total(ms))), command_ms: median(command.map(({ms}) => total(ms))),
  tab_tokens: records[0].tokens, command_tokens: command[0].tokens,
};
result.ratio = result.tab_ms / result.command_ms;
console.log(JSON.stringify(result));
console.error(`one pair, 2 threads, median of ${times}: ${result.tab_ms.toFixed(0)} ms in the tab (${result.tab_tokens} tokens), ${result.command_ms.toFixed(0)} ms by the command (${result.command_tokens} tokens): ${result.ratio.toFixed(2)} times`);
