// A folder of pairs, captioned one after the other, with the lines that `ccx caption` would write.
import {Stopped, WorkerFailure, type Client} from '../client';
import type {Failure, FoundPair} from '../protocol';
import {find, make, saveFile} from './dom';

// Error codes that records know; the page has a few more of its own.
const RECORD_CODES = ['decode_image', 'missing_before', 'missing_after', 'too_large', 'out_of_memory'];

function errorRecord(pair: FoundPair, failure: Failure): string {
  const code = RECORD_CODES.includes(failure.code) ? failure.code : 'internal';
  return JSON.stringify({id: pair.id, before: pair.before || null, after: pair.after || null, error: {code, message: failure.message}});
}

export class Folder {
  private lines: string[] = [];
  private stopped = false;
  private readonly input = find<HTMLInputElement>('folder');

  // `prepare` makes the model ready and claims the worker; it gives what releases it, or null where it is not to be had.
  // `reload` makes the model ready again after a pair that took the worker down with it.
  constructor(private readonly client: Client, private readonly prepare: () => Promise<(() => void) | null>, private readonly reload: () => Promise<unknown>) {
    this.input.addEventListener('change', () => {
      const files = [...(this.input.files ?? [])];
      this.input.value = '';
      if (files.length) void this.run(files);
    });
    find('batch-stop').addEventListener('click', () => {
      this.stopped = true;
      this.client.stop();
    });
    find('batch-save').addEventListener('click', () => saveFile('captions.jsonl', this.lines.map((line) => `${line}\n`).join(''), 'application/jsonl'));
  }

  private say(text: string): void {
    find('batch-text').textContent = text;
  }

  private async run(files: File[]): Promise<void> {
    this.lines = [];
    this.stopped = false;
    find('batch').hidden = false;
    find('batch-rows').replaceChildren();
    find('batch-save').hidden = true;
    find('batch-stop').hidden = false;
    find<HTMLProgressElement>('batch-bar').value = 0;
    this.say('Looking for pairs');
    let done: (() => void) | null = null;
    try {
      // The folder's own name stands in front of every path.
      const byName = new Map(files.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]));
      const {pairs} = await this.client.pairs([...byName.keys()]);
      done = await this.prepare();
      if (!done) return this.say('Another caption is being written; choose the folder again when it is done.');
      await this.captionAll(pairs, byName);
    } catch (error) {
      if (!(error instanceof Stopped)) this.say(error instanceof Error ? error.message : String(error));
    } finally {
      done?.();
      find('batch-stop').hidden = true;
      find('batch-save').hidden = this.lines.length === 0;
    }
  }

  private async captionAll(pairs: FoundPair[], byName: Map<string, File>): Promise<void> {
    const began = performance.now();
    let failed = 0;
    for (const [index, pair] of pairs.entries()) {
      if (this.stopped) break;
      this.say(`${index} of ${pairs.length} pairs${failed ? `, ${failed} failed` : ''}`);
      try {
        this.lines.push(await this.captionOne(pair, byName));
      } catch (error) {
        if (error instanceof Stopped || this.stopped) break;
        if (!(error instanceof WorkerFailure)) throw error;
        ++failed;
        this.lines.push(errorRecord(pair, error.failure));
        this.row(pair.id, error.failure.message, true);
        if (!this.client.alive) await this.reload();
      }
      find<HTMLProgressElement>('batch-bar').value = (index + 1) / pairs.length;
    }
    const seconds = (performance.now() - began) / 1000;
    const rate = this.lines.length > 1 ? `, ${(this.lines.length / seconds).toFixed(1)} pairs a second` : '';
    this.say(`${this.stopped ? 'Stopped: ' : ''}${this.lines.length} of ${pairs.length} pairs${failed ? `, ${failed} failed` : ''}${rate}`);
  }

  private async captionOne(pair: FoundPair, byName: Map<string, File>): Promise<string> {
    const [before, after] = [byName.get(pair.before), byName.get(pair.after)];
    if (!before) throw new WorkerFailure({code: 'missing_before', message: 'there is no image of before for this pair'});
    if (!after) throw new WorkerFailure({code: 'missing_after', message: 'there is no image of after for this pair'});
    const result = await this.client.caption({id: pair.id, before: {name: pair.before, blob: before}, after: {name: pair.after, blob: after}});
    if (result.stopped) throw new Stopped();
    this.row(pair.id, result.caption, false);
    return result.record;
  }

  private row(id: string, text: string, bad: boolean): void {
    find('batch-rows').append(make('tr', {className: bad ? 'bad' : ''}, make('td', {textContent: id, title: id}), make('td', {textContent: text})));
  }
}
