// A model on this machine: its files, its graphs, and the C++ session around them.
import type {BackendInfo, ModelInfo} from '../protocol';
import {chooseBackend, needsRuntime, type Wish} from './backend';
import type {Core, ReadRow, Session} from './core';
import {Halted} from './failure';
import {parseManifest, type Manifest} from './manifest';
import {runtimeBinary, type Graphs} from './runtime';
import type {Store} from './store';

const MOST_NEW_TOKENS = 128; // as `ccx caption`
const RUNTIME = 'ONNX Runtime';

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
  const {name, weights, quantize, target, totalBytes, image, minPChange} = manifest;
  return {manifest, info: {name, weights, bytes: totalBytes, missing, needsRuntime: needsRuntime(manifest, wish), quantize, target, imageSize: image.size, minPChange}};
}

// Sums over the files, which arrive one after the other with the runtime beside them.
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
  ) {}

  static async load(base: string, loading: Promise<Core>, store: Store, url: string, wish: Wish, runtimeBytes: number, events: LoadEvents): Promise<Model> {
    const {manifest, info: {needsRuntime}} = await inspectModel(store, url, wish);
    events.stage('download');
    const progress = new DownloadProgress(manifest.totalBytes + (needsRuntime ? runtimeBytes : 0), events);
    let fetched: Promise<ArrayBuffer> | null = null;
    const binary = () => (fetched ??= runtimeBinary(base, 'wasm', (have) => progress.at(RUNTIME, have, runtimeBytes)));
    if (needsRuntime) binary().catch(() => undefined); // told where it is needed
    const files = new Map<string, ArrayBuffer>();
    for (const file of manifest.files) {
      progress.starts(file.name, await store.held(file), file.bytes);
      files.set(file.name, await store.get(new URL(file.name, url).href, file, (name, have, bytes) => progress.at(name, have, bytes)));
      progress.at(file.name, file.bytes, file.bytes);
    }
    if (needsRuntime) await binary();
    const core = await loading;
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
      return new Model(url, manifest, choice.graphs, choice.info, session, readRow);
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
