// A model on this machine: its files, its graphs, and the C++ session around them.
import type {BackendInfo, ModelInfo} from '../protocol';
import {chooseBackend, type Wish} from './backend';
import type {Core, ReadRow, Session} from './core';
import {parseManifest, type Manifest} from './manifest';
import type {Graphs} from './runtime';
import type {Store} from './store';

const MOST_NEW_TOKENS = 128; // as `ccx caption`

export interface LoadEvents {
  progress(file: string, have: number, bytes: number, done: number, total: number): void;
  stage(stage: 'download' | 'load' | 'test'): void;
}

export async function inspectModel(store: Store, url: string): Promise<{manifest: Manifest; info: ModelInfo}> {
  const manifest = parseManifest(await store.text(url), url);
  let missing = 0;
  for (const file of manifest.files) missing += file.bytes - (await store.held(file));
  const {name, quantize, target, totalBytes, image} = manifest;
  return {manifest, info: {name, bytes: totalBytes, missing, quantize, target, imageSize: image.size}};
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

  static async load(base: string, core: Core, store: Store, url: string, wish: Wish, events: LoadEvents): Promise<Model> {
    const {manifest} = await inspectModel(store, url);
    events.stage('download');
    const files = new Map<string, ArrayBuffer>();
    let done = 0;
    for (const file of manifest.files) {
      const before = done;
      const report = (name: string, have: number, bytes: number) => events.progress(name, have, bytes, before + have, manifest.totalBytes);
      report(file.name, await store.held(file), file.bytes);
      files.set(file.name, await store.get(new URL(file.name, url).href, file, report));
      done += file.bytes;
      report(file.name, file.bytes, file.bytes);
    }
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
      const choice = await chooseBackend(base, wish, manifest, files, session, readRow as (file: string, offset: number, bytes: number) => Uint8Array, () => events.stage('test'));
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
