// The two workers: one runs the model, one reads pictures beside it.
import {Link, type AskOptions} from './link';
import {movable, type CaptionAsk, type CaptionResult, type FoundPairs, type Loaded, type Look, type ModelInfo, type ModelRequest, type Picture, type Pixels, type Progress, type ReaderRequest, type Start, type Warning} from './protocol';

export {Stopped, WorkerFailure} from './link';

export class ModelClient extends Link<ModelRequest> {
  private loaded: {manifest: string; by: object | null} | null = null;
  private loading: {manifest: string; answer: Promise<Loaded>; halt: AbortController} | null = null;

  constructor(start: Start, private readonly listen: (event: Progress) => void) {
    super(start, () => new Worker(new URL('./worker/worker.ts', import.meta.url), {type: 'module'}));
  }

  inspect = (manifest: string) => this.ask<ModelInfo>({type: 'inspect', manifest});
  stored = () => this.ask<{bytes: number; keeps: boolean}>({type: 'stored'});
  clear = () => this.ask<void>({type: 'clear'});
  // Shows the pair that comes next, which a second thread may look at. The worker need not.
  ahead = (model: string, key: number, {before, after}: Pixels) =>
    void this.ask<void>({type: 'ahead', model, key, before, after}).catch(() => undefined);
  // Lets go of what was made of such pairs.
  forget(): void {
    if (this.hasWorker) void this.ask<void>({type: 'forget'}).catch(() => undefined);
  }
  caption = (pair: Omit<CaptionAsk, 'isFollowed' | 'key'> & {key?: number}, options: AskOptions) =>
    this.ask<CaptionResult>({type: 'caption', pair: {key: null, ...pair, isFollowed: options.listen !== undefined}}, {...options, transfer: movable(pair.pixels)});

  // Downloads and loads a model, unless that is what the worker has. Two that ask for one model share it.
  load(manifest: string): Promise<Loaded> {
    if (this.loading?.manifest === manifest) return this.loading.answer;
    const halt = new AbortController();
    const answer = this.ask<Loaded>({type: 'load', manifest}, {listen: this.listen, signal: halt.signal});
    const loading = {manifest, answer, halt};
    this.loading = loading;
    const over = () => {
      if (this.loading === loading) this.loading = null;
    };
    answer.then(() => (this.loaded = {manifest, by: this.present}), () => undefined);
    answer.then(over, over);
    return answer;
  }

  // The worker has this model and no other: nothing is to be waited for, nor to be shown.
  has(manifest: string): boolean {
    return this.present !== null && this.loaded?.by === this.present && this.loaded.manifest === manifest && this.loading === null;
  }

  // Ends a download; what has arrived is kept.
  haltLoad(): void {
    this.loading?.halt.abort();
    this.loading = null;
  }
}

export class Reader extends Link<ReaderRequest> {
  constructor(start: Start) {
    super(start, () => new Worker(new URL('./worker/reader.ts', import.meta.url), {type: 'module'}));
  }

  look = (picture: Picture, side: number) => this.ask<Look>({type: 'look', picture, side});
  check = (before: Picture, after: Picture, size: number) => this.ask<Warning[]>({type: 'check', before, after, size});
  pixels = (before: Picture, after: Picture, size: number, thumbs = 0, spare: Float32Array[] = []) => this.ask<Pixels>({type: 'pixels', before, after, size, thumbs, spare});
  table = (records: string[]) => this.ask<string>({type: 'table', records});
  pairs = (names: string[]) => this.ask<FoundPairs>({type: 'pairs', names});
  list = (names: string[], list: string, blob: Blob) => this.ask<FoundPairs>({type: 'list', names, list, blob});
}
