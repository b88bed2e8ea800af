// The reader: opens pictures, shows them as the model sees them, and makes them the model's input, beside the worker that
// runs the model. It also knows the command's rules of names.
import {movable, type Failure, type Look, type Picture, type Pixels, type ReaderRequest, type Reply, type Start, type Warning} from '../protocol';
import {Core} from './core';
import {CodedError, failureOf} from './failure';
import {placeOfPair} from './ground';
import {openPicture, type Opened} from './pixels';
import {notesOf} from './notes';

// Pictures kept open between a look at them and their captioning. Large ones are opened anew.
const KEPT = 2;
const KEPT_PIXELS = 16e6;
const THUMB_QUALITY = 0.8;

let core: Promise<Core> | null = null;
let tail: Promise<unknown> = Promise.resolve();
const kept = new Map<number, Opened>();

const post = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, {transfer});

async function opened(picture: Picture): Promise<Opened> {
  const known = kept.get(picture.key);
  if (known) return known;
  return openPicture(await (core as Promise<Core>), picture);
}

function giveBack(key: number, picture: Opened): void {
  kept.delete(key);
  if (picture.width * picture.height > KEPT_PIXELS) return picture.buffer.free();
  kept.set(key, picture); // the newest last
  for (const [oldest, other] of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
    other.buffer.free();
  }
}

async function withPicture<T>(picture: Picture, use: (opened: Opened) => T | Promise<T>): Promise<T> {
  const one = await opened(picture);
  try {
    return await use(one);
  } finally {
    giveBack(picture.key, one);
  }
}

function fitted({width, height}: Opened, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

function shown(picture: Opened, side: number): ImageData {
  const [width, height] = fitted(picture, side);
  return new ImageData(picture.buffer.shown(width, height), width, height);
}

const thumbs = new OffscreenCanvas(1, 1);
const LONGEST_THUMB = 4; // times its side: what is longer is squeezed

// Both dates of a pair, side by side in squares of `side` pixels, each filled from its middle: one file, as each costs the
// browser several messages.
async function thumbsOf(pictures: [Opened, Opened], side: number): Promise<Blob> {
  if (thumbs.width !== 2 * side || thumbs.height !== side) [thumbs.width, thumbs.height] = [2 * side, side];
  const canvas = thumbs.getContext('2d');
  pictures.forEach((picture, i) => {
    const scale = side / Math.min(picture.width, picture.height);
    const [width, height] = [picture.width, picture.height].map((length) => Math.min(LONGEST_THUMB * side, Math.max(side, Math.round(length * scale))));
    const [left, top] = [(width - side) >> 1, (height - side) >> 1];
    canvas?.putImageData(new ImageData(picture.buffer.shown(width, height), width, height), i * side - left, -top, left, top, side, side);
  });
  return thumbs.convertToBlob({type: 'image/jpeg', quality: THUMB_QUALITY});
}

async function look(picture: Picture, side: number): Promise<Look> {
  return withPicture(picture, async (one) => ({
    width: one.width, height: one.height, notes: [...one.notes, ...notesOf(one.buffer.info())], preview: await createImageBitmap(shown(one, side)),
  }));
}

async function check(before: Picture, after: Picture, size: number): Promise<Warning[]> {
  return withPicture(before, (first) => withPicture(after, (second) => {
    const {warnings, place} = placeOfPair(first.ground, second.ground);
    return [...warnings, ...first.buffer.check(second.buffer, size, place)];
  }));
}

// Numbers in shared memory go from worker to worker without a copy, where a page may have such memory.
function numbers(spare: Float32Array[], length: number): Float32Array {
  const at = spare.findIndex((array) => array.length === length);
  if (at >= 0) return spare.splice(at, 1)[0];
  return globalThis.crossOriginIsolated ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length);
}

const sided = (side: Failure['side']) => (error: unknown): never => {
  const {code, message, isLast} = failureOf(error);
  throw new CodedError(code, message, side, isLast);
};

async function pixels(request: Extract<ReaderRequest, {type: 'pixels'}>): Promise<Pixels> {
  const {before, after, size, thumbs, spare} = request;
  const began = performance.now();
  const one = await opened(before).catch(sided('before'));
  let two: Opened | null = null;
  try {
    two = await opened(after).catch(sided('after'));
    const grounds = placeOfPair(one.ground, two.ground);
    const pair = one.buffer.prepare(two.buffer, size, grounds.place, (length) => numbers(spare, length));
    const ms = performance.now() - began;
    return {
      before: pair.before, after: pair.after, ms,
      warnings: [...grounds.warnings, ...pair.warnings],
      read: {before: one.buffer.info(), after: two.buffer.info()},
      thumbs: thumbs > 0 ? await thumbsOf([one, two], thumbs) : null,
    };
  } finally {
    giveBack(before.key, one);
    if (two) giveBack(after.key, two);
  }
}

async function answer(request: ReaderRequest): Promise<{value: unknown; transfer: Transferable[]}> {
  switch (request.type) {
    case 'look': {
      const value = await look(request.picture, request.side);
      return {value, transfer: [value.preview]};
    }
    case 'check':
      return {value: await check(request.before, request.after, request.size), transfer: []};
    case 'pixels': {
      const value = await pixels(request);
      return {value, transfer: movable(value)};
    }
    case 'list':
      return {value: (await (core as Promise<Core>)).findPairsInList(request.names, request.list, new Uint8Array(await request.blob.arrayBuffer())), transfer: []};
    case 'table':
      return {value: (await (core as Promise<Core>)).tableOf(request.records), transfer: []};
    case 'pairs':
      return {value: (await (core as Promise<Core>)).findPairs(request.names), transfer: []};
  }
}

async function reply(request: ReaderRequest): Promise<void> {
  try {
    const {value, transfer} = await answer(request);
    post({type: 'answer', ask: request.ask, value}, transfer);
  } catch (error) {
    post({type: 'failure', ask: request.ask, failure: failureOf(error)});
  }
}

self.onmessage = (message: MessageEvent<ReaderRequest | Start | {type: 'stop'}>) => {
  const request = message.data;
  if (request.type === 'stop') return; // a picture is opened in a moment, or the page ends this worker
  if (request.type === 'start') {
    core = Core.load(request.base);
    core.catch(() => undefined); // every question that follows reports it
    return;
  }
  tail = tail.then(() => reply(request));
};
