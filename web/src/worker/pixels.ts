// An image file -> the model's input. The browser decodes, the C++ core drops alpha, resizes and normalises.
import type {Picture} from '../protocol';
import type {Core, PictureBuffer} from './core';
import {CodedError} from './failure';
import {straightPng, withoutTransparency} from './png';

// As `ccx caption`: Pillow's limit against decompression bombs.
const MOST_PIXELS = 178_956_970;
const BAND_BYTES = 16 << 20;

// Width and height of a PNG or JPEG by its header, before any memory is spent on it; null for other formats.
export function sizeByHeader(bytes: Uint8Array): {width: number; height: number} | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) return {width: view.getUint32(16), height: view.getUint32(20)};
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return {width: view.getUint16(at + 7), height: view.getUint16(at + 5)};
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

function refuseIfLarge(name: string, width: number, height: number): void {
  if (width * height > MOST_PIXELS) {
    throw new CodedError('too_large', `${name} is ${width} x ${height} pixels: too large. The most is ${Math.floor(MOST_PIXELS / 1e6)} million pixels; cut it into tiles first.`);
  }
}

function notAnImage(picture: Picture): CodedError {
  const tiff = /\.tiff?$/i.test(picture.name) ? ' Browsers cannot open TIFF: the command `ccx caption` can, or save it as PNG.' : '';
  return new CodedError('decode_image', `${picture.name} is not an image this browser can open: use PNG, JPEG, WebP or BMP.${tiff}`);
}

function hasAlpha(rgba: Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return true;
  return false;
}

const DECODING = {colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' as ImageOrientation} as const;

// The rows of a decoded picture, in bands. Stops at the first band that has alpha and gives whether there was one.
function addBands(buffer: PictureBuffer, bitmap: ImageBitmap, name: string, stopAtAlpha: boolean): boolean {
  const {width, height} = bitmap;
  const rows = Math.min(height, Math.max(1, Math.floor(BAND_BYTES / (width * 4))));
  const canvas = new OffscreenCanvas(width, rows).getContext('2d', {willReadFrequently: true});
  if (!canvas) throw new CodedError('out_of_memory', `there is too little memory to read ${name}`);
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    canvas.clearRect(0, 0, width, rows);
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
  const opaque = withoutTransparency(file);
  const again = opaque ? await createImageBitmap(opaque, DECODING) : bitmap;
  addBands(buffer, again, picture.name, false);
  if (opaque) again.close();
}

// [3, size, size]
export async function pixelsOf(core: Core, picture: Picture, size: number): Promise<Float32Array> {
  const known = sizeByHeader(new Uint8Array(await picture.blob.slice(0, 1 << 18).arrayBuffer()));
  if (known) refuseIfLarge(picture.name, known.width, known.height);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture.blob, DECODING);
  } catch {
    throw notAnImage(picture);
  }
  let buffer: PictureBuffer | null = null;
  try {
    refuseIfLarge(picture.name, bitmap.width, bitmap.height);
    buffer = core.picture(bitmap.width, bitmap.height);
    if (addBands(buffer, bitmap, picture.name, true)) {
      buffer.free();
      buffer = core.picture(bitmap.width, bitmap.height);
      await addStraight(buffer, picture, bitmap);
    }
    return buffer.preprocess(size);
  } finally {
    buffer?.free();
    bitmap.close();
  }
}
