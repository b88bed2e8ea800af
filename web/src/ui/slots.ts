// The two places for images, each previewed as soon as it is there, as the model will see it.
import {Stopped, WorkerFailure, type Reader} from '../client';
import {dropped, meantBy, pictureOf, type NamedFile} from '../intake';
import type {Look, Picture} from '../protocol';
import {draw, find} from './dom';

export type Side = 'before' | 'after';

interface Place {
  picture: Picture | null;
  look: Look | null; // null until it has been opened
  error: string;
  isOurs: boolean; // the error: the picture may be good, and another try may open it
}

const HINT = 'Drop, paste or choose an image';
const PREVIEW_SIDE = 1024;
const SIDES = ['before', 'after'] as const;
const other = (side: Side): Side => (side === 'before' ? 'after' : 'before');
const empty = (): Place => ({picture: null, look: null, error: '', isOurs: false});

export interface SlotEvents {
  changed(): void; // other pictures than before
  opened(): void; // one of them has been opened, or could not be
  refused(message: string): void;
  folder(files: NamedFile[], byList: boolean): void;
}

export class Slots {
  private readonly places: Record<Side, Place> = {before: empty(), after: empty()};
  private last: Side = 'after'; // which was filled last: a paste goes to the other
  note = ''; // what was guessed about the two

  constructor(private readonly reader: Reader, private readonly events: SlotEvents) {
    for (const side of SIDES) this.connect(side);
    find('swap').addEventListener('click', () => this.swap());
    document.addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])].map((file) => ({path: file.name, file}));
      if (!files.length || (event.target instanceof HTMLInputElement && event.target.type === 'url')) return;
      event.preventDefault();
      void this.take(null, files, false);
    });
    // Anywhere on the page is a place to drop.
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      this.drop(null, event);
    });
  }

  get(side: Side): Picture | null {
    return this.places[side].picture;
  }
  look(side: Side): Look | null {
    return this.places[side].look;
  }
  error(side: Side): string {
    return this.places[side].error;
  }

  set(before: Picture | null, after: Picture | null, note = ''): void {
    this.put('before', before);
    this.put('after', after);
    this.last = 'after';
    this.note = note;
    this.show();
    this.events.changed();
  }

  // Opens anew what could not be opened for reasons that are not the picture's.
  reopen(): void {
    for (const side of SIDES) if (this.places[side].isOurs) this.put(side, this.places[side].picture);
  }

  mark(side: Side | null): void {
    for (const each of SIDES) find(`slot-${each}`).classList.toggle('bad', each === side || this.places[each].error !== '');
  }

  private swap(): void {
    const {before, after} = this.places;
    this.places.before = after;
    this.places.after = before;
    this.note = '';
    this.show();
    this.events.changed();
  }

  private connect(side: Side): void {
    const slot = find(`slot-${side}`);
    const input = find<HTMLInputElement>(`file-${side}`);
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])].map((file) => ({path: file.name, file}));
      input.value = ''; // the same file can be chosen again
      if (files.length) void this.take(side, files, false);
    });
    slot.querySelector('.clear')?.addEventListener('click', () => {
      this.put(side, null);
      this.note = '';
      this.show();
      this.events.changed();
      input.focus();
    });
    slot.addEventListener('dragover', () => slot.classList.add('over'));
    slot.addEventListener('dragleave', () => slot.classList.remove('over'));
    slot.addEventListener('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.drop(side, event);
    });
  }

  private drop(side: Side | null, event: DragEvent): void {
    for (const each of SIDES) find(`slot-${each}`).classList.remove('over');
    const {files, hasFolder} = dropped(event.dataTransfer);
    void files.then(
      (list) => this.take(side, list, hasFolder),
      () => this.events.refused('That folder cannot be read.'));
  }

  // side: the place that was meant; null where none was.
  private async take(side: Side | null, files: NamedFile[], hasFolder: boolean): Promise<void> {
    try {
      const meant = await meantBy(this.reader, files, hasFolder);
      if (meant.kind === 'nothing') return this.events.refused(meant.message);
      if (meant.kind === 'folder') return this.events.folder(meant.files, meant.byList);
      if (meant.kind === 'pair') return this.set(pictureOf(meant.before.name, meant.before), pictureOf(meant.after.name, meant.after), meant.note);
      const to = side ?? this.next();
      this.put(to, pictureOf(meant.file.name, meant.file));
      this.last = to;
      this.note = '';
      this.show();
      this.events.changed();
    } catch (error) {
      this.events.refused(error instanceof Error ? error.message : String(error));
    }
  }

  // Where a picture goes that was dropped or pasted anywhere: the empty place, else the one that is older.
  private next(): Side {
    if (!this.places.before.picture) return 'before';
    return this.places.after.picture ? other(this.last) : 'after';
  }

  private put(side: Side, picture: Picture | null): void {
    this.places[side].look?.preview.close();
    const place: Place = {...empty(), picture};
    this.places[side] = place;
    if (picture) void this.open(place, picture);
  }

  private async open(place: Place, picture: Picture): Promise<void> {
    try {
      place.look = await this.reader.look(picture, PREVIEW_SIDE);
    } catch (error) {
      if (error instanceof Stopped) return;
      place.error = error instanceof Error ? error.message : String(error);
      place.isOurs = error instanceof WorkerFailure && ['network', 'internal', 'out_of_memory'].includes(error.failure.code);
    }
    if (!SIDES.some((side) => this.places[side] === place)) return place.look?.preview.close();
    this.show();
    this.events.opened();
  }

  private show(): void {
    this.mark(null);
    for (const side of SIDES) {
      const slot = find(`slot-${side}`);
      const {picture, look, error} = this.places[side];
      slot.classList.toggle('filled', picture !== null);
      find(`hint-${side}`).textContent = picture?.name ?? HINT;
      const about = look ? [`${look.width} x ${look.height}`, ...look.notes].join(', ') : error ? 'cannot be opened' : picture ? 'opening' : '';
      find(`about-${side}`).textContent = about;
      const thumb = find<HTMLCanvasElement>(`thumb-${side}`);
      thumb.hidden = !look;
      if (look) draw(thumb, look.preview, 160);
      (slot.querySelector('.clear') as HTMLElement).hidden = picture === null;
    }
    find<HTMLButtonElement>('swap').disabled = !this.places.before.picture && !this.places.after.picture;
  }
}
