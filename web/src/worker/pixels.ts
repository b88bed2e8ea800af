// An image file -> a picture in the C++ core, which drops alpha, resizes and normalises. The browser decodes; TIFF is
// decoded here (tiff.ts).
import type {Picture} from '../protocol';
import type {Core, PictureBuffer} from './core';
import {CodedError} from './failure';
import type {Ground} from './ground';
import {bytesWithExif, withoutOrientation} from './orientation';
import {deepPng, isDeepPng, straightPng, withoutChunk} from './png';

// As `ccx caption`: Pillow's limit against decompression bombs.
const MOST_PIXELS = 178_956_970;
const BAND_BYTES = 16 << 20;
const HEAD_BYTES = 1 << 18;

export interface Opened {
  ground: Ground | null; // where it lies, of a raster that says so
  buffer: PictureBuffer;
  width: number;
  height: number;
  notes: string[]; // what was done to it, for people, beside what info() says
}

// Width and height of a PNG or JPEG by its header, before any memory is spent on it, and whether it is grey; null for other
// formats.
function knownByHeader(bytes: Uint8Array): {width: number; height: number; isGrey: boolean} | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 26 && view.getUint32(0) === 0x89504e47) return {width: view.getUint32(16), height: view.getUint32(20), isGrey: bytes[25] === 0 || bytes[25] === 4};
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return {width: view.getUint16(at + 7), height: view.getUint16(at + 5), isGrey: bytes[at + 9] === 1};
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

export function refuseIfLarge(name: string, width: number, height: number): void {
  if (width * height > MOST_PIXELS) {
    throw new CodedError('too_large', `${name} is ${width} x ${height} pixels: too large. The most is ${Math.floor(MOST_PIXELS / 1e6)} million pixels; cut it into tiles first.`);
  }
}

function isTiff(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  return (a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43));
}

const begins = (head: Uint8Array, bytes: number[], at = 0) => bytes.every((byte, i) => head[at + i] === byte);
const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

// Whether it begins as one of those that the command reads and browsers decode: PNG, JPEG, WebP, BMP. What else a browser may
// decode is refused, as by the command.
function isKnownKind(head: Uint8Array): boolean {
  const isWebp = begins(head, letters('RIFF')) && begins(head, letters('WEBP'), 8);
  return isWebp || begins(head, [0x89, ...letters('PNG\r\n'), 0x1a, 0x0a]) || begins(head, [0xff, 0xd8, 0xff]) || begins(head, letters('BM'));
}

// Kinds of pictures that neither this page nor the command reads.
function otherKind(head: Uint8Array): string | null {
  if (begins(head, letters('GIF8'))) return 'a GIF';
  if (begins(head, letters('8BPS'))) return 'a Photoshop document';
  if (begins(head, [0, 0, 1, 0]) || begins(head, [0, 0, 2, 0])) return 'an icon (ICO)';
  if (begins(head, [0xff, 0x0a]) || begins(head, [0, 0, 0, 12, ...letters('JXL ')])) return 'JPEG XL';
  if (begins(head, letters('ftyp'), 4)) {
    const brand = String.fromCharCode(...head.subarray(8, 12));
    if (/^avi[fs]/.test(brand)) return 'AVIF';
    if (/^(he[iv]|mif|msf)/.test(brand)) return 'HEIC or AVIF';
  }
  const text = new TextDecoder().decode(head.subarray(0, 1024));
  return /^\s*<(\?xml|!--|svg|!DOCTYPE svg)/i.test(text) && /<svg[\s>]/i.test(text) ? 'an SVG drawing' : null;
}

// Why a file that no decoder takes is none: by its first bytes.
function notAnImage(name: string, size: number, head: Uint8Array): CodedError {
  const starts = (...bytes: number[]) => begins(head, bytes);
  const readable = 'Use PNG, JPEG, WebP, BMP or TIFF.';
  const say = (what: string) => new CodedError('decode_image', `${name} ${what}`);
  if (size === 0) return say('is empty.');
  if (isKnownKind(head) || starts(0x89, 0x50, 0x4e, 0x47)) {
    return say('is damaged or cut off: it begins as an image does and cannot be decoded to its end.');
  }
  if (starts(0x25, 0x50, 0x44, 0x46)) return say(`is a PDF, not an image. ${readable}`);
  if (starts(0x50, 0x4b)) return say('is a zip archive, not an image. Unpack it and choose the images.');
  if (starts(0xff, 0x4f, 0xff, 0x51) || starts(0, 0, 0, 12, 0x6a, 0x50)) return say('is JPEG 2000, which this page does not open. Save it as PNG or TIFF.');
  const other = otherKind(head);
  if (other) return say(`is ${other}, which neither this page nor ccx caption reads. Save it as PNG, JPEG, WebP, BMP or TIFF.`);
  return say(`is not an image that this page can open. ${readable}`);
}

function hasAlpha(rgba: Uint8ClampedArray): boolean {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4); // alpha is a pixel's last byte: on every machine of a browser the highest
  let all = -1;
  for (let i = 0; i < pixels.length; ++i) all &= pixels[i];
  return all >>> 24 !== 255;
}

const DECODING = {colorSpaceConversion: 'none', premultiplyAlpha: 'none'} as const;

// The canvas that pictures are read from, kept for the next one of the same width: pictures of a folder mostly have one size.
let reading: OffscreenCanvasRenderingContext2D | null = null;
const KEPT_BYTES = 4 << 20;

function canvasOf(name: string, width: number, rows: number): OffscreenCanvasRenderingContext2D {
  const known = reading;
  if (known?.canvas.width === width && known.canvas.height === rows) return known;
  reading = null;
  const made = new OffscreenCanvas(width, rows).getContext('2d', {willReadFrequently: true});
  if (!made) throw new CodedError('out_of_memory', `there is too little memory to read ${name}`);
  made.globalCompositeOperation = 'copy'; // nothing of the picture before shows through
  if (width * rows * 4 <= KEPT_BYTES) reading = made;
  return made;
}

// The rows of a decoded picture, in bands. Stops at the first band that has alpha and gives whether there was one.
function addBands(buffer: PictureBuffer, bitmap: ImageBitmap, name: string, stopAtAlpha: boolean): boolean {
  const {width, height} = bitmap;
  const rows = Math.min(height, Math.max(1, Math.floor(BAND_BYTES / (width * 4))));
  const canvas = canvasOf(name, width, rows);
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    canvas.drawImage(bitmap, 0, top, width, count, 0, 0, width, count);
    const band = canvas.getImageData(0, 0, width, count).data;
    if (stopAtAlpha && hasAlpha(band)) return true;
    buffer.addRows(new Uint8Array(band.buffer));
  }
  return false;
}

// A picture with alpha: its colours as they stand in the file. Formats other than PNG come as near as a canvas gets.
async function addStraight(buffer: PictureBuffer, picture: Picture, bitmap: ImageBitmap): Promise<void> {
  const file = new Uint8Array(await picture.blob.arrayBuffer());
  const straight = await straightPng(file);
  if (straight) return buffer.addRows(straight);
  const opaque = withoutChunk(file, 'tRNS'); // what makes a colour or entries of a palette transparent
  const again = opaque ? await createImageBitmap(await withoutOrientation(opaque, file), DECODING) : bitmap;
  addBands(buffer, again, picture.name, false);
  if (opaque) again.close();
}

function fromDeep(core: Core, {width, height, bands, mask, nodata}: NonNullable<Awaited<ReturnType<typeof deepPng>>>): Opened {
  const facts = {
    type: 'uint16', bits: 16, bandsInFile: bands.length + (mask.length ? 1 : 0), bands: bands.map((_, i) => i + 1),
    bandsBy: 'colours', bandsDoubt: '', hasOtherBands: false, hasAlpha: mask.length > 0, nodata, whiteIsZero: false,
    multipliedBy: new Uint8Array(0),
  };
  return {buffer: core.pictureOfSamples(width, height, bands, mask, facts), width, height, notes: [], ground: null};
}

async function decodeInBrowser(core: Core, picture: Picture, head: Uint8Array): Promise<Opened> {
  if (!isKnownKind(head)) throw notAnImage(picture.name, picture.blob.size, head);
  const known = knownByHeader(head);
  if (known) refuseIfLarge(picture.name, known.width, known.height);
  if (isDeepPng(head)) {
    const deep = await deepPng(new Uint8Array(await picture.blob.arrayBuffer()));
    if (deep) return fromDeep(core, deep);
  }
  const isGrey = known?.isGrey ?? false;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(await withoutOrientation(picture.blob, head), DECODING);
  } catch {
    throw notAnImage(picture.name, picture.blob.size, head);
  }
  const {width, height} = bitmap;
  const notes: string[] = [];
  let buffer: PictureBuffer | null = null;
  try {
    refuseIfLarge(picture.name, width, height);
    buffer = core.picture(width, height, isGrey);
    if (addBands(buffer, bitmap, picture.name, true)) {
      buffer.free();
      buffer = core.picture(width, height, isGrey);
      await addStraight(buffer, picture, bitmap);
      notes.push('transparency left out');
    }
    return {buffer, width, height, notes, ground: null};
  } catch (error) {
    buffer?.free();
    throw error;
  } finally {
    bitmap.close();
  }
}

export async function openPicture(core: Core, picture: Picture): Promise<Opened> {
  let head: Uint8Array;
  try {
    head = new Uint8Array(await picture.blob.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    throw new CodedError('decode_image', `${picture.name} cannot be read any more: it was moved, changed or removed since it was chosen. Choose it again.`);
  }
  if (!isTiff(head)) {
    const opened = await decodeInBrowser(core, picture, head);
    opened.buffer.keepFacts(await bytesWithExif(picture.blob, head));
    return opened;
  }
  const {openTiff} = await import('./tiff'); // 100 kB that most visits never need
  return openTiff(core, picture);
}
