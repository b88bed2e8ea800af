// What a person meant by the files that were dropped, pasted or chosen: one picture, a pair, or a folder. Which of two
// is the earlier one is decided by the command's rules of names (the reader asks the C++ core).
import {WorkerFailure, type Reader} from './client';
import type {Picture} from './protocol';

export interface NamedFile {
  path: string; // relative to what was dropped
  file: File;
}

export type Meant =
  | {kind: 'one'; file: File}
  | {kind: 'pair'; before: File; after: File; note: string}
  | {kind: 'folder'; files: NamedFile[]; byList: boolean} // byList: a list among them says what belongs together
  | {kind: 'nothing'; message: string};

// Forms of lists that the command reads; what is in one decides, its name only says that it may be one.
export const isList = (name: string): boolean => /\.(json|jsonl|ndjson|csv|tsv|txt)$/i.test(name);
const isText = (name: string): boolean => /\.txt$/i.test(name); // which may be anything

let nextKey = 0;

export function pictureOf(name: string, blob: Blob): Picture {
  return {key: nextKey++, name: name || 'pasted image', blob};
}

async function filesUnder(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    return [{path: entry.fullPath.replace(/^\//, ''), file}];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed)); // at most 100 at once
    if (!some.length) return found;
    for (const each of some) found.push(...(await filesUnder(each)));
  }
}

// The files of a drop, folders opened. To be called before the event is over.
export function dropped(transfer: DataTransfer | null): {files: Promise<NamedFile[]>; hasFolder: boolean} {
  const entries = [...(transfer?.items ?? [])].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry?.() ?? null] : []));
  const plain = [...(transfer?.files ?? [])].map((file) => ({path: file.name, file}));
  const hasFolder = entries.some((entry) => entry?.isDirectory);
  if (!hasFolder) return {files: Promise.resolve(plain), hasFolder};
  const all = Promise.all(entries.map((entry) => (entry ? filesUnder(entry) : [])));
  return {files: all.then((lists) => lists.flat()), hasFolder};
}

async function pairByName(reader: Reader, files: NamedFile[]): Promise<Meant> {
  const [first, second] = files.map(({file}) => file);
  const inOrder = (note: string): Meant => ({kind: 'pair', before: first, after: second, note});
  if (first.name === second.name) return inOrder('Both have one name: they are taken in the order in which they were given.');
  try {
    const {pairs, notes} = await reader.pairs([first.name, second.name]);
    if (pairs.length !== 1 || !pairs[0].before || !pairs[0].after) return inOrder('Their names do not say which is the earlier one: they are taken in the order in which they were given.');
    const before = pairs[0].before === second.name ? second : first;
    return {kind: 'pair', before, after: before === first ? second : first, note: notes.join(' ')};
  } catch (error) {
    // Names that the rules know nothing of: no image's, say. What each file is will be told when it is opened.
    if (error instanceof WorkerFailure && error.failure.code === 'input') return inOrder('');
    throw error;
  }
}

export async function meantBy(reader: Reader, files: NamedFile[], hasFolder: boolean): Promise<Meant> {
  if (files.length === 0) return {kind: 'nothing', message: hasFolder ? 'That folder is empty.' : 'That was no file. Drop an image file from your computer.'};
  if (hasFolder) return {kind: 'folder', files, byList: false};
  const lists = files.filter(({path}) => isList(path));
  if (lists.length === 1 && files.length > (isText(lists[0].path) ? 2 : 1)) return {kind: 'folder', files, byList: true};
  if (files.length === 1 && lists.length === 1 && !isText(lists[0].path)) return {kind: 'nothing', message: `${lists[0].path} is no picture. Where it lists pairs, drop it together with the pictures that it names, or the folder with all of them.`};
  if (files.length === 1) return {kind: 'one', file: files[0].file};
  if (files.length === 2) return pairByName(reader, files);
  try {
    const {pairs} = await reader.pairs(files.map(({path}) => path));
    const whole = pairs.filter(({before, after}) => before && after);
    if (whole.length > 1) return {kind: 'folder', files, byList: false};
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.failure.code !== 'input') throw error;
  }
  return {kind: 'nothing', message: `${files.length} files, and their names do not say which belong together: give two images, or pairs named like town_before.png and town_after.png.`};
}
