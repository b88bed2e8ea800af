// ONNX Runtime Web, and the two graphs of an export as functions. Where the core sees for the model, its sight stands in the
// place of the first, and its language in that of the second where it speaks for it; where it does both there is no runtime.
import type * as Ort from 'onnxruntime-web/wasm';
import type {Backend} from '../protocol';
import {Language, type DecoderInputs, type Seen} from './core';
import {CodedError} from './failure';
import type {Graph, Manifest} from './manifest';
import {fetchPacked} from './packed';
import type {Sight} from './sight';

// What was read so far: `length` positions. Of the runtime keys and values of all layers, [1, kv_heads, positions, head_size]
// each; the core keeps its own. dispose() when it is no longer needed: on WebGPU it holds the device's memory.
export class Cache {
  constructor(readonly length: number, readonly tensors: Ort.Tensor[]) {}
  dispose(): void {
    for (const tensor of this.tensors) tensor.dispose();
  }
}

// On one thread of an x86-64 processor the default model's prompt, 540 positions, takes the runtime 44 ms at once, 42, 39, 38,
// 40 and 41 in runs of 280, 190, 140, 110 and 70. The core takes as long in any; between runs the page may stop it.
const PROMPT_ROWS = 136;
const WHOLE_PROMPT = 2 ** 30;

const nameOf = (backend: Backend) => `ort/ort-wasm-simd-threaded${backend === 'webgpu' ? '.asyncify' : ''}`;

// The runtime's WebAssembly; `report` is told the bytes that have arrived.
export function runtimeBinary(base: string, backend: Backend, report: (have: number) => void): Promise<ArrayBuffer> {
  return fetchPacked(new URL(`${nameOf(backend)}.wasm.gz`, base), 'The runtime of the model', report);
}

export class Runtime {
  private constructor(readonly ort: typeof Ort, readonly backend: Backend, readonly threads: number) {}

  static async load(base: string, backend: Backend, threads: number, binary: ArrayBuffer): Promise<Runtime> {
    const ort = backend === 'webgpu' ? ((await import('onnxruntime-web/webgpu')) as unknown as typeof Ort) : await import('onnxruntime-web/wasm');
    ort.env.logLevel = 'error';
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = {mjs: new URL(`${nameOf(backend)}.js`, base).href};
    ort.env.wasm.wasmBinary = binary;
    return new Runtime(ort, backend, threads);
  }

  // resident: outputs that stay where they were computed, on a graphics device.
  open(graph: Graph, sessionConfig: Manifest['sessionConfig'], files: Map<string, ArrayBuffer>, resident: string[] = []): Promise<Ort.InferenceSession> {
    const bytes = (name: string) => new Uint8Array(files.get(name) as ArrayBuffer);
    return this.ort.InferenceSession.create(bytes(graph.file), {
      executionProviders: [this.backend],
      externalData: graph.data.map((path) => ({path, data: bytes(path)})),
      extra: sessionConfig,
      logSeverityLevel: 3,
      ...(this.backend === 'webgpu' && resident.length ? {preferredOutputLocation: Object.fromEntries(resident.map((name) => [name, 'gpu-buffer' as const]))} : {}),
    });
  }
}

// `load` is called where one of the two is null.
export async function openGraphs(manifest: Manifest, files: Map<string, ArrayBuffer>, sight: Sight | null, language: Language | null, load: () => Promise<Runtime>): Promise<Graphs> {
  if (sight && language) return new Graphs(null, manifest, sight, language);
  const runtime = await load();
  const {vision, decoder, sessionConfig} = manifest;
  const present = Array.from({length: manifest.language.layers}, (_, layer) => [`present.${layer}.key`, `present.${layer}.value`]).flat();
  return new Graphs(runtime, manifest, sight ?? (await runtime.open(vision, sessionConfig, files)), language ?? (await runtime.open(decoder, sessionConfig, files, present)));
}

// What the change head says of a pair, where the model has one.
function headOf(outputs: Ort.InferenceSession.OnnxValueMapType): Seen['head'] {
  const {change_map: map, change_flag: flag} = outputs as Record<string, Ort.Tensor | undefined>;
  if (!map || !flag || map.dims.length !== 4) throw new CodedError('model', 'The vision graph of this model has not the outputs that its manifest promises.');
  return {flag: (flag.data as Float32Array)[0], map: map.data as Float32Array, height: map.dims[2], width: map.dims[3]};
}

export class Graphs {
  private readonly cacheNames: string[];

  constructor(
    private readonly runtime: Runtime | null,
    private readonly manifest: Manifest,
    private readonly vision: Ort.InferenceSession | Sight,
    private readonly decoder: Ort.InferenceSession | Language,
  ) {
    this.cacheNames = Array.from({length: manifest.language.layers}, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
  }

  // Begins to look at the pair that will be seen next, where a thread is free for that.
  ahead(key: number, before: Float32Array, after: Float32Array): void {
    if ('see' in this.vision) this.vision.ahead(key, before, after);
  }

  forget(): void {
    if ('see' in this.vision) this.vision.forget();
  }

  // For tensors, which only its sessions take.
  private get ort(): typeof Ort {
    return (this.runtime as Runtime).ort;
  }

  // before, after: [3, size, size]; key: of a pair that may have been looked at ahead
  async see(before: Float32Array, after: Float32Array, key: number | null = null): Promise<Seen> {
    if ('see' in this.vision) return this.vision.see(before, after, key);
    const {Tensor} = this.ort;
    const {size} = this.manifest.image;
    const outputs = await this.vision.run({
      before: new Tensor('float32', before, [1, 3, size, size]),
      after: new Tensor('float32', after, [1, 3, size, size]),
    });
    return {
      before: outputs.before_tokens.data as Float32Array,
      after: outputs.after_tokens.data as Float32Array,
      saliency: outputs.saliency.data as Float32Array,
      head: this.manifest.hasChangeHead ? headOf(outputs) : null,
    };
  }

  // Positions of the prompt that are run together. A graphics device is quickest with all of them.
  get promptRows(): number {
    return this.runtime?.backend === 'webgpu' ? WHOLE_PROMPT : PROMPT_ROWS;
  }

  private emptyCache(): Cache {
    if (this.decoder instanceof Language) return new Cache(0, []);
    const {Tensor} = this.ort;
    const {kvHeads, headSize} = this.manifest.language;
    return new Cache(0, this.cacheNames.map(() => new Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headSize])));
  }

  // The prompt's runs, of which the last one's logits count. `between` is waited for before each and may throw.
  async prompt(runs: DecoderInputs[], between: () => Promise<void>): Promise<{logits: Float32Array; cache: Cache}> {
    let so: {logits: Float32Array; cache: Cache} = {logits: new Float32Array(0), cache: this.emptyCache()};
    for (const run of runs) {
      try {
        await between();
        const {cache} = so;
        so = await this.decode(run, cache);
        cache.dispose();
      } catch (error) {
        so.cache.dispose();
        throw error;
      }
    }
    return so;
  }

  // Logits [asked, vocabulary] and the cache that has grown by the new positions. The old one may be grown again, which
  // ends what had grown from it before.
  async decode(inputs: DecoderInputs, cache: Cache): Promise<{logits: Float32Array; cache: Cache}> {
    const tokens = inputs.positions.length;
    const length = cache.length + tokens;
    if (this.decoder instanceof Language) return {logits: this.decoder.run(inputs, cache.length), cache: new Cache(length, [])};
    const {Tensor} = this.ort;
    const wide = (values: Int32Array) => BigInt64Array.from(values, BigInt);
    const feeds: Record<string, Ort.Tensor> = {
      inputs_embeds: new Tensor('float32', inputs.embeddings, [1, tokens, this.manifest.language.hiddenSize]),
      position_ids: new Tensor('int64', wide(inputs.positions), [1, tokens]),
      attention_bias: new Tensor('float32', inputs.bias, [tokens, length]),
      logits_positions: new Tensor('int64', wide(inputs.asked), [inputs.asked.length]),
    };
    this.cacheNames.forEach((name, i) => (feeds[`past_key_values.${name}`] = cache.tensors[i]));
    const outputs = await this.decoder.run(feeds);
    return {
      logits: outputs.logits.data as Float32Array,
      cache: new Cache(length, this.cacheNames.map((name) => outputs[`present.${name}`])),
    };
  }

  async release(): Promise<void> {
    await this.vision.release();
    if (this.decoder instanceof Language) this.decoder.free();
    else await this.decoder.release();
  }
}
