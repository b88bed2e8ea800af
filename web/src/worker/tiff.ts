// TIFF and GeoTIFF, which no browser opens. Which bands are shown is decided here; how their values become 8 bits, in the
// C++ core, as for the command.
import {fromBlob, type GeoTIFFImage} from 'geotiff';
import type {Picture} from '../protocol';
import type {Core, PictureBuffer, SampleFacts, Samples} from './core';
import {CodedError} from './failure';
import {groundOf} from './ground';
import {refuseIfLarge, type Opened} from './pixels';

type Values = Samples | Uint32Array | Int8Array | Int32Array;

const PHOTOMETRIC = {whiteIsZero: 0, palette: 3, cmyk: 5, yCbCr: 6, lab: 8};
const ALPHA = [1, 2]; // of ExtraSamples

const TYPES: [new (length: number) => Values, string][] = [
  [Uint8Array, 'uint8'], [Int8Array, 'int8'], [Uint16Array, 'uint16'], [Int16Array, 'int16'],
  [Uint32Array, 'uint32'], [Int32Array, 'int32'], [Float32Array, 'float32'], [Float64Array, 'float64'],
];

// As wide as the core takes them.
function widened(values: Values): Samples {
  if (values instanceof Int8Array) return Int16Array.from(values);
  return values instanceof Uint32Array || values instanceof Int32Array ? Float64Array.from(values) : values;
}

// Pictures whose colours are not red, green and blue as they stand: palettes, inks, YCbCr, Lab.
async function converted(image: GeoTIFFImage): Promise<Uint8Array> {
  const rgb = (await image.readRGB({interleave: true})) as unknown as Uint8Array;
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let i = 0, to = 0; i < rgb.length; i += 3, to += 4) rgba.set(rgb.subarray(i, i + 3), to);
  return rgba;
}

// Bands that are shown, from 0, and the one that is alpha. Those that say that they are alpha are none of colour.
function bandsOf(image: GeoTIFFImage, extra: number[]): {shown: number[]; alpha: number | null} {
  const count = image.getSamplesPerPixel();
  const isAlpha = (band: number) => ALPHA.includes(extra[band - (count - extra.length)] ?? 0);
  const all = Array.from({length: count}, (_, band) => band);
  const plain = all.filter((band) => !isAlpha(band));
  return {shown: plain.length ? plain.slice(0, plain.length >= 3 ? 3 : 1) : [0], alpha: all.find(isAlpha) ?? null};
}

async function numbersOf(image: GeoTIFFImage, tag: 'ExtraSamples' | 'Orientation'): Promise<number[]> {
  if (!image.fileDirectory.hasTag(tag)) return [];
  const value: unknown = await image.fileDirectory.loadValue(tag);
  return typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>);
}

async function decoded(core: Core, image: GeoTIFFImage, turn: Turn): Promise<PictureBuffer> {
  const photometric = Number(image.fileDirectory.getValue('PhotometricInterpretation') ?? 1);
  const {palette, cmyk, yCbCr, lab, whiteIsZero} = PHOTOMETRIC;
  if ([palette, cmyk, yCbCr, lab].includes(photometric)) return plainPicture(core, await converted(image), turn, false);
  const {shown, alpha} = bandsOf(image, await numbersOf(image, 'ExtraSamples'));
  const rasters = (await image.readRasters({samples: alpha === null ? shown : [...shown, alpha], interleave: false})) as unknown as Values[];
  const count = image.getWidth() * image.getHeight();
  if (rasters.some((band) => band.length !== count)) throw new CodedError('decode_image', 'rows are missing');
  const bands = rasters.slice(0, shown.length);
  const bits = image.getBitsPerSample(0);
  if (bits < 8) bands.forEach((band) => band.forEach((value, i) => (band[i] = Math.round((value * 255) / (2 ** bits - 1)))));
  const mask = alpha === null ? new Uint8Array(0) : Uint8Array.from(rasters[shown.length], (value) => (value === 0 ? 1 : 0));
  const type = TYPES.find(([kind]) => bands[0] instanceof kind)?.[1] ?? 'float64';
  // The command reads bits, and grey bytes that run from white to black, through a table of colours.
  const isTable = type === 'uint8' && shown.length === 1 && (bits === 1 || photometric === whiteIsZero);
  const facts: SampleFacts = {type, bits, bandsInFile: image.getSamplesPerPixel(), bands: isTable ? [1, 2, 3] : shown.map((band) => band + 1), nodata: image.getGDALNoData(), whiteIsZero: photometric === whiteIsZero};
  const [width, height] = turn.size;
  return core.pictureOfSamples(width, height, bands.map((band) => turn.apply(widened(band))), mask.length ? turn.apply(mask) : mask, facts);
}

function plainPicture(core: Core, rgba: Uint8Array, turn: Turn, isGrey: boolean): PictureBuffer {
  const [width, height] = turn.size;
  if (rgba.length !== width * height * 4) throw new CodedError('decode_image', 'rows are missing');
  const buffer = core.picture(width, height, isGrey);
  try {
    buffer.addRows(new Uint8Array(turn.apply(new Uint32Array(rgba.buffer, rgba.byteOffset, width * height)).buffer));
    return buffer;
  } catch (error) {
    buffer.free();
    throw error;
  }
}

// A TIFF's orientation is applied, as the command does: 1 as it lies, 2 to 4 mirrored or turned by a half, 5 to 8 with rows
// and columns exchanged besides.
class Turn {
  readonly size: [number, number];

  constructor(private readonly width: number, private readonly height: number, private readonly orientation: number) {
    this.size = orientation >= 5 && orientation <= 8 ? [height, width] : [width, height];
  }

  // One value a pixel.
  apply<T extends Samples | Uint32Array>(from: T): T {
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

export async function openTiff(core: Core, picture: Picture): Promise<Opened> {
  const fail = (what: string) => new CodedError('decode_image', `${picture.name} ${what}`);
  let image: GeoTIFFImage;
  try {
    image = await (await fromBlob(picture.blob)).getImage();
  } catch {
    throw fail('is a damaged TIFF: its directory cannot be read.');
  }
  const [width, height] = [image.getWidth(), image.getHeight()];
  if (!(width > 0 && height > 0)) throw fail('is a damaged TIFF: it has no size.');
  refuseIfLarge(picture.name, width, height);
  try {
    const [orientation] = await numbersOf(image, 'Orientation');
    const turn = new Turn(width, height, orientation ?? 1);
    return {buffer: await decoded(core, image, turn), width: turn.size[0], height: turn.size[1], notes: [], ground: groundOf(image)};
  } catch (error) {
    if (error instanceof CodedError) throw fail('is a damaged TIFF: it ends before its last row.');
    if (error instanceof Error && /memory|allocation/i.test(`${error.name} ${error.message}`)) throw error;
    const reason = error instanceof Error && /compression/i.test(error.message) ? 'is compressed in a way that this page does not know' : 'is a damaged or unusual TIFF: its pixels cannot be read';
    throw fail(`${reason}. \`ccx caption\` reads more kinds; or save it as PNG.`);
  }
}
