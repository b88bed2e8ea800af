// The orientation tag of JPEG, PNG and WebP files is ignored, as the command ignores it: the model sees the rows as they
// lie in the file. Browsers turn what they decode and offer no way not to, so the tag is taken out before.
import {withoutChunk} from './png';

const text = (bytes: Uint8Array, at: number, count: number) => String.fromCharCode(...bytes.subarray(at, at + count));

// Where the Exif segments of a JPEG say that they are Exif, in its first bytes: they stand before the picture.
function exifOfJpeg(head: Uint8Array): number[] {
  const found: number[] = [];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 2; at + 10 < head.length && head[at] === 0xff;) {
    const marker = head[at + 1];
    if (marker === 0xda) break; // the picture begins
    if (marker === 0xff) {
      ++at;
      continue;
    }
    if (marker === 0xe1 && text(head, at + 4, 4) === 'Exif') found.push(at + 4);
    at += 2 + view.getUint16(at + 2);
  }
  return found;
}

// The same of a WebP, whose metadata stands behind the picture.
function exifOfWebp(file: Uint8Array): number[] {
  const found: number[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 12; at + 8 <= file.length;) {
    if (text(file, at, 4) === 'EXIF') found.push(at);
    const bytes = view.getUint32(at + 4, true);
    at += 8 + bytes + (bytes % 2);
  }
  return found;
}

// The same bytes with other names in these places: what has an unknown name is passed over.
function renamed(blob: Blob, places: number[]): Blob {
  if (!places.length) return blob;
  const parts: BlobPart[] = [];
  let from = 0;
  for (const place of places) {
    parts.push(blob.slice(from, place), 'none');
    from = place + 4;
  }
  return new Blob([...parts, blob.slice(from)], {type: blob.type});
}

// head: the first bytes of the file.
export async function withoutOrientation(blob: Blob, head: Uint8Array): Promise<Blob> {
  if (head[0] === 0xff && head[1] === 0xd8) return renamed(blob, exifOfJpeg(head));
  const isPng = text(head, 1, 3) === 'PNG';
  const isWebp = text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP';
  if (!isPng && !isWebp) return blob;
  const file = new Uint8Array(await blob.arrayBuffer());
  return isPng ? (withoutChunk(file, 'eXIf') ?? blob) : renamed(blob, exifOfWebp(file));
}

// What of a file may tell its orientation: a JPEG says it before its picture, others also behind it.
export async function bytesWithExif(blob: Blob, head: Uint8Array): Promise<Uint8Array> {
  return head[0] === 0xff ? head : new Uint8Array(await blob.arrayBuffer());
}
