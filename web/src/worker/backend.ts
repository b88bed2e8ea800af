// Which backend runs the model: WebGPU where the device is real and its numbers are those of WebAssembly, else
// WebAssembly with as many threads as the page may have.
import type {Backend, BackendInfo} from '../protocol';
import type {Core, Language, Session} from './core';
import type {Manifest} from './manifest';
import {openGraphs, Runtime, type Graphs} from './runtime';
import {languageOf, Sight} from './sight';

const MOST_THREADS = 8;
// Of the largest value: WebGPU sums in another order, and in float16 where the model does.
const TOLERANCE = 0.02;

export interface Choice {
  graphs: Graphs;
  info: BackendInfo;
}

export interface Wish {
  backend: string | null; // ?backend=
  threads: number | null; // ?threads=
}

// For which backends ONNX Runtime takes part, as far as the manifest tells. The core runs a model that it can compute; a graphics
// device is tested against whatever runs it otherwise.
export async function runtimesFor(manifest: Manifest, wish: Wish): Promise<Backend[]> {
  const needed: Backend[] = manifest.inCore ? [] : ['wasm'];
  return mayUseWebGpu(manifest, wish) && !(await whyNoWebGpu(wish.backend === 'webgpu')) ? [...needed, 'webgpu'] : needed;
}

function mayUseWebGpu(manifest: Manifest, wish: Wish): boolean {
  return wish.backend === 'webgpu' || (manifest.target === 'webgpu' && !wish.backend?.startsWith('wasm'));
}

function threadsFor(wish: Wish): {threads: number; note: string} {
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
  if (!globalThis.crossOriginIsolated) return {threads: 1, note: 'one thread: the server does not send the headers (COOP, COEP) that allow more'};
  if (wish.backend === 'wasm-1') return {threads: 1, note: 'one thread, as the address asks'};
  return {threads: Math.max(1, Math.min(wish.threads ?? cores, MOST_THREADS)), note: ''};
}

// Null for a real device, otherwise why it is not used.
async function whyNoWebGpu(evenSoftware: boolean): Promise<string | null> {
  const gpu = (navigator as unknown as {gpu?: {requestAdapter(): Promise<null | {isFallbackAdapter?: boolean; info?: Record<string, unknown>}>}}).gpu;
  if (!gpu) return 'this browser has no WebGPU';
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return 'there is no graphics device for WebGPU';
    const info = adapter.info ?? {};
    const words = ['vendor', 'architecture', 'device', 'description'].map((key) => String(info[key] ?? '')).join(' ');
    const software = adapter.isFallbackAdapter || info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(words);
    return software && !evenSoftware ? 'the graphics device is emulated in software' : null;
  } catch {
    return 'WebGPU does not start';
  }
}

function differ(a: Float32Array, b: Float32Array): boolean {
  let most = 0;
  let largest = 0;
  for (let i = 0; i < a.length; ++i) {
    largest = Math.max(largest, Math.abs(a[i]));
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= most)) most = difference; // NaN counts as a difference
  }
  return a.length !== b.length || !(most <= TOLERANCE * Math.max(largest, 1e-6));
}

// A whole pass over a pattern: the tokens of the vision graph, the prompt's logits and those of one token more.
async function probe(graphs: Graphs, manifest: Manifest, session: Session, read: (file: string, offset: number, bytes: number) => Uint8Array): Promise<Float32Array[]> {
  const count = 3 * manifest.image.size ** 2;
  const pattern = (phase: number) => Float32Array.from({length: count}, (_, i) => Math.sin(i * 0.013 + phase) * Math.cos(i * 0.00071 * (1 + phase)));
  const seen = await graphs.see(pattern(0), pattern(0.6));
  const first = await graphs.prompt(session.promptInputs(seen.before, seen.after, graphs.promptRows, read), async () => undefined);
  const second = await graphs.decode(session.tokenInputs(0, first.cache.length, read), first.cache);
  first.cache.dispose();
  second.cache.dispose();
  return [seen.before, seen.after, first.logits, second.logits].map((values) => values.slice());
}

// With what the core computes of it; nothing is left of that where the rest cannot be had.
async function openWithCore(core: Core, base: string, manifest: Manifest, files: Map<string, ArrayBuffer>, threads: number, load: () => Promise<Runtime>): Promise<Graphs> {
  const sight = Sight.open(core, base, manifest, files, threads);
  let language: Language | null = null;
  try {
    language = languageOf(core, manifest, files);
    return await openGraphs(manifest, files, sight, language, load);
  } catch (error) {
    sight?.release();
    language?.free();
    throw error;
  }
}

export async function chooseBackend(
  base: string, core: Core, wish: Wish, manifest: Manifest, files: Map<string, ArrayBuffer>, session: Session,
  read: (file: string, offset: number, bytes: number) => Uint8Array, binary: (backend: Backend) => Promise<ArrayBuffer>, testing: () => void,
): Promise<Choice> {
  const {threads, note} = threadsFor(wish);
  const load = (backend: Backend) => async () => Runtime.load(base, backend, threads, await binary(backend));
  const graphs = await openWithCore(core, base, manifest, files, threads, load('wasm'));
  const withWasm = (why: string): Choice => ({graphs, info: {backend: 'wasm', threads, note: [why, note].filter(Boolean).join('; ')}});

  const asked = wish.backend === 'webgpu';
  if (wish.backend?.startsWith('wasm')) return withWasm('');
  if (!mayUseWebGpu(manifest, wish)) return withWasm(manifest.quantize === 'int8' ? 'this model is made for WebAssembly' : '');
  const why = await whyNoWebGpu(asked);
  if (why) return withWasm(why);
  testing();
  let fast: Graphs | null = null;
  try {
    fast = await openGraphs(manifest, files, null, null, load('webgpu'));
    const [expected, found] = [await probe(graphs, manifest, session, read), await probe(fast, manifest, session, read)];
    if (expected.some((values, i) => differ(values, found[i]))) throw new Error('its results differ from those of WebAssembly');
  } catch (error) {
    await fast?.release().catch(() => undefined);
    return withWasm(`WebGPU failed its self-test: ${error instanceof Error ? error.message : String(error)}`);
  }
  await graphs.release();
  return {graphs: fast, info: {backend: 'webgpu', threads, note: 'verified against WebAssembly'}};
}
