// A model on this machine: its files, its graphs, and the C++ session around them.
import type {Backend, BackendInfo, ModelInfo, Program} from '../protocol';
import {chooseBackend, runtimesFor, type Wish} from './backend';
import type {Core, ReadRow, Session} from './core';
import {Halted} from './failure';
import {parseManifest, type Manifest} from './manifest';
import {runtimeBinary, type Graphs} from './runtime';
import type {Store} from './store';

const MOST_NEW_TOKENS = 128; // as `ccx caption`
const NAMES: Record<Program, string> = {core: 'core', wasm: 'ONNX Runtime', webgpu: 'ONNX Runtime for WebGPU'};

// Where a model's programs come from.
export interface Programs {
  base: string; // the folder of the page
  bytes: Record<Program, number>; // as they are fetched; 0 for the core where the worker has it
  core(report: (have: number) => void): Promise<Core>;
}

export interface LoadEvents {
  // done of total bytes are here, fetched of them came over the network in this visit.
  progress(file: string, have: number, bytes: number, done: number, total: number, fetched: number): void;
  stopped(): boolean;
  stage(stage: 'download' | 'load' | 'test'): void;
}

export async function inspectModel(store: Store, url: string, wish: Wish): Promise<{manifest: Manifest; info: ModelInfo}> {
  const manifest = parseManifest(await store.text(url), url);
  let missing = 0;
  for (const file of manifest.files) missing += file.bytes - (await store.held(file));
  const {name, weights, quantize, target, totalBytes, image} = manifest;
  const runtimes = await runtimesFor(manifest, wish);
  return {manifest, info: {name, weights, bytes: totalBytes, missing, runtimes, quantize, target, imageSize: image.size}};
}

// Sums over the files, which arrive one after the other with the programs beside them.
class DownloadProgress {
  private readonly have = new Map<string, number>();
  private readonly kept = new Map<string, number>();

  constructor(private readonly total: number, private readonly events: LoadEvents) {}

  starts(file: string, kept: number, bytes: number): void {
    this.kept.set(file, kept);
    this.at(file, kept, bytes);
  }
  // Throws Halted where the download is no longer wanted.
  at(file: string, have: number, bytes: number): void {
    if (this.events.stopped()) throw new Halted();
    this.have.set(file, have);
    const sum = (map: Map<string, number>) => [...map.values()].reduce((a, b) => a + b, 0);
    const done = sum(this.have);
    this.events.progress(file, have, bytes, done, Math.max(this.total, done), Math.max(0, done - sum(this.kept)));
  }
}

export class Model {
  private constructor(
    readonly url: string,
    readonly manifest: Manifest,
    readonly graphs: Graphs,
    readonly backend: BackendInfo,
    readonly session: Session,
    readonly readRow: ReadRow,
    readonly runtimes: Backend[], // that were fetched for it
  ) {}

  static async load({base, bytes, ...programs}: Programs, store: Store, url: string, wish: Wish, events: LoadEvents): Promise<Model> {
    const {manifest, info: {runtimes}} = await inspectModel(store, url, wish);
    events.stage('download');
    const needed: Program[] = ['core', ...runtimes];
    const progress = new DownloadProgress(needed.reduce((sum, program) => sum + bytes[program], manifest.totalBytes), events);
    const arrives = (program: Program) => (have: number) => progress.at(NAMES[program], have, bytes[program]);
    const fetched = new Map<Backend, Promise<ArrayBuffer>>();
    // All of it, its script too.
    const whole = <T>(program: Program, coming: Promise<T>): Promise<T> => {
      const all = coming.then((it) => {
        if (bytes[program]) arrives(program)(bytes[program]);
        return it;
      });
      all.catch(() => undefined); // told where it is needed
      return all;
    };
    const binary = (backend: Backend) => {
      const known = fetched.get(backend) ?? whole(backend, runtimeBinary(base, backend, arrives(backend)));
      fetched.set(backend, known);
      return known;
    };
    const loading = whole('core', programs.core(arrives('core')));
    runtimes.forEach(binary);
    const files = new Map<string, ArrayBuffer>();
    for (const file of manifest.files) {
      progress.starts(file.name, await store.held(file), file.bytes);
      files.set(file.name, await store.get(new URL(file.name, url).href, file, (name, have, bytes) => progress.at(name, have, bytes)));
      progress.at(file.name, file.bytes, file.bytes);
    }
    const core = await loading;
    if (runtimes.includes('wasm')) await binary('wasm');
    if (runtimes.includes('webgpu')) await binary('webgpu').catch(() => undefined); // then the other one does
    if (events.stopped()) throw new Halted();
    events.stage('load');
    const text = (name: string) => new TextDecoder().decode(files.get(name));
    // Without one the end tokens of config.json count, as they do for the command.
    const generation = files.has('generation_config.json') ? 'generation_config.json' : 'config.json';
    const session = core.session(manifest.json, text('config.json'), text('tokenizer.json'), text(generation), MOST_NEW_TOKENS);
    // The rest of the files is the runtime's from here on; the table's rows are read one by one.
    const tables = new Map(manifest.embeddingFiles.map((name) => [name, files.get(name) as ArrayBuffer]));
    const readRow: ReadRow = (file, offset, bytes) => {
      const table = tables.get(file);
      return table && offset + bytes <= table.byteLength ? new Uint8Array(table, offset, bytes) : undefined;
    };
    try {
      const choice = await chooseBackend(base, core, wish, manifest, files, session, readRow as (file: string, offset: number, bytes: number) => Uint8Array, binary, () => events.stage('test'));
      return new Model(url, manifest, choice.graphs, choice.info, session, readRow, [...fetched.keys()]);
    } catch (error) {
      session.free();
      throw error;
    }
  }

  async release(): Promise<void> {
    await this.graphs.release();
    this.session.free();
  }
}
