// The C++ core compiled to WebAssembly gives the native build's bytes: pixels, tokens, text, embeddings, errors.
import assert from 'node:assert/strict';
import {gunzipSync} from 'node:zlib';
import {data, dist, existsSync, join, needsBuild, readFileSync, readJson, runTests, skip, test, web} from './harness.mjs';

needsBuild();
if (!existsSync(join(dist, 'core/core.wasm.gz'))) skip('web/dist holds no core');
const {default: createCore} = await import(join(dist, 'core/core.js'));
const core = await createCore({wasmBinary: gunzipSync(readFileSync(join(dist, 'core/core.wasm.gz')))});
const model = join(dist, 'models/default');
const tiny = join(data, 'reference/tiny');

function value(result) {
  if (result instanceof Error) throw result;
  return result;
}

// A session whose tokenizer is the test fixture's, whatever model the page was built with.
function tinyManifest(change = {}) {
  return JSON.stringify({
    image: {size: 60, grid: 4, tokens: 16}, language: {vocabulary: 1003, masked: -65504},
    embeddings: {dtype: 'float32', rows: 1003, columns: 96, pieces: [{first_row: 0, rows: 1003, values: {file: 'e.bin', offset: 0, bytes: 1003 * 96 * 4}}]},
    ...change,
  });
}
const text = (name) => readFileSync(join(tiny, name), 'utf8');
const session = (manifest = tinyManifest()) => value(core.createSession(manifest, text('config.json'), text('tokenizer.json'), text('generation_config.json'), 20));
const tinySession = session();
const NOWHERE = {scale: null, unaligned: ''};
const floats = (length) => new Float32Array(length);

const PLAIN = {width: 320, height: 160, type: 'uint8', bandsInFile: 3, bands: [1, 2, 3], bandsBy: 'colours', bandsDoubt: '', hasOtherBands: false, levels: null, nodata: 0, orientation: 1, pageNote: ''};
const recordOf = (one, change = {}) => JSON.parse(value(one.record(
  {id: 'x', before: 'a.png', after: 'b.png', read: {before: PLAIN, after: PLAIN}, warnings: [], ...change}, {read: 1, vision: 2, prefill: 3, decode: 4})));

// The picture of tests/data/image/make_resize.py, as RGBA whose alpha must not matter.
function drawn(width, height) {
  const rgba = new Uint8Array(width * height * 4);
  let i = 0;
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      for (let c = 0; c < 3; ++c, ++i) {
        const band = Math.floor(y / 8) % 3;
        rgba[4 * (y * width + x) + c] = band === 0 ? Math.imul(i, 2654435761) >>> 24 : band === 1 ? ((Math.floor(x / 5) + Math.floor(y / 3) + c) % 2) * 255 : Math.floor(x / 16) * 40 + c * 90;
      }
      rgba[4 * (y * width + x) + 3] = (x * 7 + y) & 255;
    }
  }
  return rgba;
}

function fnv1a(bytes) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

// The bytes behind normalised planes [3, size, size], pixel by pixel.
function bytesOf(chw, size) {
  const bytes = new Uint8Array(chw.length);
  for (let c = 0; c < 3; ++c) {
    for (let p = 0; p < size * size; ++p) bytes[3 * p + c] = Math.round((chw[c * size * size + p] * 0.5 + 0.5) * 255);
  }
  return bytes;
}

test('resized pixels are the bytes of the native build and of Pillow, odd sizes included, whatever the alpha', () => {
  const {cases} = readJson(join(data, 'image/resize.json'));
  let compared = 0;
  for (const {from: [width, height], to: [columns, rows], fnv1a: expected} of cases) {
    if (columns !== rows) continue; // the model's inputs are square
    const picture = value(core.createPicture(width, height, false));
    const rgba = drawn(width, height);
    const half = Math.floor(height / 2) * width * 4;
    value(picture.addRows(rgba.subarray(0, half)));
    value(picture.addRows(rgba.subarray(half)));
    assert.equal(fnv1a(bytesOf(value(picture.prepare(picture, columns, NOWHERE, floats)).before, columns)), expected, `${width}x${height} to ${columns}`);
    picture.delete();
    ++compared;
  }
  assert.ok(compared >= 15);
});

test('normalised pixels have the bits of float32 arithmetic', () => {
  const picture = value(core.createPicture(1, 1, false));
  value(picture.addRows(new Uint8Array([1, 64, 127, 0])));
  const bits = new Uint32Array(value(picture.prepare(picture, 1, NOWHERE, floats)).before.buffer);
  assert.deepEqual([...bits], [0xbf7dfdfe, 0xbefefefe, 0xbb808080]);
  picture.delete();
});

test('tokens equal those of Hugging Face tokenizers on every fixture string', () => {
  const {items, chat_prompt: prompt, decode_random: random} = readJson(join(data, 'reference/vectors/tokenizer_dev.json'));
  for (const item of items) {
    assert.deepEqual([...value(tinySession.encode(item.text))], item.ids, JSON.stringify(item.text));
    assert.equal(value(tinySession.decode(new Int32Array(item.ids), false)), item.decoded);
    assert.equal(value(tinySession.decode(new Int32Array(item.ids), true)), item.decoded_skip_special);
  }
  for (const item of random) assert.equal(value(tinySession.decode(new Int32Array(item.ids), false)), item.decoded);
  assert.deepEqual([...value(tinySession.describe()).promptIds], prompt.ids);
});

test('tokens of strings in many scripts equal the native ones', () => {
  const {items} = readJson(join(data, 'text/unicode_strings.json'));
  assert.ok(items.length > 100);
  for (const item of items) assert.deepEqual([...value(tinySession.encode(item.text))], item.ids, JSON.stringify(item.text));
});

test('rows of the embedding table: float32, float16 and int8 with a scale a row', () => {
  const rows = 1003;
  const bytes = {float32: 4, float16: 2, int8: 1};
  const files = {
    float32: new Uint8Array(new Float32Array(rows * 96).map((_, i) => i / 7).buffer),
    float16: new Uint8Array(new Uint16Array(rows * 96).map((_, i) => 0x3c00 + (i % 96)).buffer),
    int8: new Uint8Array(new Int8Array(rows * 96).map((_, i) => (i % 96) - 48).buffer),
    scales: new Uint8Array(new Float32Array(rows).map((_, i) => i + 0.5).buffer),
  };
  const expected = {float32: (row, c) => Math.fround((row * 96 + c) / 7), float16: (_, c) => 1 + c / 1024, int8: (row, c) => (c - 48) * (row + 0.5)};
  for (const dtype of ['float32', 'float16', 'int8']) {
    const piece = {first_row: 0, rows, values: {file: dtype, offset: 0, bytes: rows * 96 * bytes[dtype]}};
    if (dtype === 'int8') piece.scales = {file: 'scales', offset: 0, bytes: rows * 4};
    const one = session(tinyManifest({embeddings: {dtype, rows, columns: 96, pieces: [piece]}}));
    const found = value(one.lookUp(new Int32Array([0, 1002, 17]), (file, offset, count) => files[file].subarray(offset, offset + count)));
    [0, 1002, 17].forEach((row, i) => {
      for (const c of [0, 1, 50, 95]) assert.equal(found[i * 96 + c], expected[dtype](row, c), `${dtype} ${row} ${c}`);
    });
    one.delete();
  }
});

test('the generation steps are those of greedy search, with the probabilities of the logits', () => {
  value(tinySession.begin('x'));
  const logits = new Float32Array(1003);
  logits[74] = 3;
  logits[75] = 2;
  const first = value(tinySession.step(logits));
  const sum = Math.exp(3) + Math.exp(2) + 1001;
  assert.equal(first.token, 74);
  assert.equal(first.done, false);
  assert.ok(Math.abs(first.logprob - Math.log(Math.exp(3) / sum)) < 1e-6);
  logits[1002] = 9; // <|im_end|>
  const last = value(tinySession.step(logits));
  assert.equal(last.done, true);
  const record = recordOf(tinySession);
  assert.deepEqual(Object.keys(record), ['id', 'before', 'after', 'caption', 'changed', 'logprob_mean', 'logprob_min', 'tokens', 'ms']);
  assert.equal(record.tokens, 2);
});

test('where the model has a threshold, a pair whose p_change is below it is captioned with the likeliest sentence of no change', () => {
  const config = (change) => JSON.stringify({...JSON.parse(text('config.json')), ...change});
  const sentences = ['no change has occurred', 'the two scenes seem identical'];
  const open = (change) => value(core.createSession(tinyManifest(), config({no_change_sentences: sentences, ...change}), text('tokenizer.json'), text('generation_config.json'), 20));
  const ids = sentences.map((sentence) => [...value(tinySession.encode(sentence))]);
  const logitsFor = (token) => {
    const row = new Float32Array(1003);
    row[token] = 20; // all but certain
    return row;
  };
  // The model begins with another word, and would go on with the second sentence if it began with that.
  const prompt = new Float32Array(1003);
  prompt[74] = 2;
  prompt[ids[1][0]] = 1;
  const rowCount = ids[0].length + ids[1].length;
  const scored = (sure) => {
    const logits = new Float32Array(rowCount * 1003);
    let row = 0;
    const sorted = [...ids].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const sentence of sorted) {
      for (let i = 0; i < sentence.length; ++i, ++row) {
        if (sentence === ids[1] && sure) logits.set(logitsFor(sentence[i + 1] ?? 1002), row * 1003);
      }
    }
    return logits;
  };
  const plain = open({});
  assert.equal(value(plain.decidesByPChange()), false);
  value(plain.begin('x'));
  const p = value(plain.scoreNoChange(prompt, scored(true)));
  assert.ok(p > 0.9 && p < 1, `${p}`); // e / (e^2 + e + 1001)
  assert.equal(value(plain.step(prompt)).token, 74);

  const deciding = open({min_p_change: 0.9999});
  assert.equal(value(deciding.decidesByPChange()), true);
  value(deciding.begin('x'));
  assert.match(String(deciding.step(prompt)), /begin with a judgement/);
  value(deciding.scoreNoChange(prompt, scored(true)));
  let said = '';
  for (let step, row = prompt; !step?.done; row = logitsFor(74)) {
    step = value(deciding.step(row));
    said += step.text;
  }
  assert.equal(said, sentences[1]);
  assert.equal(value(deciding.result()).caption, sentences[1]);
  assert.equal(value(deciding.result()).changed, false);

  value(deciding.begin('y'));
  assert.ok(value(deciding.scoreNoChange(prompt, scored(false))) > 0.9999);
  assert.equal(value(deciding.step(prompt)).token, 74);
  plain.delete();
  deciding.delete();
});

const KINDS = ['none', 'building_built', 'building_removed', 'road', 'vegetation_lost', 'water', 'other'];

// A session of the tiny model with a change head, as far as its text files say.
function sessionWithHead(config = {}, kinds = KINDS) {
  const changed = JSON.stringify({...JSON.parse(text('config.json')), change_head: {channels: 8}, ...config});
  return core.createSession(tinyManifest({change_head: {grid: 4, kinds}}), changed, text('tokenizer.json'), text('generation_config.json'), 20);
}

test('p_change comes from language model and change head, as config.json fits them', () => {
  const sentences = ['no change has occurred'];
  const ids = [...value(tinySession.encode(sentences[0]))];
  const prompt = new Float32Array(1003);
  prompt[ids[0]] = 6;
  const rows = new Float32Array(ids.length * 1003);
  ids.forEach((_, i) => (rows[i * 1003 + (ids[i + 1] ?? 1002)] = 9));
  const said = (fit, flag) => {
    const one = value(sessionWithHead({no_change_sentences: sentences, ...(fit ? {p_change_fit: fit} : {})}));
    value(one.begin('x'));
    value(one.hearHead(flag, new Float32Array(7 * 16).fill(1 / 7), 4, 4));
    const p = value(one.scoreNoChange(prompt, rows));
    assert.equal(value(one.result()).pChange, p);
    value(one.step(prompt));
    const record = recordOf(one);
    one.delete();
    return {p, record};
  };
  const language = said(null, 2).p; // the language model alone
  assert.ok(language > 0.3 && language < 0.9, `${language}`);
  const fit = {bias: -0.5, language: 0.75, head: 1.25};
  for (const flag of [-3, 0.5, 2]) {
    const {p, record} = said(fit, flag);
    const expected = 1 / (1 + Math.exp(-(fit.bias + fit.language * Math.log(language / (1 - language)) + fit.head * flag)));
    assert.ok(Math.abs(p - expected) < 1e-6, `${p}, not ${expected}`); // the fit is read as float32
    assert.equal(record.p_change, Number(expected.toFixed(4)));
    assert.deepEqual(record.p_parts, {language: Number(Math.fround(language).toFixed(6)), head: flag});
  }
});

test('the map of a change head becomes places in pixels of the after picture', () => {
  const one = value(sessionWithHead());
  const cells = 32;
  const map = new Float32Array(7 * cells * cells);
  for (let y = 0; y < cells; ++y) {
    for (let x = 0; x < cells; ++x) {
      const kind = x >= 8 && x < 16 && y >= 4 && y < 8 ? 1 : x >= 24 && y >= 24 ? 5 : 0;
      map[kind * cells * cells + y * cells + x] = 1;
    }
  }
  value(one.begin('x'));
  assert.deepEqual(value(one.places(320, 160)), [], 'nothing was heard yet');
  value(one.hearHead(1, map, cells, cells));
  const [water, building] = value(one.places(320, 160)); // a cell is 10 x 5 pixels
  assert.deepEqual([water.kind, building.kind], ['water', 'building_built']);
  // Cells meet half-way between their centres.
  assert.deepEqual(water.box, [240, 120, 80, 40]);
  assert.deepEqual(building.box, [80, 20, 80, 20]);
  assert.ok(Math.abs(water.area - 1 / 16) < 0.001 && Math.abs(building.area - 1 / 32) < 0.001);
  assert.ok(building.p > 0.9 && building.p <= 1);
  assert.deepEqual(value(one.describe()).changeKinds.map(({name}) => name), KINDS);
  for (const {colour} of value(one.describe()).changeKinds) assert.match(colour, /^#[0-9a-f]{6}$/);
  const round = ({kind, box, area, p}) => ({kind, box, area: Number(area.toFixed(6)), p: Number(p.toFixed(4))});
  assert.deepEqual(recordOf(one).places, [round(water), round(building)]);
  assert.match(String(one.hearHead(1, new Float32Array(5), cells, cells) ?? one.places(9, 9)), /cannot have 5 values/);
  one.delete();
  assert.deepEqual(value(tinySession.describe()).changeKinds, []);
  assert.match(String(sessionWithHead({}, [...KINDS.slice(0, 6), 'clouds'])), /InputError.*kinds of change/);
});

// Pictures of samples: what becomes of them is what tests of the command's stretch hold to PIL and GDAL.
const BY_COLOURS = {bandsBy: 'colours', bandsDoubt: '', hasOtherBands: false, hasAlpha: false, multipliedBy: new Uint8Array(0)};
const sampled = (width, height, bands, facts, mask = new Uint8Array(0)) => value(core.pictureOfSamples(width, height, bands, mask, {type: 'uint16', bits: 16, bandsInFile: bands.length, bands: bands.map((_, i) => i + 1), ...BY_COLOURS, nodata: null, whiteIsZero: false, ...facts}));
const shadesOf = (picture, width, height) => [...value(picture.shown(width, height))].filter((_, i) => i % 4 === 0);

test('deep samples are stretched between their percentiles, which is told; a picture that was only widened is not', () => {
  const ramp = Uint16Array.from({length: 1000}, (_, i) => 100 + i);
  const deep = sampled(100, 10, [ramp], {});
  assert.deepEqual(value(deep.info()), {width: 100, height: 10, type: 'uint16', bandsInFile: 1, bands: [1], bandsBy: 'colours', bandsDoubt: '', hasOtherBands: false, levels: [100, 1099], nodata: 0, orientation: 1, pageNote: ''});
  const shades = shadesOf(deep, 100, 10);
  assert.deepEqual([shades[0], shades[499], shades[999]], [0, Math.floor((499 / 999) * 255 + 0.5), 255]);
  const widened = sampled(16, 16, [Uint16Array.from({length: 256}, (_, i) => 257 * i)], {});
  assert.deepEqual(shadesOf(widened, 16, 16), Array.from({length: 256}, (_, i) => i));
  const signed = sampled(100, 10, [Int16Array.from(ramp, (value) => value - 600)], {type: 'int16'});
  assert.deepEqual(shadesOf(signed, 100, 10), shades);
  const floats = sampled(100, 10, [Float32Array.from(ramp, (value) => value / 1e4)], {type: 'float32'});
  assert.deepEqual(shadesOf(floats, 100, 10), shades);
  for (const picture of [deep, widened, signed, floats]) picture.delete();
  const turned = sampled(16, 16, [Uint8Array.from({length: 256}, (_, i) => i)], {type: 'uint8', bits: 8, whiteIsZero: true});
  assert.deepEqual(shadesOf(turned, 16, 16), Array.from({length: 256}, (_, i) => 255 - i));
  turned.delete();
  assert.match(String(core.pictureOfSamples(3, 3, [ramp], new Uint8Array(0), {type: 'uint16', bits: 16, bandsInFile: 1, bands: [1], ...BY_COLOURS, nodata: null, whiteIsZero: false})), /InputError.*bands/);
});

test('pixels without data count in no percentile, get the mean of the others, and are hidden in both dates', () => {
  const values = Uint16Array.from({length: 400}, (_, i) => (i < 100 ? 0 : 1000 + i));
  const before = sampled(20, 20, [values], {nodata: 0});
  const {levels, nodata} = value(before.info());
  assert.deepEqual([levels, nodata], [[1100, 1399], 0.25]);
  const shades = shadesOf(before, 20, 20);
  assert.ok(Math.abs(shades[0] - 127) <= 1 && shades.slice(0, 100).every((shade) => shade === shades[0]));
  const masked = sampled(20, 20, [values.map((value) => value || 9)], {}, Uint8Array.from(values, (value) => (value ? 0 : 1)));
  assert.deepEqual(shadesOf(masked, 20, 20), shades);
  const whole = sampled(20, 20, [Uint16Array.from({length: 400}, (_, i) => 1000 + ((i * 37) % 400))], {});
  const pair = value(before.prepare(whole, 20, NOWHERE, floats));
  assert.ok(pair.before.slice(0, 100).every((value, i) => value === pair.after[i]), 'no gap that could be taken for the change');
  assert.deepEqual(pair.warnings.map(({code}) => code), ['grey', 'nodata']);
  assert.match(pair.warnings[1].message, /25\.0 % of the before image and 0\.0 %/);
  const record = recordOf(tinySession, {read: {before: value(before.info()), after: value(whole.info())}, warnings: pair.warnings});
  assert.deepEqual(record.read, {before: {type: 'uint16', bands: [1], stretch: [1100, 1399], nodata: 0.25}, after: {type: 'uint16', bands: [1], stretch: [1000, 1399]}});
  assert.deepEqual(record.warnings.map(({code}) => code), ['grey', 'nodata']);
  for (const picture of [before, masked, whole]) picture.delete();
});

test('what files fill their gaps with without saying so is no value, as for the command', () => {
  const heights = Array.from({length: 400}, (_, i) => (i < 100 ? -9999 : i / 4));
  for (const [type, values] of [['float32', Float32Array.from(heights)], ['int16', Int16Array.from(heights)]]) {
    const picture = sampled(20, 20, [values], {type});
    const {levels, nodata} = value(picture.info());
    assert.equal(nodata, 0.25, type);
    assert.ok(levels[0] >= 25 && levels[1] <= 100, `${type}: ${levels}`);
    picture.delete();
  }
});

test('what makes a pair doubtful is found by the checks of the command', () => {
  const noise = (width, height, seed, dx = 0) => {
    const picture = value(core.createPicture(width, height, false));
    // Blocks of 8 pixels in random colours, moved by dx.
    value(picture.addRows(Uint8Array.from({length: width * height * 4}, (_, i) => {
      const pixel = Math.floor(i / 4);
      const [x, y] = [Math.floor(((pixel % width) + dx) / 8), Math.floor(Math.floor(pixel / width) / 8)];
      const mixed = Math.imul(x * 7919 + y * 104729 + (i % 4) * 31 + seed * 611953, 2654435761);
      return Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 24;
    })));
    return picture;
  };
  const codes = (before, after, size = 64) => value(before.check(after, size, NOWHERE)).map(({code}) => code);
  const one = noise(256, 256, 1);
  assert.deepEqual(codes(one, noise(256, 256, 5000)), []);
  assert.deepEqual(codes(one, noise(256, 200, 5000)), ['size_differs']);
  assert.deepEqual(codes(one, noise(256, 256, 1)), ['same_image']);
  const moved = value(one.check(noise(256, 256, 1, 24), 256, NOWHERE));
  assert.deepEqual(moved.map(({code}) => code), ['shifted']);
  assert.ok(Math.abs(moved[0].shift[0] - 24) <= 2 && Math.abs(moved[0].shift[1]) <= 2, String(moved[0].shift));
  assert.deepEqual(codes(one, noise(1024, 1024, 9)), ['size_differs', 'much_larger_than_model']);
  const chunk = (name, length) => Buffer.concat([Buffer.from([0, 0, 0, length]), Buffer.from(name), Buffer.alloc(length + 4)]);
  const animated = noise(256, 256, 5000);
  value(animated.keepFacts(new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('acTL', 8), chunk('fcTL', 26), chunk('IDAT', 4), chunk('fcTL', 26)]))));
  assert.deepEqual(codes(one, animated), ['several_pages']);
  const flat = value(core.createPicture(256, 256, false));
  value(flat.addRows(new Uint8Array(256 * 256 * 4).fill(90)));
  assert.deepEqual(codes(one, flat), ['low_contrast']);
});

test('errors of the core are JavaScript errors that say what is wrong', () => {
  const errors = [
    [core.createPicture(0, 3, false), 'InputError', /0x3/],
    [core.createSession('{}', text('config.json'), text('tokenizer.json'), text('generation_config.json'), 20), 'InputError', /manifest\.json: .*embeddings is missing/],
    [core.createSession(tinyManifest(), '{', text('tokenizer.json'), text('generation_config.json'), 20), 'InputError', /config\.json/],
    [core.createSession(tinyManifest(), text('config.json'), '[1]', text('generation_config.json'), 20), 'InputError', /tokenizer\.json/],
    [core.createSession(tinyManifest({embeddings: {dtype: 'float32', rows: 1003, columns: 96, pieces: [{first_row: 0, rows: 1003, values: {file: 'e', offset: 0, bytes: 5}}]}}), text('config.json'), text('tokenizer.json'), text('generation_config.json'), 20), 'InputError', /5 bytes/],
    [tinySession.lookUp(new Int32Array([1003]), () => new Uint8Array(384)), 'InputError', /1003/],
    [tinySession.decode(new Int32Array([5000]), false), 'InputError', /5000/],
    [core.findPairs(['one.png']), 'InputError', /before/],
  ];
  for (const [error, name, message] of errors) {
    assert.ok(error instanceof Error, String(error));
    assert.equal(error.name, name);
    assert.match(error.message, message);
  }
});

test('pairs are found by the rules of ccx caption', () => {
  const pairs = (names) => value(core.findPairs(names)).pairs;
  assert.deepEqual(pairs(['A/1.png', 'B/1.png', 'label/1.png', 'A/2.png', 'B/2.jpg', 'notes.txt']), [
    {id: '1', before: 'A/1.png', after: 'B/1.png', missing: ''}, {id: '2', before: 'A/2.png', after: 'B/2.jpg', missing: ''}]);
  assert.deepEqual(pairs(['x_pre_disaster.png', 'x_post_disaster.png', 'y_pre_disaster.png']).map(({id, after}) => [id, after]), [['x', 'x_post_disaster.png'], ['y', '']]);
});

test('lists are read by the reader of ccx caption: what they name is looked for among the files that were given', () => {
  const listed = (names, list, content) => core.findPairsInList(names, list, new TextEncoder().encode(content));
  const plain = (found) => value(found).pairs.map(({id, before, after}) => [id, before, after]);
  assert.deepEqual(plain(listed(['x/a.png', 'x/b.PNG', 'l/pairs.csv'], 'l/pairs.csv', 'id,before,after\none,x/a.png,x/b.png\n')), [['one', 'x/a.png', 'x/b.PNG']]);
  const levir = JSON.stringify({images: [{filename: 't1.png', split: 'train', filepath: 'train', sentences: [{raw: 'a house'}]}]});
  assert.deepEqual(plain(listed(['images/train/A/t1.png', 'images/train/B/t1.png', 'c.json'], 'c.json', levir)), [['t1', 'images/train/A/t1.png', 'images/train/B/t1.png']]);
  const [gone] = value(listed(['a.png', 'l.csv'], 'l.csv', 'id,before,after\none,a.png,b.png\n')).pairs;
  assert.deepEqual([gone.before, gone.after], ['a.png', '']);
  assert.match(gone.missing, /^l\.csv:2: there is no file b\.png$/);
  for (const [list, content, message] of [['l.csv', '', /l\.csv is empty/], ['../l.csv', 'a', /no name of a file/], ['l.csv', 'id,before,after\none,../../a.png,b.png\n', /l\.csv:2/]]) {
    const error = listed(['a.png', 'b.png'], list, content);
    assert.ok(error instanceof Error && message.test(error.message) && !error.message.includes('/files/'), String(error.message ?? error));
  }
});

test('the model that the page was built with opens', () => {
  const read = (name) => readFileSync(join(model, name), 'utf8');
  const one = value(core.createSession(read('manifest.json'), read('config.json'), read('tokenizer.json'), read('generation_config.json'), 128));
  assert.ok(value(one.describe()).promptLength > 44);
  one.delete();
});

// The export's graph in ONNX Runtime Web, which the page would run where the core could not.
async function runtimeSession({file, data: weights}) {
  const ort = await import(join(web, 'node_modules/onnxruntime-web/dist/ort.node.min.mjs'));
  ort.env.wasm.wasmBinary = readFileSync(join(web, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm')).buffer;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(join(model, file))), {
    externalData: weights.map((path) => ({path, data: new Uint8Array(readFileSync(join(model, path)))})),
    extra: {session: {disable_quant_qdq: '1'}}, logSeverityLevel: 3,
  });
  return {ort, session};
}
async function byRuntime(before, after, size) {
  const {ort, session} = await runtimeSession(readJson(join(model, 'manifest.json')).vision);
  const tensor = (image) => new ort.Tensor('float32', image, [1, 3, size, size]);
  return session.run({before: tensor(before), after: tensor(after)});
}

const readExport = (file, offset, bytes) => new Uint8Array(readFileSync(join(model, file))).subarray(offset, offset + bytes);
const ofModel = (name) => readFileSync(join(model, name), 'utf8');
const visionOfModel = () => value(core.createVision(ofModel('config.json'), new Uint8Array(readFileSync(join(model, 'vision.onnx'))), readExport));

// Two pictures as the model is shown them.
function preparedPair(size) {
  const prepared = (width, height) => {
    const one = value(core.createPicture(width, height, false));
    value(one.addRows(drawn(width, height)));
    return one;
  };
  return value(prepared(300, 280).prepare(prepared(410, 390), size, NOWHERE, floats));
}

test('the core sees in a pair what the graph of its export does', async () => {
  const vision = visionOfModel();
  const {mm_vision_config: tower, change_head: head} = JSON.parse(ofModel('config.json'));
  assert.equal(vision !== null, tower.model_type === 'inverted_residuals' && head?.feed === 'instead', 'which models the core sees for');
  if (!vision) return; // this page was built with a model that the runtime sees for
  const size = tower.image_size;
  const {before, after} = preparedPair(size);
  const seen = value(vision.compare(value(vision.look(before, floats)), value(vision.look(after, floats))));
  const expected = await byRuntime(before, after, size);
  const furthest = (a, b) => a.reduce((most, number, i) => Math.max(most, Math.abs(number - b[i])), 0);
  const compared = [
    // The graph multiplies with 8-bit activations where the core has 14 bits: of the default model maps differ by up to .0006 here, and
    // tokens, of magnitudes up to 5, by .04.
    ['map', seen.head.map, expected.change_map.data, 0.01],
    ['flag', [seen.head.flag], expected.change_flag.data, 0.4],
    ['before', seen.before, expected.before_tokens.data, 0.4],
    ['after', seen.after, expected.after_tokens.data, 0.4],
    ['saliency', seen.saliency, expected.saliency.data, 0.01],
  ];
  for (const [name, found, wanted, tolerance] of compared) {
    assert.equal(found.length, wanted.length, name);
    const difference = furthest(found, wanted);
    assert.ok(difference <= tolerance, `${name}: ${difference}`);
  }
  // Nothing of one pair stays for the next.
  assert.deepEqual(value(vision.compare(value(vision.look(before, floats)), value(vision.look(after, floats)))).head.map, seen.head.map);
  vision.delete();
});

// The decoder's graph as a function of the same inputs, which keeps what it has read.
async function decoderByRuntime() {
  const {decoder, language} = readJson(join(model, 'manifest.json'));
  const {ort, session} = await runtimeSession(decoder);
  const names = Array.from({length: language.layers}, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
  const empty = names.map(() => new ort.Tensor('float32', new Float32Array(0), [1, language.kv_heads, 0, language.head_size]));
  const wide = (values) => BigInt64Array.from(values, BigInt);
  return async (inputs, cache = empty) => {
    const count = inputs.positions.length;
    const outputs = await session.run({
      inputs_embeds: new ort.Tensor('float32', inputs.embeddings, [1, count, language.hidden_size]),
      position_ids: new ort.Tensor('int64', wide(inputs.positions), [1, count]),
      attention_bias: new ort.Tensor('float32', inputs.bias, [count, cache[0].dims[2] + count]),
      logits_positions: new ort.Tensor('int64', wide(inputs.asked), [inputs.asked.length]),
      ...Object.fromEntries(names.map((name, i) => [`past_key_values.${name}`, cache[i]])),
    });
    return {logits: outputs.logits.data, cache: names.map((name) => outputs[`present.${name}`])};
  };
}

test('the core speaks as the graph of its export does: the prompt in runs, sentences behind it, a word', async () => {
  const language = value(core.createLanguage(ofModel('config.json'), new Uint8Array(readFileSync(join(model, 'decoder.onnx'))), readExport));
  const {hidden_size: width, tie_word_embeddings: tied, mm_vision_config: tower} = JSON.parse(ofModel('config.json'));
  const {quantize} = readJson(join(model, 'manifest.json'));
  assert.equal(language !== null, tied && width <= 512 && quantize === 'int8', 'which models the core speaks for');
  if (!language) return; // this page was built with a model that the runtime speaks for
  const own = value(core.createSession(ofModel('manifest.json'), ofModel('config.json'), ofModel('tokenizer.json'), ofModel('generation_config.json'), 20));
  // Tokens that pictures give: others drive single activations so high that 8 bits for all of them say little of the rest.
  const vision = visionOfModel();
  const images = preparedPair(tower.image_size);
  const {before, after} = value(vision.compare(value(vision.look(images.before, floats)), value(vision.look(images.after, floats))));
  vision.delete();
  const byGraph = await decoderByRuntime();
  // The graph multiplies with 8-bit activations where the core has 15 bits: logits, of magnitudes up to 18, differ by up to .23
  // on the default model.
  const near = (found, wanted, what) => {
    assert.equal(found.length, wanted.length, what);
    const difference = found.reduce((most, number, i) => Math.max(most, Math.abs(number - wanted[i])), 0);
    assert.ok(difference <= 0.5, `${what}: ${difference}`);
  };
  let [expected, past, first] = [undefined, 0, null];
  for (const run of value(own.promptInputs(before, after, 136, readExport))) {
    expected = await byGraph(run, expected?.cache);
    first = value(language.run(run, past));
    past += run.positions.length;
    near(first, expected.logits, `the prompt up to ${past}`);
  }
  const sentences = value(own.noChangeInputs(readExport));
  near(value(language.run(sentences, past)), (await byGraph(sentences, expected.cache)).logits, 'sentences of no change');
  const word = value(own.tokenInputs(7, past, readExport));
  const next = value(language.run(word, past));
  near(next, (await byGraph(word, expected.cache)).logits, 'a word');
  // What was read behind the prompt is forgotten, and the whole prompt at once is the same as runs of it.
  assert.deepEqual(value(language.run(word, past)), next);
  const whole = value(own.promptInputs(before, after, 1 << 20, readExport));
  assert.equal(whole.length, 1);
  near(value(language.run(whole[0], 0)), first, 'the prompt at once');
  for (const refused of [language.run(word, past + 1), language.run({...word, positions: new Int32Array(2)}, past)]) assert.ok(refused instanceof Error, 'inputs that do not fit');
  language.delete();
  own.delete();
});

test('a graph or weights that are damaged are refused in words', () => {
  const config = readFileSync(join(model, 'config.json'), 'utf8');
  const broken = core.createVision(config, new Uint8Array([1, 2, 3]), () => undefined);
  assert.ok(broken instanceof Error && /vision graph of the export/.test(broken.message), String(broken));
});

await runTests();
