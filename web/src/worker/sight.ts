// How the core sees a pair and speaks of it, where it can compute the graphs of a model. Of the pair it sees one image here, the other one beside it in a worker
// of its own, where the page may use a second thread; of many pairs that worker looks at both images of the next one while this one compares and speaks.
// Of the default model's work that is half.
import type {Core, FeatureMap, Language, Seen, Vision} from './core';
import type {Manifest} from './manifest';

// What the other worker (looker.ts) is told first, and what it answers.
export interface LookerStart {
  base: string;
  config: string;
  graph: Uint8Array<ArrayBuffer>;
  files: Map<string, ArrayBuffer>;
}
// Then it gets images, of which it gives the tower's maps and the milliseconds that they took. Arrays of maps that are no longer
// needed come with them, to be filled anew: 3 MB a pair that nobody has to find and to collect.
export interface LookerAsk {
  images: Float32Array[];
  spare: FeatureMap['pixels'][];
}
export interface Looked {
  maps: FeatureMap[][];
  ms: number;
}
export type LookerReply = Looked | {failed: string};

const MOST_COMING = 2; // the pair whose turn it is, and the next

// The weights' bytes.
export function readerOf(files: Map<string, ArrayBuffer>): (file: string, offset: number, bytes: number) => Uint8Array | undefined {
  return (file, offset, bytes) => {
    const data = files.get(file);
    return data && offset + bytes <= data.byteLength ? new Uint8Array(data, offset, bytes) : undefined;
  };
}

// The other worker. It answers in the order in which it was asked.
class Looker {
  private readonly worker = new Worker(new URL('./looker.ts', import.meta.url), {type: 'module'});
  private asked: {give(reply: LookerReply): void; fail(error: Error): void}[] = [];
  private spare: FeatureMap['pixels'][] = [];
  private hasEnded = false;

  constructor(start: LookerStart) {
    this.worker.onmessage = ({data}: MessageEvent<LookerReply>) => this.asked.shift()?.give(data);
    this.worker.onerror = (event) => {
      event.preventDefault(); // or it would count as this worker's own error
      this.end();
    };
    this.worker.postMessage(start);
  }
  get isBusy(): boolean {
    return this.asked.length > 0;
  }
  async look(images: Float32Array[]): Promise<Looked> {
    if (this.hasEnded) throw new Error('the second worker has ended');
    const reply = await new Promise<LookerReply>((give, fail) => {
      this.asked.push({give, fail});
      const spare = this.spare.splice(0);
      this.worker.postMessage({images, spare} satisfies LookerAsk, spare.map(({buffer}) => buffer));
    });
    if ('failed' in reply) throw new Error(reply.failed);
    return reply;
  }
  // What it gave of a pair is no longer needed.
  giveBack({maps}: Looked): void {
    this.spare = maps.flat().map(({pixels}) => pixels);
  }
  end(): void {
    this.hasEnded = true;
    this.worker.terminate();
    for (const {fail} of this.asked.splice(0)) fail(new Error('the second worker ended'));
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
  private readonly coming = new Map<number, Promise<Looked | null>>(); // what is looked at ahead, by key; keys grow

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

  // This worker can do it all.
  private readonly alone = (): null => {
    this.looker?.end();
    this.looker = null;
    return null;
  };

  // The other worker looks at a pair while the model compares and speaks of the one before here.
  ahead(key: number, before: Float32Array, after: Float32Array): void {
    const {looker} = this;
    if (looker && this.coming.size < MOST_COMING) this.coming.set(key, looker.look([before, after]).catch(this.alone));
  }

  // No pair that was shown ahead will have its turn.
  forget(): void {
    this.coming.clear();
  }

  // before, after: [3, size, size]; key: of a pair that may have been looked at ahead
  async see(before: Float32Array, after: Float32Array, key: number | null): Promise<Seen> {
    const known = key === null ? undefined : this.coming.get(key);
    for (const other of [...this.coming.keys()]) if (key === null || other <= key) this.coming.delete(other);
    const looked = await known;
    if (looked) {
      const began = performance.now();
      const seen = this.vision.compare(looked.maps[0], looked.maps[1]);
      this.looker?.giveBack(looked);
      return {...seen, ms: looked.ms + performance.now() - began};
    }
    const beside = this.looker?.isBusy ? null : this.looker?.look([before]).catch(this.alone);
    const second = this.vision.look(after);
    const first = (await beside)?.maps[0] ?? this.vision.look(before);
    return this.vision.compare(first, second);
  }

  release(): void {
    this.looker?.end();
    this.vision.free();
  }
}
