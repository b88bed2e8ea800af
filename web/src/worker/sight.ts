// How the core sees a pair and speaks of it, where it can compute the graphs of a model. Of the pair it sees one image here, the other one beside it in a worker
// of its own, where the page may use a second thread.
import type {Core, FeatureMap, Language, Seen, Vision} from './core';
import type {Manifest} from './manifest';

// What the other worker (looker.ts) is told first, and what it answers.
export interface LookerStart {
  base: string;
  config: string;
  graph: Uint8Array<ArrayBuffer>;
  files: Map<string, ArrayBuffer>;
}
export type LookerReply = {maps: FeatureMap[]} | {failed: string};

// The weights' bytes.
export function readerOf(files: Map<string, ArrayBuffer>): (file: string, offset: number, bytes: number) => Uint8Array | undefined {
  return (file, offset, bytes) => {
    const data = files.get(file);
    return data && offset + bytes <= data.byteLength ? new Uint8Array(data, offset, bytes) : undefined;
  };
}

// The other worker. One image at a time.
class Looker {
  private readonly worker = new Worker(new URL('./looker.ts', import.meta.url), {type: 'module'});

  constructor(start: LookerStart) {
    this.worker.postMessage(start);
  }
  look(image: Float32Array): Promise<FeatureMap[]> {
    return new Promise((give, fail) => {
      this.worker.onmessage = ({data}: MessageEvent<LookerReply>) => ('maps' in data ? give(data.maps) : fail(new Error(data.failed)));
      this.worker.onerror = () => fail(new Error('the second worker ended'));
      this.worker.postMessage(image);
    });
  }
  end(): void {
    this.worker.terminate();
  }
}

const filesOf = (names: string[], files: Map<string, ArrayBuffer>) => new Map(names.map((name) => [name, files.get(name) as ArrayBuffer]));
const configOf = (files: Map<string, ArrayBuffer>) => new TextDecoder().decode(files.get('config.json'));
const graphOf = (name: string, files: Map<string, ArrayBuffer>) => new Uint8Array(files.get(name) as ArrayBuffer);

// Null for a model that the runtime must speak for.
export function languageOf(core: Core, {decoder}: Manifest, files: Map<string, ArrayBuffer>): Language | null {
  return core.language(configOf(files), graphOf(decoder.file, files), readerOf(filesOf(decoder.data, files)));
}

export class Sight {
  private constructor(private readonly vision: Vision, private looker: Looker | null) {}

  // Null for a model that the runtime must see for.
  static open(core: Core, base: string, manifest: Manifest, files: Map<string, ArrayBuffer>, threads: number): Sight | null {
    const config = configOf(files);
    const graph = graphOf(manifest.vision.file, files);
    const own = filesOf(manifest.vision.data, files);
    const vision = core.vision(config, graph, readerOf(own));
    if (!vision) return null;
    return new Sight(vision, threads > 1 ? new Looker({base, config, graph, files: own}) : null);
  }

  // before, after: [3, size, size]
  async see(before: Float32Array, after: Float32Array): Promise<Seen> {
    const beside = this.looker?.look(before).catch(() => {
      this.looker?.end(); // this worker can do it all
      this.looker = null;
      return null;
    });
    const second = this.vision.look(after);
    const first = (await beside) ?? this.vision.look(before);
    return this.vision.compare(first, second);
  }

  release(): void {
    this.looker?.end();
    this.vision.free();
  }
}
