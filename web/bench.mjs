// How long a pair takes in a tab against the command, both with as many threads, in one run on one machine:
//
//   node web/bench.mjs [--model models/default] [--ccx build/ccx] [--pairs 7] [--rounds 3] [--threads 2] [--limit 1.7] [--folder 200] [--dtype fp32]
//
// The pairs are the page's examples. The page runs the export that web/dist was built with (int8), the command the
// checkpoint itself in float32, or as --dtype says: int8 is what it takes by itself, with vectors four
// times as wide as a browser's. Reading, vision, prompt and writing are counted on both sides, loading the model on
// neither. Command and tab take turns, a round each, after one round that does not count. A pair's time is its least over
// rounds, because whatever else the machine does only adds to it; the ratio is the median over pairs. On Linux the browser's
// threads get the priority of this process, as the command has it (scripts/priority.mjs), and it is told how long they waited.
// --folder N measures a folder of N pairs instead, the examples again and again, once on each side: pairs a second from the
// first caption to the last, with whatever both do ahead and beside. The command has a worker of one thread for each of the
// tab's threads then, which is what a small model is quickest with; for single pairs it has one worker of that many threads.
// On Linux it is also told what a pair has all threads of both sides compute, which swings less where other programs run.
// Prints a line of JSON on stdout and a table on stderr; exit code 1 where the ratio exceeds --limit.
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {dist, openBrowser, openPage} from '../tests/page/harness.mjs';
import {childrenComputed, evenPriorities, processorTimes} from './scripts/priority.mjs';
import {serve} from './scripts/serve.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const {values} = parseArgs({options: {
  model: {type: 'string', default: join(root, 'models/default')},
  ccx: {type: 'string', default: join(root, 'build/ccx')},
  pairs: {type: 'string', default: '7'},
  rounds: {type: 'string', default: '3'},
  threads: {type: 'string', default: '2'},
  limit: {type: 'string', default: '1.7'},
  folder: {type: 'string'},
  dtype: {type: 'string', default: 'fp32'},
}});
const STAGES = ['read', 'vision', 'prefill', 'decode'];
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const total = (ms) => STAGES.reduce((sum, stage) => sum + ms[stage], 0);

function fail(message) {
  console.error(`web/bench.mjs: ${message}`);
  process.exit(1);
}

function whole(name) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) fail(`--${name} must be a whole number from 1, not ${values[name]}`);
  return number;
}

// Two folders of the examples, as the command reads pairs; each `times` times.
function folderOf(pairs, times = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'ccx-bench-'));
  for (const side of ['A', 'B']) mkdirSync(join(folder, side));
  for (let i = 0; i < times; ++i) {
    for (const {id, before, after} of pairs) {
      copyFileSync(join(dist, before), join(folder, 'A', `${id}${i || ''}${extname(before)}`));
      copyFileSync(join(dist, after), join(folder, 'B', `${id}${i || ''}${extname(after)}`));
    }
  }
  return folder;
}

// Records by id.
function byCommand(folder) {
  const run = spawnSync(values.ccx, ['caption', '--in', folder, '--out', '-', '--model', values.model, '--dtype', values.dtype, '--workers', '1', '--threads', String(threads), '--batch', '1', '--readers', '1', '-q'], {encoding: 'utf8', maxBuffer: 1 << 26});
  if (run.error || run.status !== 0) fail(`${values.ccx} caption failed: ${run.error?.message ?? run.stderr}`);
  return new Map(run.stdout.trim().split('\n').map((line) => JSON.parse(line)).map((record) => [record.id, record]));
}

// A pair is waited for inside the page: what waits from outside asks at every frame, for which the browser then draws one.
const clickAndWait = (place) => new Promise((done) => {
  const caption = document.querySelector('#caption');
  let started = false;
  const observer = new MutationObserver(() => {
    started ||= caption.dataset.state === 'running';
    if (!started || caption.dataset.state === 'running') return;
    observer.disconnect();
    done(caption.dataset.state);
  });
  observer.observe(caption, {attributes: true});
  document.querySelectorAll('#examples button')[place].click();
});

async function inTab(page, pairs, spent) {
  const records = new Map();
  for (const [i, {id}] of pairs.entries()) {
    const before = processorTimes();
    const state = await page.evaluate(clickAndWait, i);
    const after = processorTimes();
    for (const what of ['computed', 'waited']) spent[what].push(after[what] - before[what]);
    if (state !== 'done') fail(`the tab does not caption ${id}: ${state}`);
    await page.getByRole('button', {name: 'Copy record'}).click();
    records.set(id, JSON.parse(await page.evaluate(() => navigator.clipboard.readText())));
  }
  return records;
}

// Milliseconds of every stage and of all, the least over rounds.
function times(rounds, id) {
  const least = (value) => Math.min(...rounds.map((records) => value(records.get(id).ms)));
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, least((ms) => ms[stage])]));
  return {...stages, total: least(total), tokens: rounds[0].get(id).tokens};
}

// From the first caption of a folder to the last: seconds, and milliseconds that a pair has all threads compute. Of the tab, and of
// the command by what more pairs cost it.
async function folderTimes(url, folder, few, more) {
  const browser = await openBrowser();
  try {
    const {page} = await openPage(browser.context, `${url}?backend=wasm&threads=${threads}`);
    await page.evaluate(() => {
      globalThis.times = [];
      new MutationObserver(() => globalThis.times.push(performance.now())).observe(document.querySelector('#batch-items'), {childList: true});
    });
    const even = setInterval(evenPriorities, 1000); // the workers start on the way
    await page.getByLabel('Folder of pairs').setInputFiles(folder);
    await page.waitForSelector('#batch-items li');
    const shown = () => page.locator('#batch-items li').count();
    const [had, before] = [await shown(), processorTimes()];
    await page.getByRole('button', {name: 'Download captions.jsonl'}).waitFor({timeout: 1_200_000}).finally(() => clearInterval(even));
    const computed = (processorTimes().computed - before.computed) / ((await shown()) - had);
    const seconds = (await page.evaluate(() => globalThis.times.at(-1) - globalThis.times[0])) / 1000;
    const times = (from) => {
      const [began, so] = [performance.now(), childrenComputed()];
      const run = spawnSync(values.ccx, ['caption', '--in', from, '--out', '-', '--model', values.model, '--dtype', values.dtype, '--workers', String(threads), '--threads', '1', '-q'], {encoding: 'utf8', maxBuffer: 1 << 28});
      if (run.error || run.status !== 0) fail(`${values.ccx} caption failed: ${run.error?.message ?? run.stderr}`);
      return {seconds: (performance.now() - began) / 1000, computed: childrenComputed() - so};
    };
    times(few);
    const [all, one] = [times(folder), times(few)];
    return {tab: {seconds, computed}, command: {seconds: all.seconds - one.seconds, computed: (all.computed - one.computed) / more}};
  } finally {
    await browser.close();
  }
}

async function benchFolder(pairs, url) {
  const times = Math.ceil(Number(values.folder) / pairs.length);
  const [all, few] = [folderOf(pairs, times), folderOf(pairs.slice(0, 1))];
  const more = times * pairs.length - 1;
  const {tab, command} = await folderTimes(url, all, few, more);
  for (const folder of [all, few]) rmSync(folder, {recursive: true});
  const ratio = tab.seconds / command.seconds;
  const rate = ({seconds}) => more / seconds;
  console.log(JSON.stringify({pairs: more + 1, tab_pairs_per_second: Number(rate(tab).toFixed(2)), command_pairs_per_second: Number(rate(command).toFixed(2)), ratio: Number(ratio.toFixed(3)), computed_ms: {tab: Number(tab.computed.toFixed(1)), command: Number(command.computed.toFixed(1))}}));
  if (command.computed > 0) console.error(`a pair has all threads compute ${tab.computed.toFixed(0)} ms in the tab and ${command.computed.toFixed(0)} in the command: ${(tab.computed / command.computed).toFixed(2)} times as much`);
  console.error(`a folder of ${more + 1} pairs: ${rate(tab).toFixed(1)} pairs a second in the tab, ${rate(command).toFixed(1)} by the command; ${ratio.toFixed(2)} times as long (limit ${limit})`);
  return ratio <= limit;
}

const [count, roundCount, threads] = ['pairs', 'rounds', 'threads'].map(whole);
if (values.folder !== undefined) whole('folder');
const limit = Number(values.limit);
if (!existsSync(join(dist, 'site.json'))) fail('web/dist is not built (make web-build)');
if (!existsSync(join(values.model, 'config.json'))) fail(`${values.model} is no checkpoint; name one with --model`);
const pairs = JSON.parse(readFileSync(join(dist, 'site.json'), 'utf8')).examples.slice(0, count);
const {server, url} = await serve({dir: dist});
if (values.folder !== undefined) process.exit((await benchFolder(pairs, url)) ? 0 : 1);
const folder = folderOf(pairs);
const browser = await openBrowser();
const [command, tab] = [[], []];
const spent = {computed: [], waited: []}; // by all threads of the browser, a pair each
let backend = '';
try {
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const {page} = await openPage(browser.context, `${url}?backend=wasm&threads=${threads}`);
  for (let round = 0; round <= roundCount; ++round) {
    command.push(byCommand(folder));
    evenPriorities();
    tab.push(await inTab(page, pairs, spent));
  }
  backend = (await page.locator('#backend').textContent()).replace(/^Backend: |\.$/g, '');
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, {recursive: true});
}
command.shift(); // the round that does not count
tab.shift();

const results = pairs.map(({id}) => ({id, tab: times(tab, id), command: times(command, id)}));
for (const result of results) result.ratio = result.tab.total / result.command.total;
const ratio = median(results.map((result) => result.ratio));
const machine = `${cpus()[0].model.trim()}, ${cpus().length} logical processors`;
const stagesOf = (side) => Object.fromEntries([...STAGES, 'total'].map((stage) => [stage, Number(median(results.map((result) => result[side][stage])).toFixed(1))]));
const summary = {machine, backend, pairs: results.length, rounds: roundCount, tab_ms: stagesOf('tab'), command_ms: stagesOf('command'), ratio: Number(ratio.toFixed(3))};
console.log(JSON.stringify(summary));

const row = (name, cells) => console.error(name.padEnd(22) + cells.map((cell) => String(cell).padStart(10)).join(''));
console.error(`${machine}; ${backend}; milliseconds, the least of ${roundCount} rounds`);
row('', ['tab', 'command', 'ratio', 'tokens']);
for (const {id, tab: t, command: c, ratio: r} of results) row(id, [t.total.toFixed(0), c.total.toFixed(0), r.toFixed(2), `${t.tokens}/${c.tokens}`]);
for (const stage of [...STAGES, 'total']) row(`median ${stage}`, [summary.tab_ms[stage], summary.command_ms[stage]]);
console.error(`a pair: the browser's threads computed ${median(spent.computed).toFixed(0)} ms and waited ${median(spent.waited).toFixed(0)} ms for a processor that others had`);
console.error(`one pair in the tab takes ${ratio.toFixed(2)} times what the command takes (limit ${limit})`);
process.exit(ratio <= limit ? 0 : 1);
