// TIFFs and PNGs of 16 bits as the page opens them, under Node, against the records of `ccx caption` of the same files: which
// bands are shown and why, what is stretched, where there is no data, what is doubtful.
import assert from 'node:assert/strict';
import {pathToFileURL} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {ccx, data, dist, existsSync, join, mkdirSync, needsBuild, newFolder, packageOf, png, readFileSync, runTests, skip, test, web, writeFileSync} from './harness.mjs';
import {pagesTiff, tiff} from './pictures.mjs';

needsBuild();
if (!existsSync(join(dist, 'core/core.wasm.gz'))) skip('web/dist holds no core');
const {default: createCore} = await import(join(dist, 'core/core.js'));
const module = await createCore({wasmBinary: gunzipSync(readFileSync(join(dist, 'core/core.wasm.gz')))});

// What browsers have and Node has not.
globalThis.FileReader = class {
  readAsArrayBuffer(blob) {
    blob.arrayBuffer().then((bytes) => {
      this.result = bytes;
      this.onload();
    }, (error) => this.onerror(error));
  }
};

// The page's reader of pictures, and what stands between it and the core, put together by Vite's bundler.
const {rolldown} = await import(pathToFileURL(packageOf.resolve('rolldown')).href);
const entry = join(newFolder(), 'entry.ts');
writeFileSync(entry, ['pixels', 'core', 'ground'].map((name) => `export * from '${join(web, 'src/worker', name)}';`).join('\n'));
const bundle = await rolldown({input: entry, platform: 'browser', logLevel: 'silent', resolve: {modules: [join(web, 'node_modules')]}});
const made = join(newFolder(), 'bundle.mjs');
await bundle.write({file: made, format: 'es', codeSplitting: false});
const page = await import(made);
const core = Object.create(page.Core.prototype, {module: {value: module}});

const tiny = join(data, 'reference/tiny');
const text = (name) => readFileSync(join(tiny, name), 'utf8');
const manifest = JSON.stringify({
  image: {size: 60, grid: 4, tokens: 16}, language: {vocabulary: 1003, masked: -65504},
  embeddings: {dtype: 'float32', rows: 1003, columns: 96, pieces: [{first_row: 0, rows: 1003, values: {file: 'e.bin', offset: 0, bytes: 1003 * 96 * 4}}]},
});
const session = core.session(manifest, text('config.json'), text('tokenizer.json'), text('generation_config.json'), 20);
session.begin('x');

// {read, warnings} of the page's record of two files.
async function recordOf(before, after) {
  const open = (path) => page.openPicture(core, {key: 0, name: path.split('/').at(-1), blob: new Blob([readFileSync(path)])});
  const [one, two] = [await open(before), await open(after)];
  const {warnings: unlike, place} = page.placeOfPair(one.ground, two.ground);
  const {warnings} = one.buffer.prepare(two.buffer, session.describe().imageSize, place, (length) => new Float32Array(length));
  const facts = {id: 'x', before, after, read: {before: one.buffer.info(), after: two.buffer.info()}, warnings};
  const {read, warnings: told} = JSON.parse(session.record(facts, {read: 1, vision: 2, prefill: 3, decode: 4}));
  one.buffer.free();
  two.buffer.free();
  return {read, warnings: told, ...(unlike.length ? {notAligned: unlike[0].message} : {})};
}

const [width, height] = [72, 60];
// Smooth shapes: a pair of them is nothing to warn of by itself.
const shade = (i, c, phase) => 0.5 + 0.25 * Math.sin((i % width) / (7 + c) + phase) + 0.2 * Math.cos(Math.floor(i / width) / (5 + c) - phase);
const drawn = (Kind, bands, scale, phase) => Kind.from({length: width * height * bands}, (_, k) => scale * shade(Math.floor(k / bands), k % bands, phase));
const DEPTHS = {8: [Uint8Array, 1, 255], 16: [Uint16Array, 1, 3000], s16: [Int16Array, 2, 3000], f32: [Float32Array, 3, 0.4], f64: [Float64Array, 3, 1e5], s8: [Int8Array, 2, 100], s32: [Int32Array, 2, 1e6], u32: [Uint32Array, 1, 4e6]};

// Both dates of a kind of file. `change` is told the values, their index and band, and gives others.
function pairOf(depth, bands, options = {}, change = (value) => value) {
  const [Kind, format, scale] = DEPTHS[depth];
  const whole = {width, height, bands, bits: Kind.BYTES_PER_ELEMENT * 8, format, photometric: bands >= 3 ? 2 : 1, ...options};
  return [0, 2].map((phase) => tiff({...whole, values: drawn(Kind, bands, scale, phase).map((value, k) => change(value, Math.floor(k / bands), k % bands))}));
}

const item = (name, value, rest = '') => `<Item name="${name}"${rest}>${value}</Item>`;
const metadata = (...items) => `<GDALMetadata>\n  ${items.join('\n  ')}\n</GDALMetadata>\n`;
const described = (...names) => names.map((name, i) => item('DESCRIPTION', name, ` sample="${i}" role="description"`));
const grey = {photometric: 1};
const inCorner = (i) => i % width < 24 && Math.floor(i / width) < 20;
const leftMasked = Uint8Array.from({length: (width / 8) * height}, (_, k) => (k % (width / 8) < 2 ? 0 : 255));
const inMiddle = (i) => i % width > 20 && i % width < 50 && Math.floor(i / width) > 10 && Math.floor(i / width) < 50;
const onEdge = (i) => i % width < 9;

// By name of the files; names may tell the sensor.
const KINDS = {
  named16: pairOf('16', 4, {...grey, metadata: metadata(...described('Blue', 'Green', 'Red', 'NIR'))}),
  named8: pairOf('8', 4, {...grey, metadata: metadata(...described('NIR', 'Red Edge &amp;amp; more', 'green', 'blue'))}),
  sentinel: pairOf('16', 4, {...grey, metadata: metadata(...described('B02', 'B03', 'B04', 'B08'))}),
  letters: pairOf('16', 3, {...grey, metadata: metadata(...described('B', 'G', 'R'))}),
  against: pairOf('8', 3, {metadata: metadata(...described('B3', 'B2', 'B1'))}),
  otherwise: pairOf('8', 3, {metadata: metadata(...described('Blue', 'Green', 'Red'))}),
  nothing: pairOf('16', 5, grey),
  numbers: pairOf('16', 7, {...grey, metadata: metadata(...described('B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'))}),
  LC08_tile: pairOf('16', 7, {...grey, metadata: metadata(...described('B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'))}),
  satellite: pairOf('16', 7, {...grey, metadata: metadata(item('SPACECRAFT_ID', 'LANDSAT_5'), ...described('B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'))}),
  waves: pairOf('16', 5, {...grey, metadata: metadata(...[860, 480, 560, 650, 720].map((nm, i) => item('wavelength', nm, ` sample="${i}"`)), ...[0, 1, 2, 3, 4].map((i) => item('wavelength_units', 'Nanometers', ` sample="${i}"`)))}),
  microns: pairOf('f32', 4, {...grey, metadata: metadata(...[0.48, 0.56, 0.66, 0.86].map((um, i) => item('CENTRAL_WAVELENGTH_UM', um, ` sample="${i}" domain="IMAGERY"`)))}),
  interpreted: pairOf('16', 4, {...grey, metadata: metadata(...['undefined', 'Red', 'Green', 'Blue'].map((word, i) => item('COLORINTERP', word, ` sample="${i}" role="colorinterp"`)))}),
  broken_xml: pairOf('16', 4, {...grey, metadata: metadata(...described('Blue', 'Green', 'Red', 'NIR')).slice(0, -6)}),
  no_xml: pairOf('16', 4, {...grey, metadata: 'Blue, Green, Red'}),
  unclosed_xml: pairOf('16', 4, {...grey, metadata: '<GDALMetadata><Item name="a">b'}),
  unquoted_xml: pairOf('16', 4, {...grey, metadata: '<GDALMetadata><Item name=a>b</Item></GDALMetadata>'}),
  valueless_xml: pairOf('16', 4, {...grey, metadata: `<GDALMetadata><Item name>b</Item>${described('Blue', 'Green', 'Red').join('')}</GDALMetadata>`}),
  after_xml: pairOf('16', 4, {...grey, metadata: `${metadata(...described('Blue', 'Green', 'Red', 'NIR'))} text`}),
  two_xml: pairOf('16', 4, {...grey, metadata: `<a></a>${metadata(...described('Blue', 'Green', 'Red', 'NIR'))}`}),
  cdata_xml: pairOf('16', 4, {...grey, metadata: metadata(item('DESCRIPTION', '<![CDATA[Blue]]>', ' sample="0" role="description"'), ...described('', 'Green', 'Red', 'NIR').slice(1))}),
  lower_xml: pairOf('16', 4, {...grey, metadata: metadata(...described('Blue', 'Green', 'Red', 'NIR')).toLowerCase()}),
  nested_xml: pairOf('16', 4, {...grey, metadata: metadata(item('DESCRIPTION', '<b>Blue</b>', ' sample="0" role="description"'), `<group>${described('', 'Green', 'Red', 'NIR').slice(1).join('')}</group>`)}),
  many_samples: pairOf('16', 4, {...grey, metadata: metadata(item('DESCRIPTION', 'Red', ' sample="99999999999" role="description"'), item('DESCRIPTION', 'Red', ' sample="-7" role="description"'), ...described('Blue', 'Green', 'Red'))}),
  empty_xml: pairOf('16', 4, {...grey, metadata: ''}),
  other_xml: pairOf('16', 4, {...grey, metadata: `<?xml version="1.0"?><!-- a --><Metadata>${described('Blue', 'Green', 'Red', 'NIR').join('')}</Metadata>`}),
  quoted_xml: pairOf('16', 4, {...grey, metadata: `<?xml version="1.0"?><!-- <Item> --><GDALMetadata><Item sample='0' role='description' name='DESCRIPTION'>  Bl&#117;e</Item>${described('', 'Green', 'Red', 'NIR').slice(1).join('')}</GDALMetadata>`}),
  alpha8: pairOf('8', 4, {extra: [2]}, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 255) : value)),
  alpha16: pairOf('16', 4, {extra: [2]}, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 65535) : value)),
  multiplied: pairOf('8', 4, {extra: [1]}, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 128) : onEdge(i) ? 0 : value / 2)),
  measured: pairOf('8', 4, {extra: [2], metadata: metadata(...described('red', 'green', 'blue', 'nir'))}, (value, i, band) => (band === 3 && onEdge(i) ? 0 : value)),
  alpha_of_five: pairOf('16', 5, {extra: [0, 2]}, (value, i, band) => (band === 4 ? (onEdge(i) ? 0 : 65535) : value)),
  alpha_and_nodata: pairOf('16', 4, {extra: [2], nodata: 77}, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 65535) : inCorner(i) ? 77 : value)),
  grey_alpha: pairOf('16', 2, {extra: [2]}, (value, i, band) => (band === 1 ? (onEdge(i) ? 0 : 65535) : value)),
  floats_alpha: pairOf('f32', 4, {extra: [2]}, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 1) : value)),
  collar16: pairOf('16', 3, {}, (value, i) => (onEdge(i) ? 0 : 300 + value)),
  collar_signed: pairOf('s16', 3, {}, (value, i) => (onEdge(i) ? -32768 : value)),
  collar_white: pairOf('16', 3, {}, (value, i) => (onEdge(i) ? 65535 : value)),
  collar_floats: pairOf('f32', 3, {}, (value, i) => (onEdge(i) ? 0 : 0.1 + value)),
  collar_nans: pairOf('f32', 3, {}, (value, i) => (onEdge(i) ? NaN : value)),
  collar8: pairOf('8', 3, {}, (value, i) => (onEdge(i) ? 0 : value)),
  filled: pairOf('f32', 3, {}, (value, i) => (inCorner(i) ? -9999 : value)),
  nodata16: pairOf('16', 3, {nodata: 0}, (value, i) => (inCorner(i) ? 0 : value)),
  nodata8: pairOf('8', 3, {nodata: 255}, (value, i) => (inCorner(i) ? 255 : value)),
  nodata_nan: pairOf('f32', 3, {nodata: 'nan'}, (value, i) => (inCorner(i) ? NaN : value)),
  nodata_of_none: pairOf('8', 3, {nodata: -9999}, (value, i) => (inCorner(i) ? 0 : value)),
  nodata_words: pairOf('16', 3, {nodata: '777 and more'}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_spaced: pairOf('16', 3, {nodata: ' 777 '}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_exponent: pairOf('16', 3, {nodata: '7.77e2'}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_plus: pairOf('16', 3, {nodata: '+777.0'}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_empty: pairOf('16', 3, {nodata: ''}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_none: pairOf('16', 3, {nodata: 'none'}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_two: pairOf('16', 3, {nodata: '777 778'}, (value, i) => (inMiddle(i) ? 777 : value)),
  nodata_infinite: pairOf('f32', 3, {nodata: '-inf'}, (value, i) => (inMiddle(i) ? -Infinity : value)),
  nodata_lowest: pairOf('f32', 3, {nodata: '-3.4028234663852886e+38'}, (value, i) => (inMiddle(i) ? -3.4028234663852886e38 : value)),
  nodata_rounded: pairOf('f32', 3, {nodata: '0.1'}, (value, i) => (inMiddle(i) ? 0.1 : value)),
  doubles: pairOf('f64', 3, {}, (value, i) => (onEdge(i) ? -32767 : value)),
  signed_bytes: pairOf('s8', 3, {nodata: -5}, (value, i) => (inMiddle(i) ? -5 : value)),
  signed_bytes_grey: pairOf('s8', 1, {}, (value, i) => (onEdge(i) ? -128 : value)),
  long_signed: pairOf('s32', 4, grey, (value, i) => (onEdge(i) ? -9999 : value)),
  long: pairOf('u32', 3, {}, (value, i) => (onEdge(i) ? 0 : value)),
  long_grey: pairOf('u32', 1, {}, (value, i) => (onEdge(i) ? 4294967295 : value)),
  masked: pairOf('8', 3, {mask: leftMasked}),
  masked16: pairOf('16', 3, {nodata: 5, mask: leftMasked}, (value, i) => (inCorner(i) ? 5 : value)),
  palette: pairOf('8', 1, {photometric: 3, colours: Array.from({length: 768}, (_, i) => 257 * (i < 256 ? i : i < 512 ? (i * 3) % 256 : 255 - (i % 256)))}),
  palette_nodata: pairOf('8', 1, {photometric: 3, nodata: 9, colours: Array.from({length: 768}, (_, i) => 257 * (i < 256 ? i : i < 512 ? (i * 3) % 256 : 255 - (i % 256)))}, (value, i) => (inCorner(i) ? 9 : value)),
  white_is_zero: pairOf('8', 1, {photometric: 0}),
  white_is_zero16: pairOf('16', 1, {photometric: 0}),
  grey8: pairOf('8', 1),
  inks: pairOf('8', 4, {photometric: 5, extra: []}, (value, _, band) => (band === 3 ? value / 8 : value)),
};
const four = (photometric) => [0, 2].map((phase) => tiff({width, height, bands: 1, bits: 4, photometric, values: Uint8Array.from({length: (width / 2) * height}, (_, k) => 16 * Math.round(15 * shade(2 * k, 0, phase)) + Math.round(15 * shade(2 * k + 1, 0, phase)))}));
KINDS.four_bits = four(1);
KINDS.four_bits_turned = four(0);
const bits = (photometric, nodata = null) => [0, 2].map((phase) => tiff({width, height, bands: 1, bits: 1, photometric, nodata, values: Uint8Array.from({length: (width / 8) * height}, (_, k) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((byte, bit) => 2 * byte + (shade(8 * k + bit, 0, phase) > 0.5 ? 1 : 0), 0))}));
KINDS.one_bit = bits(1);
KINDS.one_bit_turned = bits(0);
KINDS.one_bit_nodata = bits(1, 1);
KINDS.one_says = [KINDS.named16[0], KINDS.nothing[1]];
KINDS.one_says_of_three = [KINDS.letters[0], pairOf('16', 3, grey)[1]];

// Pages: a thumbnail in front, marked or not, others of the same size, and a larger one of another shape.
const pageOf = (phase, factor = 1, subfile = 0, rows = height / factor) => ({
  width: width / factor, height: rows, subfile, values: Uint8Array.from({length: (width / factor) * rows * 3}, (_, k) => 255 * shade(factor * (Math.floor(k / 3) % (width / factor)) + factor * width * Math.floor(Math.floor(k / 3) / (width / factor)), k % 3, phase)),
});
const paged = (...pages) => [0, 2].map((phase) => pagesTiff(pages.map((rest) => pageOf(phase, ...rest))));
Object.assign(KINDS, {
  page_thumbnail: paged([4], [1]), page_marked: paged([4, 1], [1], [2, 1]), page_first: paged([1], [2, 1], [4]), page_alike: paged([1], [1], [1, 4]),
  page_other_shape: paged([2], [1, 0, 50]),
});

KINDS.circle = pairOf('8', 3).map((bytes) => (bytes.copy(bytes, bytes.length - 4, 4, 8), bytes)); // the directory that follows is itself
const deep = (bands, colourType, scale, change = (value) => value) => [0, 2].map((phase) => png(width, height, Buffer.from(drawn(Uint16Array, bands, scale, phase).map((value, k) => change(value, Math.floor(k / bands), k % bands)).buffer).swap16(), colourType, 16));
Object.assign(KINDS, {
  png_colours: deep(3, 2, 3000),
  png_collar: deep(3, 2, 3000, (value, i) => (onEdge(i) ? 0 : 300 + value)),
  png_alpha: deep(4, 6, 3000, (value, i, band) => (band === 3 ? (onEdge(i) ? 0 : 65535) : value)),
  png_grey_alpha: deep(2, 4, 3000, (value, i, band) => (band === 1 ? (onEdge(i) ? 0 : 65535) : value)),
  png_grey: deep(1, 0, 60000),
});
// Pairs on the ground: the first date's place, the second's, and how much larger the second's pixels are.
const utm = {left: 500000, top: 5200000, pixel: 10, system: 32632};
const unnamed = {...utm, system: 0};
const degrees = {left: 11, top: 47, pixel: 0.001, degrees: true};
const placed = (ground, factor = 1) => tiff({width: width / factor, height: height / factor, bands: 3, bits: 8, ground, values: drawn(Uint8Array, 3, 255, factor).subarray(0, (width / factor) * (height / factor) * 3)});
const PLACES = {
  on_one_grid: [utm, utm], apart: [utm, {...utm, left: 600000}], apart_unnamed: [unnamed, {...unnamed, left: 600000}], one_unnamed: [utm, {...unnamed, left: 600000}],
  one_unnamed_meets: [utm, unnamed], unnamed_units: [unnamed, {...degrees, degrees: false}], by_another_pixel: [utm, {...utm, left: 500100, top: 5199900, at: [10, 10]}],
  date_line: [{...degrees, left: 179.99}, {...degrees, left: -180.01}], degrees_apart: [degrees, {...degrees, left: 12}], pixels: [{left: 0, top: 0, pixel: 1}, utm],
  coarser: [utm, {...utm, pixel: 20}, 2], much_alike: [utm, {...utm, left: 500004}],
};
for (const [name, [one, two, factor]] of Object.entries(PLACES)) KINDS[`place_${name}`] = [placed(one), placed(two, factor)];

test('bands, stretch, gaps and doubts of rasters are those that ccx caption writes into its records, and so are places', async () => {
  const folder = newFolder();
  const file = (side, name) => `${side}/${name}.${name.startsWith('png') ? 'png' : 'tif'}`;
  for (const side of ['A', 'B']) mkdirSync(join(folder, side));
  for (const [name, files] of Object.entries(KINDS)) files.forEach((bytes, i) => writeFileSync(join(folder, file('AB'[i], name)), bytes));
  const list = join(folder, 'pairs.csv');
  writeFileSync(list, ['id,before,after', ...Object.keys(KINDS).map((name) => [name, file('A', name), file('B', name)].join())].join('\n'));
  const run = ccx('caption', '--in', list, '--out', '-', '--model', tiny, '--threads', '2', '-q');
  if (![0, 3].includes(run.status)) return console.log('      not compared: this build of ccx has no `ccx caption`');
  const expected = Object.fromEntries(run.stdout.trim().split('\n').map((line) => JSON.parse(line)).map((record) => [record.id, record]));
  const differing = [];
  for (const name of Object.keys(KINDS)) {
    const {read, warnings, error} = expected[name];
    const ours = await recordOf(join(folder, file('A', name)), join(folder, file('B', name))).catch((refused) => ({error: refused.message}));
    if (ours.error && error) continue; // both refuse it, each in its own words
    const theirs = error ? {error: error.message} : {read, warnings};
    try {
      assert.deepEqual(ours, theirs);
    } catch {
      differing.push(`${name}\n  page    ${JSON.stringify(ours)}\n  command ${JSON.stringify(theirs)}`);
    }
  }
  assert.equal(differing.length, 0, `\n${differing.join('\n')}`);
});

test('pictures of one grid whose north is not up are told, and numbers without a system turn nothing', () => {
  const ground = (transform, system = '32632') => ({transform, system, degrees: false, width: 64, height: 64});
  const told = (transform, system) => page.placeOfPair(ground(transform, system), ground(transform, system)).warnings.map(({message}) => message);
  assert.deepEqual(told([500000, 1, 0, 5200000, 0, -1]), []);
  assert.deepEqual(told([500000, 0.9, 0.4, 5200000, 0.4, -0.9]), []);
  for (const turned of [[500000, 1, 0, 5200000, 0, 1], [500000, -1, 0, 5200000, 0, -1], [500000, 0, 1, 5200000, 1, 0]]) {
    assert.equal(told(turned).length, 1);
    assert.match(told(turned)[0], /^north is not up in the pictures/);
    assert.deepEqual(told(turned, null), []);
  }
});

await runTests();
