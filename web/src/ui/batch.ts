// The results of a folder as a gallery: thumbnails, sentence, probability of change; filtered, and saved as JSON lines or
// as a table.
import type {CaptionResult, Failure, FoundPair} from '../protocol';
import {find, make, percent, saveFile, tell} from './dom';
import {overlayOf} from './outlines';

// New entries are shown together, so often: every time the browser lays the page out and paints it anew, on cores that the model wants.
export const SHOWN_EVERY_MS = 1000;

// Error codes that records know; the page has a few more of its own.
const RECORD_CODES = ['decode_image', 'missing_before', 'missing_after', 'too_large', 'out_of_memory'];

export interface Item {
  pair: FoundPair;
  line: string; // the record
  result: CaptionResult | null; // without its saliency; null where it failed
  failure: Failure | null;
}

export function errorRecord(pair: FoundPair, failure: Failure): string {
  const code = RECORD_CODES.includes(failure.code) ? failure.code : 'internal';
  return JSON.stringify({id: pair.id, before: pair.before || null, after: pair.after || null, error: {code, message: failure.message}});
}

export class Batch {
  private items: Item[] = [];
  private urls: string[] = [];
  private isSaved = true;
  private waiting: HTMLElement[] = []; // entries that are not shown yet
  private timer = 0;
  private readonly list = find('batch-items');

  // opened: a click on one of them; table: what the command writes of records as a table.
  constructor(private readonly opened: (item: Item) => void, table: (records: string[]) => Promise<string>) {
    find('batch-save').addEventListener('click', () => this.save('captions.jsonl', this.items.map(({line}) => `${line}\n`).join(''), 'application/jsonl'));
    const csv = find('batch-csv');
    csv.addEventListener('click', () => void tell(csv, async () => {
      this.save('captions.csv', await table(this.items.map(({line}) => line)), 'text/csv');
      return 'Saved';
    }));
    find('batch-filter').addEventListener('change', () => this.filter());
    find('batch-find').addEventListener('input', () => this.filter());
    addEventListener('beforeunload', (event) => {
      if (!this.isSaved) event.preventDefault(); // the browser asks before these captions are lost
    });
  }

  get hasUnsaved(): boolean {
    return !this.isSaved;
  }
  get count(): number {
    return this.items.length;
  }

  clear(): void {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
    this.items = [];
    this.waiting = [];
    this.isSaved = true;
    this.list.replaceChildren();
    find<HTMLSelectElement>('batch-filter').value = 'all';
    find<HTMLInputElement>('batch-find').value = '';
    this.filter();
  }

  // thumbs: both dates side by side.
  add(item: Item, thumbs: Blob | null): void {
    if (item.result) item = {...item, result: {...item.result, saliency: null}};
    this.items.push(item);
    this.isSaved = false;
    const {pair, result, failure} = item;
    const url = thumbs && URL.createObjectURL(thumbs);
    if (url) this.urls.push(url);
    const pictures = url ? ['before', 'after'].map((className) => make('img', {src: url, className, alt: '', loading: 'lazy', decoding: 'async'})) : [];
    const kind = failure ? 'failed' : result?.changed ? 'changed' : 'unchanged';
    const p = result?.pChange ?? null;
    const bar = make('span', {className: 'bar'}, make('i'));
    (bar.firstElementChild as HTMLElement).style.width = `${100 * (p ?? 0)}%`;
    const button = make('button', {type: 'button', className: kind},
      make('span', {className: 'thumbs'}, ...pictures.map((image, i) => make('span', {className: 'thumb'}, image, ...(i === 1 && result?.outlines?.shapes.length ? [overlayOf(result.outlines, result.size)] : [])))),
      make('span', {className: 'id', textContent: pair.id, title: pair.id}),
      make('span', {className: 'words', textContent: failure?.message ?? result?.caption ?? ''}),
      ...(p === null ? [] : [make('span', {className: 'p'}, bar, make('span', {textContent: `p(change) ${percent(p)}`}))]));
    button.addEventListener('click', () => this.opened(item));
    const entry = make('li', {}, button);
    entry.dataset.kind = kind;
    entry.dataset.text = `${pair.id} ${button.querySelector('.words')?.textContent}`.toLowerCase();
    this.waiting.push(entry);
    if (this.items.length === 1) this.show();
    else this.timer ||= setTimeout(() => this.show(), SHOWN_EVERY_MS);
  }

  // What was added since.
  show(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    const entries = this.waiting;
    this.waiting = [];
    this.list.append(...entries);
    this.filter(entries);
  }

  // Shows what is asked for, of all or of new ones.
  private filter(only?: HTMLElement[]): void {
    const kind = find<HTMLSelectElement>('batch-filter').value;
    const words = find<HTMLInputElement>('batch-find').value.trim().toLowerCase();
    const entries = only ?? ([...this.list.children] as HTMLElement[]);
    for (const entry of entries) entry.hidden = !((kind === 'all' || entry.dataset.kind === kind) && (entry.dataset.text ?? '').includes(words));
    const shown = this.list.querySelectorAll(':scope > :not([hidden])').length;
    find('batch-shown').textContent = this.items.length && shown < this.items.length ? `${shown} of ${this.items.length} shown` : '';
  }

  private save(name: string, content: string, type: string): void {
    saveFile(name, content, type);
    this.isSaved = true;
  }
}
