// logits.mjs EXPORT PROBE: runs an export in ONNX Runtime Web (WebAssembly) under Node, by its manifest alone.
//
// PROBE is a JSON file {"before": [...], "after": [...], "prompt": [ids, -200 at an image], "next": id}: float32 pixels of
// one pair. Prints {"logits": [...], "next_logits": [...], "saliency": [...]}: after the prompt, and after one more token.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';

const [directory, probePath] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
const probe = JSON.parse(readFileSync(probePath, 'utf8'));
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const read = (name) => new Uint8Array(readFileSync(join(directory, name)));

function session(graph) {
  return ort.InferenceSession.create(read(graph.file), {
    executionProviders: ['wasm'],
    externalData: graph.data.map((name) => ({ path: name, data: read(name) })),
    extra: { session: Object.fromEntries(Object.entries(manifest.session_config).map(([key, value]) =>
      [key.replace(/^session\./, ''), value])) },
  });
}

function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// One row of the embedding table as float32.
function embedding(id) {
  const { pieces, columns, dtype } = manifest.embeddings;
  const piece = pieces.find((p) => id >= p.first_row && id < p.first_row + p.rows);
  const bytes = read(piece.values.file);
  const row = id - piece.first_row;
  const view = new DataView(bytes.buffer, bytes.byteOffset + piece.values.offset);
  const at = {
    float32: (i) => view.getFloat32(4 * i, true),
    float16: (i) => halfToFloat(view.getUint16(2 * i, true)),
    int8: (i) => view.getInt8(i) *
      new DataView(read(piece.scales.file).buffer).getFloat32(piece.scales.offset + 4 * row, true),
  }[dtype];
  return Float32Array.from({ length: columns }, (_, column) => at(row * columns + column));
}

const { size } = manifest.image;
const { hidden_size: width, layers, kv_heads: kvHeads, head_size: headSize, masked } = manifest.language;
const pixels = (values) => new ort.Tensor('float32', Float32Array.from(values), [1, 3, size, size]);
const vision = await session(manifest.vision);
const seen = await vision.run({ before: pixels(probe.before), after: pixels(probe.after) });

const rows = [];
let image = 0;
for (const id of probe.prompt) {
  rows.push(id === -200 ? [seen.before_tokens, seen.after_tokens][image++].data : embedding(id));
}

const decoder = await session(manifest.decoder);
let past = {};
for (let layer = 0; layer < layers; ++layer) {
  for (const what of ['key', 'value']) {
    past[`past_key_values.${layer}.${what}`] = new ort.Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headSize]);
  }
}

async function step(embeddings) {
  const tokens = embeddings.length / width;
  const start = past['past_key_values.0.key'].dims[2];
  const bias = new Float32Array(tokens * (start + tokens));
  for (let t = 0; t < tokens; ++t) bias.fill(masked, t * (start + tokens) + start + t + 1, (t + 1) * (start + tokens));
  const positions = BigInt64Array.from({ length: tokens }, (_, t) => BigInt(start + t));
  const outputs = await decoder.run({
    inputs_embeds: new ort.Tensor('float32', embeddings, [1, tokens, width]),
    position_ids: new ort.Tensor('int64', positions, [1, tokens]),
    attention_bias: new ort.Tensor('float32', bias, [tokens, start + tokens]),
    logits_positions: new ort.Tensor('int64', BigInt64Array.of(BigInt(tokens - 1)), [1]),
    ...past,
  });
  past = Object.fromEntries(Object.keys(past).map((name) => [name, outputs[name.replace('past_key_values', 'present')]]));
  return Array.from(outputs.logits.data);
}

const logits = await step(Float32Array.from(rows.flatMap((row) => Array.from(row))));
const next = await step(embedding(probe.next));
process.stdout.write(JSON.stringify({ logits, next_logits: next, saliency: Array.from(seen.saliency.data) }));
