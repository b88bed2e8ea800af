// TIFF and GeoTIFF, which no browser opens. What the file says of its bands goes to the C++ core, which chooses those that are
// shown and makes 8 bits of their values, as for the command.
import {fromBlob, type GeoTIFF, type GeoTIFFImage} from 'geotiff';
import type {Picture} from '../protocol';
import type {Core, PictureBuffer, SampleFacts, Samples, ShownBands, TiffBandTags} from './core';
import {CodedError} from './failure';
import {groundOf} from './ground';
import {refuseIfLarge, type Opened} from './pixels';

type Values = Samples | Uint32Array | Int8Array | Int32Array;

const PHOTOMETRIC = {whiteIsZero: 0, palette: 3, cmyk: 5, yCbCr: 6, lab: 8};
const ASSOCIATED = 1; // of ExtraSamples: alpha that the colours were multiplied by
const REDUCED = 1; // of NewSubfileType
const MASK = 4;
const MOST_METADATA = 16 << 20;
const MOST_DIRECTORIES = 64; // in which a mask and larger pages are looked for

const TYPES: [new (length: number) => Values, string][] = [
  [Uint8Array, 'uint8'], [Int8Array, 'int8'], [Uint16Array, 'uint16'], [Int16Array, 'int16'],
  [Uint32Array, 'uint32'], [Int32Array, 'int32'], [Float32Array, 'float32'], [Float64Array, 'float64'],
];
const typeOf = (values: Values) => TYPES.find(([kind]) => values instanceof kind)?.[1] ?? 'float64';
const NOTHING = new Uint8Array(0);

// As wide as the core takes them.
function widened(values: Values): Samples {
  if (values instanceof Int8Array) return Int16Array.from(values);
  return values instanceof Uint32Array || values instanceof Int32Array ? Float64Array.from(values) : values;
}

// Faster than Uint8Array.from() by far, for millions of pixels.
function bytesOf(count: number, byteAt: (i: number) => number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; ++i) bytes[i] = byteAt(i);
  return bytes;
}

// Red, green and blue of pictures whose colours do not stand as such: inks, YCbCr, Lab.
async function converted(image: GeoTIFFImage): Promise<Uint8Array[]> {
  const rgb = (await image.readRGB({interleave: true})) as unknown as Uint8Array;
  return [0, 1, 2].map((c) => bytesOf(Math.floor(rgb.length / 3), (i) => rgb[3 * i + c]));
}

async function numbersOf(image: GeoTIFFImage, tag: 'ExtraSamples' | 'Orientation' | 'ColorMap' | 'NewSubfileType'): Promise<number[]> {
  if (!image.fileDirectory.hasTag(tag)) return [];
  const value: unknown = await image.fileDirectory.loadValue(tag);
  return typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>);
}

async function tagsOf(image: GeoTIFFImage): Promise<TiffBandTags> {
  const metadata: unknown = await image.fileDirectory.loadValue('GDAL_METADATA');
  const text = typeof metadata === 'string' ? metadata : '';
  if (text.length > MOST_METADATA) throw new CodedError('decode_image', 'has more metadata (tag 42112) than this page reads');
  return {
    photometric: Number(image.fileDirectory.getValue('PhotometricInterpretation') ?? 1), samples: image.getSamplesPerPixel(),
    extra: await numbersOf(image, 'ExtraSamples'), metadata: text,
  };
}

// Samples of the bands, from 1, each by itself.
async function samplesOf(image: GeoTIFFImage, bands: number[]): Promise<Values[]> {
  const rasters = (await image.readRasters({samples: bands.map((band) => band - 1), interleave: false})) as unknown as Values[];
  const count = image.getWidth() * image.getHeight();
  if (rasters.some((band) => band.length !== count)) throw new CodedError('decode_image', 'is a damaged TIFF: it ends before its last row');
  return rasters;
}

const isZero = (values: Values) => bytesOf(values.length, (i) => (values[i] === 0 ? 1 : 0));

// 1 where the file says that there is no data, or empty: by a mask in it, else by alpha. As GDAL takes it, alpha does not count
// beside a value that stands for none, in other depths, or among more bands.
async function maskOf(tiff: GeoTIFF, image: GeoTIFFImage, alpha: Values | null, isLast: boolean, nodata: number | null): Promise<Uint8Array> {
  // Not by their count, which a chain of directories without an end has none of.
  for (let i = 1; i < MOST_DIRECTORIES; ++i) {
    const other = await tiff.getImage(i).catch(() => null);
    if (!other) break;
    const [kind] = await numbersOf(other, 'NewSubfileType');
    const isWhole = other.getWidth() === image.getWidth() && other.getHeight() === image.getHeight();
    if (((kind ?? 0) & MASK) !== 0 && isWhole && other.getSamplesPerPixel() === 1) return isZero((await samplesOf(other, [1]))[0]);
  }
  const counts = nodata === null && isLast && [2, 4].includes(image.getSamplesPerPixel());
  return alpha && counts && ['uint8', 'uint16'].includes(typeOf(alpha)) ? isZero(alpha) : NOTHING;
}

// Indices as the colours that they stand for. Bits are two colours too.
async function coloured(image: GeoTIFFImage, indices: Values): Promise<Uint8Array[]> {
  const own = await numbersOf(image, 'ColorMap');
  const map = own.length ? own : [0, 65535, 0, 65535, 0, 65535]; // all reds, all greens, all blues
  const colours = map.length / 3;
  return [0, 1, 2].map((c) => bytesOf(indices.length, (i) => map[c * colours + Math.min(indices[i], colours - 1)] >> 8));
}

// The value that stands for none: as much of its text as is a number, 0 where nothing is.
function nodataOf(image: GeoTIFFImage): number | null {
  const text: unknown = image.fileDirectory.getValue('GDAL_NODATA');
  if (typeof text !== 'string') return null;
  const [, sign, rest] = /^\s*([-+]?)(.*)/s.exec(text) ?? ['', '', ''];
  if (/^nan/i.test(rest)) return NaN;
  const size = /^inf/i.test(rest) ? Infinity : parseFloat(rest) || 0;
  return sign === '-' ? -size : size;
}

// Bands as the core takes them, with what it has to know of them.
interface Planes {
  bands: Values[];
  mask: Uint8Array;
  facts: SampleFacts;
}

async function planesOf(tiff: GeoTIFF, image: GeoTIFFImage, tags: TiffBandTags, shown: ShownBands): Promise<Planes> {
  const {palette, cmyk, yCbCr, lab, whiteIsZero} = PHOTOMETRIC;
  const bits = image.getBitsPerSample(0);
  const isInks = shown.isInks && tags.photometric === cmyk;
  if (shown.isInks && !isInks) throw new CodedError('decode_image', 'calls its bands inks and is no TIFF of inks: this page does not mix them');
  const facts: SampleFacts = {
    type: 'uint8', bits: 8, bandsInFile: tags.samples, bands: [1, 2, 3], bandsBy: shown.bandsBy, bandsDoubt: shown.bandsDoubt,
    hasOtherBands: !isInks && tags.samples - (shown.alpha ? 1 : 0) > shown.bands.length, hasAlpha: shown.alpha !== 0,
    nodata: isInks ? null : nodataOf(image), whiteIsZero: false, multipliedBy: NOTHING,
  };
  if (isInks || tags.photometric === yCbCr || tags.photometric === lab) return {bands: await converted(image), mask: await maskOf(tiff, image, null, false, facts.nodata), facts};
  const read = await samplesOf(image, shown.alpha ? [...shown.bands, shown.alpha] : shown.bands);
  const bands = read.slice(0, shown.bands.length);
  const alpha = shown.alpha ? read[bands.length] : null;
  const mask = await maskOf(tiff, image, alpha, shown.alpha === tags.samples, facts.nodata);
  const type = typeOf(bands[0]);
  if (bands.length === 1 && (tags.photometric === palette || (bits === 1 && tags.photometric !== whiteIsZero))) {
    // The value that stands for none is one of the indices.
    const none = facts.nodata === null ? mask : bytesOf(bands[0].length, (i) => (bands[0][i] === facts.nodata || mask[i] === 1 ? 1 : 0));
    return {bands: await coloured(image, bands[0]), mask: none, facts: {...facts, nodata: null}};
  }
  const isMultiplied = tags.extra[0] === ASSOCIATED && alpha instanceof Uint8Array && type === 'uint8' && bands.length === 3;
  return {
    bands: bits < 8 ? bands.map((band) => Uint16Array.from(band)) : bands, mask,
    facts: {...facts, type, bits, bands: shown.bands, whiteIsZero: tags.photometric === whiteIsZero, multipliedBy: isMultiplied ? alpha : NOTHING},
  };
}

async function decoded(core: Core, tiff: GeoTIFF, image: GeoTIFFImage, name: string, turn: Turn): Promise<PictureBuffer> {
  const tags = await tagsOf(image);
  const {bands, mask, facts} = await planesOf(tiff, image, tags, core.tiffBands(name, tags));
  const [width, height] = turn.size;
  const turned = (values: Uint8Array) => (values.length ? turn.apply(values) : values);
  return core.pictureOfSamples(width, height, bands.map((band) => turn.apply(widened(band))), turned(mask), {...facts, multipliedBy: turned(facts.multipliedBy)});
}

// A TIFF's orientation is applied, as the command does: 1 as it lies, 2 to 4 mirrored or turned by a half, 5 to 8 with rows
// and columns exchanged besides.
class Turn {
  readonly size: [number, number];

  constructor(private readonly width: number, private readonly height: number, private readonly orientation: number) {
    this.size = orientation >= 5 && orientation <= 8 ? [height, width] : [width, height];
  }

  // One value a pixel.
  apply<T extends Samples>(from: T): T {
    const {width, height, orientation} = this;
    if (!(orientation >= 2 && orientation <= 8)) return from;
    const isExchanged = orientation >= 5;
    const [columns, rows] = this.size;
    const fromRight = [2, 3, 7, 8].includes(orientation);
    const fromBottom = [3, 4, 6, 7].includes(orientation);
    const to = from.slice() as T;
    for (let y = 0; y < rows; ++y) {
      for (let x = 0; x < columns; ++x) {
        const [u, v] = isExchanged ? [y, x] : [x, y]; // of the file
        to[y * columns + x] = from[(fromBottom ? height - 1 - v : v) * width + (fromRight ? width - 1 - u : u)];
      }
    }
    return to;
  }
}

// The page that is the picture: the first, but for a thumbnail before it.
async function pictureOf(core: Core, tiff: GeoTIFF): Promise<{image: GeoTIFFImage; note: string}> {
  const images = [await tiff.getImage()];
  const seen = new Set([tiff.firstIFDOffset]); // a chain of directories may bite its tail
  while (images.length < MOST_DIRECTORIES && !seen.has(images[images.length - 1].fileDirectory.nextIFDByteOffset)) {
    seen.add(images[images.length - 1].fileDirectory.nextIFDByteOffset);
    const other = await tiff.getImage(images.length).catch(() => null);
    if (!other) break;
    images.push(other);
  }
  const pages = await Promise.all(images.map(async (page) => {
    const [kind] = await numbersOf(page, 'NewSubfileType');
    return {width: page.getWidth(), height: page.getHeight(), isReduced: ((kind ?? 0) & REDUCED) !== 0, isMask: ((kind ?? 0) & MASK) !== 0};
  }));
  const {page, note} = core.choosePage(pages);
  return {image: images[page], note};
}

export async function openTiff(core: Core, picture: Picture): Promise<Opened> {
  const fail = (what: string) => new CodedError('decode_image', `${picture.name} ${what}`);
  let tiff: GeoTIFF;
  let image: GeoTIFFImage;
  let note: string;
  try {
    tiff = await fromBlob(picture.blob);
    ({image, note} = await pictureOf(core, tiff));
  } catch {
    throw fail('is a damaged TIFF: its directory cannot be read.');
  }
  const [width, height] = [image.getWidth(), image.getHeight()];
  if (!(width > 0 && height > 0)) throw fail('is a damaged TIFF: it has no size.');
  refuseIfLarge(picture.name, width, height);
  try {
    const [orientation] = await numbersOf(image, 'Orientation');
    const turn = new Turn(width, height, orientation ?? 1);
    const buffer = await decoded(core, tiff, image, picture.name, turn);
    buffer.keepPage(note);
    return {buffer, width: turn.size[0], height: turn.size[1], notes: [], ground: groundOf(image)};
  } catch (error) {
    if (error instanceof CodedError) throw fail(`${error.message}.`);
    if (error instanceof Error && error.name === 'InputError') throw fail(`is a damaged TIFF: ${error.message}.`);
    if (error instanceof Error && /memory|allocation/i.test(`${error.name} ${error.message}`)) throw error;
    const reason = error instanceof Error && /compression/i.test(error.message) ? 'is compressed in a way that this page does not know' : 'is a damaged or unusual TIFF: its pixels cannot be read';
    throw fail(`${reason}. \`ccx caption\` reads more kinds; or save it as PNG.`);
  }
}
