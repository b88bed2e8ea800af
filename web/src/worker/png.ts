// PNG pictures with alpha, whose colours a browser's canvas would not give back: it multiplies them by alpha. The command
// drops alpha and keeps the colours as they stand in the file.

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

// RGBA of a PNG of 8 bits with an alpha channel, all rows; null for any other file.
export async function straightPng(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const chunks = chunksOf(file);
  const head = chunks.find(({type}) => type === 'IHDR')?.data;
  if (!head || head.length < 13) return null;
  const view = new DataView(head.buffer, head.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, , , interlaced] = head.subarray(8);
  if (depth !== 8 || (colour !== 4 && colour !== 6) || interlaced) return null;
  const channels = colour === 6 ? 4 : 2;
  const packed = new Blob(chunks.filter(({type}) => type === 'IDAT').map(({data}) => data));
  let raw: Uint8Array;
  try {
    raw = new Uint8Array(await new Response(packed.stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer());
  } catch {
    return null;
  }
  const row = width * channels;
  if (raw.length < height * (row + 1) || !unfilter(raw, row, channels)) return null;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; ++y) {
    for (let x = 0, from = y * (row + 1) + 1; x < width; ++x, from += channels, to += 4) {
      rgba[to] = raw[from];
      rgba[to + 1] = raw[channels === 4 ? from + 1 : from];
      rgba[to + 2] = raw[channels === 4 ? from + 2 : from];
      rgba[to + 3] = 255;
    }
  }
  return rgba;
}

// The same PNG without a chunk of that type; null where it has none.
export function withoutChunk(file: Uint8Array<ArrayBuffer>, type: string): Blob | null {
  const found = chunksOf(file).find((chunk) => chunk.type === type);
  return found ? new Blob([file.subarray(0, found.start), file.subarray(found.end)], {type: 'image/png'}) : null;
}
