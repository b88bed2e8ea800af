// The two places for images: filled by dropping, pasting or choosing a file, or by an example.
import type {Picture} from '../protocol';
import {find} from './dom';

export type Side = 'before' | 'after';

const HINT = 'Drop, paste or choose an image';
const other = (side: Side): Side => (side === 'before' ? 'after' : 'before');

export class Slots {
  private readonly pictures: Record<Side, Picture | null> = {before: null, after: null};
  private last: Side = 'after'; // which was filled last: a paste goes to the other

  // `changed` is called when an image comes or goes; `refused` with what a person dropped that is no image.
  constructor(private readonly changed: () => void, private readonly refused: (message: string) => void) {
    for (const side of ['before', 'after'] as const) this.connect(side);
    find('swap').addEventListener('click', () => {
      this.set('both', this.pictures.after, this.pictures.before);
    });
    document.addEventListener('paste', (event) => {
      const file = [...(event.clipboardData?.files ?? [])][0];
      if (!file || (event.target instanceof HTMLInputElement && event.target.type === 'url')) return;
      event.preventDefault();
      this.take(this.pictures.before && !this.pictures.after ? 'after' : this.pictures.before ? other(this.last) : 'before', [file]);
    });
    // A file that misses a slot must not replace the page.
    for (const type of ['dragover', 'drop']) document.addEventListener(type, (event) => event.preventDefault());
  }

  get(side: Side): Picture | null {
    return this.pictures[side];
  }

  set(_both: 'both', before: Picture | null, after: Picture | null): void {
    this.pictures.before = before;
    this.pictures.after = after;
    this.show();
  }

  mark(side: Side | null): void {
    for (const each of ['before', 'after'] as const) find(`slot-${each}`).classList.toggle('bad', each === side);
  }

  private connect(side: Side): void {
    const slot = find(`slot-${side}`);
    const input = find<HTMLInputElement>(`file-${side}`);
    input.addEventListener('change', () => {
      if (input.files?.length) this.take(side, [...input.files]);
      input.value = ''; // the same file can be chosen again
    });
    slot.querySelector('.clear')?.addEventListener('click', () => {
      this.pictures[side] = null;
      this.show();
      input.focus();
    });
    slot.addEventListener('dragover', () => slot.classList.add('over'));
    slot.addEventListener('dragleave', () => slot.classList.remove('over'));
    slot.addEventListener('drop', (event) => {
      event.preventDefault();
      event.stopPropagation();
      slot.classList.remove('over');
      this.take(side, [...(event.dataTransfer?.files ?? [])]);
    });
  }

  // Two files at once fill both places, the first one this side's.
  private take(side: Side, files: File[]): void {
    if (files.length === 0) return this.refused('That was no file. Drop an image file from your computer.');
    const picture = (file: File): Picture => ({name: file.name || 'pasted image', blob: file});
    this.pictures[side] = picture(files[0]);
    this.last = side;
    if (files.length > 1) this.pictures[other(side)] = picture(files[1]);
    this.show();
  }

  private show(): void {
    this.mark(null);
    for (const side of ['before', 'after'] as const) {
      const slot = find(`slot-${side}`);
      const picture = this.pictures[side];
      slot.classList.toggle('filled', picture !== null);
      find(`hint-${side}`).textContent = picture?.name ?? HINT;
      (slot.querySelector('.clear') as HTMLElement).hidden = picture === null;
    }
    find<HTMLButtonElement>('swap').disabled = !this.pictures.before && !this.pictures.after;
    this.changed();
  }
}
