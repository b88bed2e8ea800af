// PNG pictures of which a browser's canvas would not give back what stands in the file: colours with alpha, which it
// multiplies, while the command drops alpha, and 16 bits.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Chunk {
  type: string;
  start: number; // of its length field
  end: number;
  data: Uint8Array<ArrayBuffer>;
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Chunk[] {
  const chunks: Chunk[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) return chunks;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    chunks.push({type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), start: at, end, data: bytes.subarray(at + 8, end - 4)});
    at = end;
  }
  return chunks;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// Undoes the row filters of PNG in place; `bytes` a pixel. False where a filter is unknown.
function unfilter(raw: Uint8Array, row: number, bytes: number): boolean {
  for (let start = 0, previous = -1; start + row < raw.length; previous = start, start += row + 1) {
    const filter = raw[start];
    if (filter > 4) return false;
    for (let i = 1; i <= row && filter; ++i) {
      const left = i > bytes ? raw[start + i - bytes] : 0;
      const up = previous >= 0 ? raw[previous + i] : 0;
      const corner = previous >= 0 && i > bytes ? raw[previous + i - bytes] : 0;
      raw[start + i] += filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    }
  }
  return true;
}

interface Unpacked {
  width: number;
  height: number;
  channels: number;
  raw: Uint8Array; // rows with a byte before each, filters undone
  row: number; // bytes of a row
}

const CHANNELS: Record<number, number> = {0: 1, 2: 3, 4: 2, 6: 4};

// Of `depth` bits, not interlaced, and one of those colour types; null for any other file.
async function unpacked(chunks: Chunk[], wanted: number, colours: number[]): Promise<Unpacked | null> {
  const head = chunks.find(({type}) => type === 'IHDR')?.data;
  if (!head || head.length < 13) return null;
  const view = new DataView(head.buffer, head.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, , , interlaced] = head.subarray(8);
  if (depth !== wanted || !colours.includes(colour) || interlaced) return null;
  const channels = CHANNELS[colour];
  const packed = new Blob(chunks.filter(({type}) => type === 'IDAT').map(({data}) => data));
  let raw: Uint8Array;
  try {
    raw = new Uint8Array(await new Response(packed.stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer());
  } catch {
    return null;
  }
  const bytes = (channels * depth) / 8;
  const row = width * bytes;
  if (raw.length < height * (row + 1) || !unfilter(raw, row, bytes)) return null;
  return {width, height, channels, raw, row};
}

// RGBA of a PNG of 8 bits with an alpha channel, all rows, colours as they stand in the file; null for any other file.
export async function straightPng(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const png = await unpacked(chunksOf(file), 8, [4, 6]);
  if (!png) return null;
  const {width, height, channels, raw, row} = png;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; ++y) {
    for (let x = 0, from = y * (row + 1) + 1; x < width; ++x, from += channels, to += 4) {
      rgba[to] = raw[from];
      rgba[to + 1] = raw[channels === 4 ? from + 1 : from];
      rgba[to + 2] = raw[channels === 4 ? from + 2 : from];
      rgba[to + 3] = raw[from + channels - 1];
    }
  }
  return rgba;
}

// The values of a PNG of 16 bits, of which a browser would keep the high bytes; null for any other file.
export async function deepPng(file: Uint8Array<ArrayBuffer>): Promise<{width: number; height: number; bands: Uint16Array[]; mask: Uint8Array; nodata: number | null} | null> {
  const chunks = chunksOf(file);
  const png = await unpacked(chunks, 16, [0, 2, 4, 6]);
  if (!png) return null;
  const {width, height, channels, raw, row} = png;
  const all = Array.from({length: channels}, () => new Uint16Array(width * height));
  for (let y = 0, to = 0; y < height; ++y) {
    for (let x = 0, from = y * (row + 1) + 1; x < width; ++x, ++to) {
      for (const band of all) {
        band[to] = (raw[from] << 8) | raw[from + 1];
        from += 2;
      }
    }
  }
  const hasAlpha = channels === 2 || channels === 4;
  const mask = hasAlpha ? Uint8Array.from(all[channels - 1], (value) => (value === 0 ? 1 : 0)) : new Uint8Array(0);
  const clear = channels === 1 ? chunks.find(({type}) => type === 'tRNS')?.data : undefined;
  return {width, height, bands: hasAlpha ? all.slice(0, -1) : all, mask, nodata: clear && clear.length >= 2 ? (clear[0] << 8) | clear[1] : null};
}

export const isDeepPng = (head: Uint8Array): boolean => SIGNATURE.every((byte, i) => head[i] === byte) && head[24] === 16;

// The same PNG without a chunk of that type; null where it has none.
export function withoutChunk(file: Uint8Array<ArrayBuffer>, type: string): Blob | null {
  const found = chunksOf(file).find((chunk) => chunk.type === type);
  return found ? new Blob([file.subarray(0, found.start), file.subarray(found.end)], {type: 'image/png'}) : null;
}
