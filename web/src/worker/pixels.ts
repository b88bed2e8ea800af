// An image file -> the model's input. The browser decodes, the C++ core drops alpha, resizes and normalises.
import type {Picture} from '../protocol';
import type {Core} from './core';
import {CodedError} from './failure';

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

// Pixels with alpha as they are in the file. A canvas would multiply colours by alpha and lose them.
async function* straightBands(picture: Picture, width: number, height: number): AsyncGenerator<Uint8Array> {
  if (typeof ImageDecoder === 'undefined') return;
  const decoder = new ImageDecoder({data: await picture.blob.arrayBuffer(), type: picture.blob.type, colorSpaceConversion: 'none', premultiplyAlpha: 'none'} as ImageDecoderInit);
  try {
    const {image} = await decoder.decode();
    try {
      if (image.codedWidth < width || image.codedHeight < height) return;
      const rows = Math.max(1, Math.floor(BAND_BYTES / (width * 4)));
      for (let top = 0; top < height; top += rows) {
        const rect = {x: 0, y: top, width, height: Math.min(rows, height - top)};
        const band = new Uint8Array(rect.width * rect.height * 4);
        await image.copyTo(band, {rect, format: 'RGBA'} as VideoFrameCopyToOptions);
        yield band;
      }
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

function hasAlpha(rgba: Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return true;
  return false;
}

// [3, size, size]
export async function pixelsOf(core: Core, picture: Picture, size: number): Promise<Float32Array> {
  const known = sizeByHeader(new Uint8Array(await picture.blob.slice(0, 1 << 18).arrayBuffer()));
  if (known) refuseIfLarge(picture.name, known.width, known.height);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture.blob, {colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' as ImageOrientation});
  } catch {
    throw notAnImage(picture);
  }
  const {width, height} = bitmap;
  let buffer = null;
  try {
    refuseIfLarge(picture.name, width, height);
    buffer = core.picture(width, height);
    const rows = Math.min(height, Math.max(1, Math.floor(BAND_BYTES / (width * 4))));
    const canvas = new OffscreenCanvas(width, rows).getContext('2d', {willReadFrequently: true});
    if (!canvas) throw new CodedError('out_of_memory', `there is too little memory to read ${picture.name}`);
    let transparent = false;
    for (let top = 0; top < height && !transparent; top += rows) {
      const count = Math.min(rows, height - top);
      canvas.clearRect(0, 0, width, rows);
      canvas.drawImage(bitmap, 0, top, width, count, 0, 0, width, count);
      const band = canvas.getImageData(0, 0, width, count).data;
      transparent = hasAlpha(band);
      if (!transparent) buffer.addRows(new Uint8Array(band.buffer));
    }
    if (transparent) {
      buffer.free();
      buffer = core.picture(width, height);
      for await (const band of straightBands(picture, width, height)) buffer.addRows(band);
    }
    return buffer.preprocess(size);
  } finally {
    buffer?.free();
    bitmap.close();
  }
}
