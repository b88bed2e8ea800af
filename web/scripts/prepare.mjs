// Gathers in .generated/ what the page serves beside its own code: the runtime, the C++ core, the example pairs and the
// models. Vite copies it to dist/ as it is.
//
//   CCX_WASM_CORE=DIR   where core.mjs and core.wasm were built (../build/wasm/wasm)
//   CCX_WEB_MODELS=DIR  a folder of exports, one a sub-folder (../build/web-models)
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(web, '..');
const out = join(web, '.generated');
const core = process.env.CCX_WASM_CORE ?? join(root, 'build/wasm/wasm');
const models = process.env.CCX_WEB_MODELS ?? join(root, 'build/web-models');

function fail(message) {
  console.error(`web/scripts/prepare.mjs: ${message}`);
  process.exit(1);
}

// Compressed here and unpacked by the page, because many static hosts compress nothing: 3.7 MB to fetch instead of 14.
function addRuntime() {
  const from = join(web, 'node_modules/onnxruntime-web/dist');
  mkdirSync(join(out, 'ort'));
  for (const name of ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify']) {
    cpSync(join(from, `${name}.mjs`), join(out, 'ort', `${name}.mjs`));
    writeFileSync(join(out, 'ort', `${name}.wasm.gz`), gzipSync(readFileSync(join(from, `${name}.wasm`)), {level: 9}));
  }
}

function addCore() {
  if (!existsSync(join(core, 'core.wasm'))) fail(`${core} holds no core.wasm; scripts/build_web.sh builds it`);
  mkdirSync(join(out, 'core'));
  for (const name of ['core.mjs', 'core.wasm']) cpSync(join(core, name), join(out, 'core', name));
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

// What happened in each pair, where references.json (LEVIR-CC's form) beside them says it: its first sentence.
function exampleTitles(folder) {
  const path = join(folder, 'references.json');
  if (!existsSync(path)) return new Map();
  const {images} = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(images.map(({filename, sentences}) => [basename(filename, extname(filename)), sentences[0].raw.trim()]));
}

function addExamples() {
  const folder = join(root, 'examples/pairs');
  let pairs = existsSync(folder) ? examplePairs(folder) : [];
  let titles = existsSync(folder) ? exampleTitles(folder) : new Map();
  if (!pairs.length) {
    const images = join(root, 'tests/data/reference/images');
    pairs = ['pair0', 'pair1', 'pair2'].map((id) => ({id, before: join(images, `${id}_A.png`), after: join(images, `${id}_B.png`)}));
    titles = new Map();
  }
  mkdirSync(join(out, 'examples'));
  const index = pairs.map(({id, before, after}) => {
    const names = [`${id}_before${extname(before)}`, `${id}_after${extname(after)}`];
    cpSync(before, join(out, 'examples', names[0]));
    cpSync(after, join(out, 'examples', names[1]));
    return {id, title: titles.get(id) ?? '', before: `examples/${names[0]}`, after: `examples/${names[1]}`};
  });
  writeFileSync(join(out, 'examples/index.json'), JSON.stringify(index, null, 1));
}

// The first one is the page's default. "meaningless" marks a model of random weights, which the page says plainly.
function addModels() {
  mkdirSync(join(out, 'models'));
  const names = existsSync(models) ? readdirSync(models).filter((name) => existsSync(join(models, name, 'manifest.json'))) : [];
  if (!names.length) fail(`${models} holds no export; scripts/build_web.sh writes one`);
  names.sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b));
  const index = names.map((name) => {
    const manifest = JSON.parse(readFileSync(join(models, name, 'manifest.json'), 'utf8'));
    cpSync(join(models, name), join(out, 'models', name), {recursive: true});
    return {
      name,
      label: `${manifest.model.name === 'default' ? 'Default model' : manifest.model.name} (${manifest.quantize === 'none' ? 'float32' : manifest.quantize})`,
      url: `models/${name}/manifest.json`,
      bytes: manifest.total_bytes,
      meaningless: manifest.model.name === 'tiny',
    };
  });
  writeFileSync(join(out, 'models.json'), JSON.stringify(index, null, 1));
}

rmSync(out, {recursive: true, force: true});
mkdirSync(out);
cpSync(join(web, 'src/sw.js'), join(out, 'sw.js'));
cpSync(join(web, 'src/icon.svg'), join(out, 'icon.svg'));
addRuntime();
addCore();
addExamples();
addModels();
const size = (folder) => readdirSync(folder).reduce((sum, name) => {
  const path = join(folder, name);
  return sum + (statSync(path).isDirectory() ? size(path) : statSync(path).size);
}, 0);
console.error(`web/.generated: ${(size(out) / 1e6).toFixed(1)} MB beside the page's own code`);
