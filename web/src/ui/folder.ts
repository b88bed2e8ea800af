// A folder of pairs, captioned one after the other, with the lines that `ccx caption` would write. The pictures of the
// next pairs are read while the model is at work on one.
import {Stopped, WorkerFailure, type ModelClient, type Reader} from '../client';
import {isList, pictureOf, type NamedFile} from '../intake';
import type {Failure, FoundPair, FoundPairs, Loaded, Pixels} from '../protocol';
import {Batch, errorRecord, SHOWN_EVERY_MS, type Item} from './batch';
import {find} from './dom';

const AHEAD = 2; // pairs that are read before their turn
const THUMB_SIDE = 96;

type Read = {pixels: Pixels} | {failure: Failure};

export interface FolderEvents {
  // Makes the model ready, with what there is to see of it.
  load(model: string): Promise<Loaded>;
  model(): string; // the address of the one that is chosen
  opened(before: File | null, after: File | null, item: Item): void;
  running(now: boolean): void;
}

export class Folder {
  private halt: AbortController | null = null; // of the run that is going on
  private files = new Map<string, File>();
  private isCaptioning = false;
  private model = ''; // of the run: one file holds the captions of one model
  private keys = 0; // that pairs have had: no two of any run have the same
  private spare: Float32Array[] = []; // of pairs that are captioned, for those that come
  private readonly batch: Batch;
  private readonly input = find<HTMLInputElement>('folder');

  constructor(private readonly client: ModelClient, private readonly reader: Reader, private readonly events: FolderEvents) {
    this.batch = new Batch((item) => events.opened(this.files.get(item.pair.before) ?? null, this.files.get(item.pair.after) ?? null, item), reader.table);
    this.input.addEventListener('change', () => {
      const files = [...(this.input.files ?? [])].map((file) => ({path: file.webkitRelativePath || file.name, file}));
      this.input.value = '';
      if (files.length) void this.run(files);
    });
    find('batch-stop').addEventListener('click', () => this.stop());
  }

  get isRunning(): boolean {
    return this.halt !== null;
  }

  stop(): void {
    this.halt?.abort();
    this.client.haltLoad();
  }

  async run(files: NamedFile[], byList = false): Promise<void> {
    if (this.halt) return this.say('A folder is being captioned: stop it first.');
    if (this.batch.count && !this.isLossAccepted()) return;
    const halt = (this.halt = new AbortController());
    this.batch.clear();
    this.files = byPath(files);
    find('batch').hidden = false;
    for (const id of ['batch-save', 'batch-csv', 'batch-tools']) find(id).hidden = true;
    find('batch-stop').hidden = false;
    find('batch-notes').textContent = '';
    find<HTMLProgressElement>('batch-bar').value = 0;
    this.say('Looking for pairs');
    this.input.disabled = true;
    this.model = this.events.model();
    this.events.running(true);
    find('batch').scrollIntoView({block: 'nearest'});
    try {
      const {pairs, notes} = await this.find(byList);
      find('batch-notes').textContent = notes.join(' ');
      this.say(`${pairs.length} pairs. Getting the model ready`);
      await this.captionAll(pairs, halt.signal);
    } catch (error) {
      this.say(error instanceof Stopped ? 'Stopped.' : error instanceof Error ? error.message : String(error));
    } finally {
      this.halt = null;
      this.client.forget();
      this.spare = [];
      this.input.disabled = false;
      find('batch-stop').hidden = true;
      for (const id of ['batch-save', 'batch-csv', 'batch-tools']) find(id).hidden = this.batch.count === 0;
      this.events.running(false);
    }
  }

  // By names, as the command reads a folder; a list is read where one was given with its pictures, or where names say
  // nothing and there is one.
  private async find(byList: boolean): Promise<FoundPairs> {
    const names = [...this.files.keys()];
    const lists = names.filter(isList);
    const fromList = () => this.reader.list(names, lists[0], this.files.get(lists[0]) as File);
    if (byList) return fromList();
    try {
      return await this.reader.pairs(names);
    } catch (error) {
      if (lists.length !== 1 || !(error instanceof WorkerFailure) || error.failure.code !== 'input') throw error;
      return fromList();
    }
  }

  private isLossAccepted(): boolean {
    return !this.batch.hasUnsaved || confirm('The captions of the last folder have not been saved. Replace them?');
  }

  private say(text: string): void {
    find('batch-text').textContent = text;
  }

  private async captionAll(pairs: FoundPair[], signal: AbortSignal): Promise<void> {
    const {imageSize, backend} = await this.events.load(this.model);
    const began = performance.now();
    let failed = 0;
    const first = this.keys;
    this.keys += pairs.length;
    const ahead: Promise<Read>[] = [];
    let told = -Infinity;
    const tell = (done: number) => {
      if (performance.now() - told < SHOWN_EVERY_MS) return;
      told = performance.now();
      this.say(`${done} of ${pairs.length} pairs${failed ? `, ${failed} failed` : ''}${this.pace(began, done, pairs.length)}`);
      find<HTMLProgressElement>('batch-bar').value = done / pairs.length;
    };
    for (const [index, pair] of pairs.entries()) {
      tell(index);
      while (ahead.length <= AHEAD && index + ahead.length < pairs.length) ahead.push(this.read(pairs[index + ahead.length], imageSize));
      const reading = ahead.shift() as Promise<Read>;
      const next = backend.threads > 1 ? ahead[0] : undefined;
      const item = await this.captionOne(pair, first + index, reading, next, imageSize, signal);
      if (!item) break;
      failed += item.failure ? 1 : 0;
      find('batch-tools').hidden = false;
    }
    this.batch.show();
    find<HTMLProgressElement>('batch-bar').value = this.batch.count / Math.max(1, pairs.length);
    const seconds = (performance.now() - began) / 1000;
    const rate = this.batch.count > 1 ? `, ${(this.batch.count / seconds).toFixed(1)} pairs a second` : '';
    this.say(`${signal.aborted ? 'Stopped: ' : ''}${this.batch.count} of ${pairs.length} pairs${failed ? `, ${failed} failed` : ''}${rate}`);
  }

  private pace(began: number, done: number, all: number): string {
    if (done < 5) return '';
    const left = (((performance.now() - began) / done) * (all - done)) / 1000;
    return left < 90 ? `, ${Math.max(1, Math.round(left))} s left` : `, ${Math.round(left / 60)} min left`;
  }

  // Never rejects: a picture that cannot be read is a failed record.
  private async read(pair: FoundPair, size: number): Promise<Read> {
    const [before, after] = [this.files.get(pair.before), this.files.get(pair.after)];
    if (!before) return {failure: {code: 'missing_before', message: pair.missing || 'there is no such image'}};
    if (!after) return {failure: {code: 'missing_after', message: pair.missing || 'there is no such image'}};
    try {
      return {pixels: await this.reader.pixels(pictureOf(pair.before, before), pictureOf(pair.after, after), size, THUMB_SIDE, this.spare.splice(0, 2))};
    } catch (error) {
      return {failure: error instanceof WorkerFailure ? error.failure : {code: 'internal', message: error instanceof Error ? error.message : String(error)}};
    }
  }

  // The model's worker may look at a pair that is there while the one before is captioned.
  private show(read: Read, key: number): void {
    if ('pixels' in read && this.isCaptioning) this.client.ahead(this.model, key, read.pixels);
  }

  // Null where the run was stopped.
  private async captionOne(pair: FoundPair, key: number, reading: Promise<Read>, next: Promise<Read> | undefined, size: number, signal: AbortSignal): Promise<Item | null> {
    let read = await reading;
    for (;;) {
      if (signal.aborted) return null;
      if ('failure' in read) return this.add({pair, line: errorRecord(pair, read.failure), result: null, failure: read.failure}, null);
      const {pixels} = read;
      try {
        if (!this.client.has(this.model)) await this.events.load(this.model); // a new worker loads it anew
        this.isCaptioning = true;
        const captioning = this.client.caption({model: this.model, key, id: pair.id, before: pair.before, after: pair.after, pixels}, {signal});
        void next?.then((coming) => this.show(coming, key + 1));
        const result = await captioning.finally(() => (this.isCaptioning = false));
        if (result.stopped) return null;
        this.spare.push(...[pixels.before, pixels.after].filter(({buffer}) => !(buffer instanceof ArrayBuffer))); // both workers are done with them
        return this.add({pair, line: result.record, result, failure: null}, pixels.thumbs);
      } catch (error) {
        if (error instanceof Stopped) {
          if (signal.aborted) return null;
          read = await this.read(pair, size); // the worker had to go for another question: this pair has its turn again
          continue;
        }
        if (!(error instanceof WorkerFailure)) throw error;
        return this.add({pair, line: errorRecord(pair, error.failure), result: null, failure: error.failure}, pixels.thumbs);
      }
    }
  }

  private add(item: Item, thumbs: Blob | null): Item {
    this.batch.add(item, thumbs);
    return item;
  }
}

// Files by their path below the folder that all of them are in.
function byPath(files: NamedFile[]): Map<string, File> {
  const first = (path: string) => path.split('/')[0];
  const inOne = files.every(({path}) => path.includes('/') && first(path) === first(files[0].path));
  return new Map(files.map(({path, file}) => [inOne ? path.split('/').slice(1).join('/') : path, file]));
}
