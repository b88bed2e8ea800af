// Gathers in .generated/ what the page serves beside its own code: the runtime, the C++ core, the example pairs, the
// models, the docs, and site.json, which lists them. Vite copies it to dist/ as it is.
//
//   CCX_WASM_CORE=DIR       where core.mjs and core.wasm were built (../build/wasm/wasm)
//   CCX_WEB_MODELS=DIR      a folder of exports, one a sub-folder (../build/web-models)
//   CCX_WEB_CAPTIONS=FILE   records of examples/pairs by the default model: the page then says where it fails
//   CCX_SOURCE_URL=URL      where the code is (the Git remote, where that is a web address)
import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {addDocs} from './docs.mjs';
import {chosen, foundOf, sentencesOf} from './examples.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(web, '..');
const out = join(web, '.generated');
const core = process.env.CCX_WASM_CORE ?? join(root, 'build/wasm/wasm');
const models = process.env.CCX_WEB_MODELS ?? join(root, 'build/web-models');

function fail(message) {
  console.error(`web/scripts/prepare.mjs: ${message}`);
  process.exit(1);
}

// A program of WebAssembly as `to`.js and `to`.wasm.gz; gives the bytes that it takes to fetch. Compressed here and unpacked by
// the page, because many static hosts compress nothing; .js, because some know no .mjs and browsers then refuse the script.
function addProgram(from, to) {
  mkdirSync(dirname(join(out, to)), {recursive: true});
  cpSync(`${from}.mjs`, join(out, `${to}.js`));
  writeFileSync(join(out, `${to}.wasm.gz`), gzipSync(readFileSync(`${from}.wasm`), {level: 9}));
  return ['js', 'wasm.gz'].reduce((sum, kind) => sum + statSync(join(out, `${to}.${kind}`)).size, 0);
}

// ONNX Runtime by the backend that it is for: 3.7 MB to fetch instead of 14, and 6.7 instead of 26.
function addRuntimes() {
  const from = join(web, 'node_modules/onnxruntime-web/dist');
  const names = {wasm: 'ort-wasm-simd-threaded', webgpu: 'ort-wasm-simd-threaded.asyncify'};
  return Object.fromEntries(Object.entries(names).map(([backend, name]) => [backend, addProgram(join(from, name), `ort/${name}`)]));
}

function addCore() {
  if (!existsSync(join(core, 'core.wasm'))) fail(`${core} holds no core.wasm; scripts/build_web.sh builds it`);
  return addProgram(join(core, 'core'), 'core/core');
}

// Pairs as `ccx caption` finds them in examples/pairs: A/ and B/, or names that end in _before and _after.
function examplePairs(folder) {
  const images = (at) =>
    existsSync(at) ? readdirSync(at).filter((name) => ['.png', '.jpg', '.jpeg', '.webp'].includes(extname(name).toLowerCase())).sort() : [];
  for (const [first, second] of [['A', 'B'], ['before', 'after'], ['pre', 'post'], ['T1', 'T2']]) {
    const names = images(join(folder, first)).filter((name) => existsSync(join(folder, second, name)));
    if (names.length) {
      return names.map((name) => ({id: basename(name, extname(name)), before: join(folder, first, name), after: join(folder, second, name)}));
    }
  }
  return images(folder)
    .filter((name) => /_before\.[a-z]+$/i.test(name))
    .map((name) => ({id: name.replace(/_before\.[a-z]+$/i, ''), before: join(folder, name), after: join(folder, name.replace(/_before(\.[a-z]+)$/i, '_after$1'))}))
    .filter((pair) => existsSync(pair.after));
}

function addExamples() {
  const folder = join(root, 'examples/pairs');
  let pairs = existsSync(folder) ? examplePairs(folder) : [];
  let references = sentencesOf(folder);
  if (!pairs.length) {
    const images = join(root, 'tests/data/reference/images');
    pairs = ['pair0', 'pair1', 'pair2'].map((id) => ({id, before: join(images, `${id}_A.png`), after: join(images, `${id}_B.png`)}));
    references = new Map();
  }
  mkdirSync(join(out, 'examples'));
  const found = foundOf(process.env.CCX_WEB_CAPTIONS, references);
  const known = pairs.map((pair) => ({...pair, title: references.get(pair.id)?.sentences[0] ?? '', found: found.get(pair.id) ?? null}));
  const shown = chosen(known).map(({id, title, before, after, found: said}) => {
    const copied = (from, side) => {
      const to = `examples/${id}_${side}${extname(from)}`;
      cpSync(from, join(out, to));
      return to;
    };
    return {id, title, before: copied(before, 'before'), after: copied(after, 'after'), found: said};
  });
  return {total: pairs.length, right: known.filter((each) => each.found?.right).length, shown};
}

// The first one is the page's default. "meaningless" marks a model of random weights, which the page says plainly.
function addModels() {
  mkdirSync(join(out, 'models'));
  const names = existsSync(models) ? readdirSync(models).filter((name) => existsSync(join(models, name, 'manifest.json'))) : [];
  if (!names.length) fail(`${models} holds no export; scripts/build_web.sh writes one`);
  names.sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b));
  return names.map((name) => {
    const manifest = JSON.parse(readFileSync(join(models, name, 'manifest.json'), 'utf8'));
    cpSync(join(models, name), join(out, 'models', name), {recursive: true});
    return {
      name,
      label: `${manifest.model.name === 'default' ? 'Default model' : manifest.model.name} (${manifest.quantize === 'none' ? 'float32' : manifest.quantize})`,
      url: `models/${name}/manifest.json`,
      bytes: manifest.total_bytes,
      weights: manifest.model.weights_sha256,
      meaningless: manifest.model.name === 'tiny',
    };
  });
}

// A web address of the code, or null.
function sourceUrl() {
  if (process.env.CCX_SOURCE_URL) return process.env.CCX_SOURCE_URL;
  try {
    const remote = execFileSync('git', ['-C', root, 'remote', 'get-url', 'origin'], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();
    const url = remote.replace(/^git@([^:]+):/, 'https://$1/').replace(/\.git$/, '');
    return /^https:\/\/[^@]+$/.test(url) ? url : null;
  } catch {
    return null;
  }
}

rmSync(out, {recursive: true, force: true});
mkdirSync(out);
cpSync(join(web, 'src/sw.js'), join(out, 'sw.js'));
cpSync(join(web, 'src/icon.svg'), join(out, 'icon.svg'));
const programBytes = {core: addCore(), ...addRuntimes()};
addDocs(join(root, 'docs'), join(out, 'docs'));
const {shown: examples, ...judged} = addExamples();
const site = {
  models: addModels(),
  programBytes,
  cards: JSON.parse(readFileSync(join(web, 'cards.json'), 'utf8')),
  examples,
  judged, // of all pairs in examples/pairs, how many are right
  source: sourceUrl(),
};
writeFileSync(join(out, 'site.json'), JSON.stringify(site, null, 1));
if (!site.cards.some(({weights}) => weights === site.models[0].weights)) {
  console.error(`web/cards.json says nothing of ${site.models[0].name} with the weights ${site.models[0].weights}: the page shows no figures for it`);
}
const size = (folder) => readdirSync(folder).reduce((sum, name) => {
  const path = join(folder, name);
  return sum + (statSync(path).isDirectory() ? size(path) : statSync(path).size);
}, 0);
console.error(`web/.generated: ${(size(out) / 1e6).toFixed(1)} MB beside the page's own code`);
