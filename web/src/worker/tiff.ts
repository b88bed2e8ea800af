// TIFF and GeoTIFF, which no browser opens: bands 1, 2, 3 or one grey band, values deeper than 8 bits stretched.
import {fromBlob, type GeoTIFFImage} from 'geotiff';
import type {Picture} from '../protocol';
import type {Core} from './core';
import {CodedError} from './failure';
import {refuseIfLarge, type Opened} from './pixels';

type Values = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

const PHOTOMETRIC = {whiteIsZero: 0, palette: 3, cmyk: 5, yCbCr: 6, lab: 8};
const LOW = 0.02; // shares of the valid values that the stretch cuts off at either end
const HIGH = 0.98;
const SAMPLES = 200_000; // values looked at to find them
const FILL = 128; // what stands where a picture has no data

function samplesOf(bands: Values[], isValid: (band: number, i: number) => boolean): Float64Array {
  const count = bands[0].length;
  const step = Math.max(1, Math.floor((count * bands.length) / SAMPLES));
  const found: number[] = [];
  bands.forEach((band, b) => {
    for (let i = b % step; i < count; i += step) if (isValid(b, i)) found.push(band[i]);
  });
  return Float64Array.from(found).sort();
}

// Bands of any depth -> RGBA, on one scale for all bands: their share of colour stays.
function stretched(bands: Values[], nodata: number | null, invert: boolean): {rgba: Uint8Array; low: number; high: number; missing: number} {
  const isValid = (b: number, i: number) => Number.isFinite(bands[b][i]) && bands[b][i] !== nodata;
  const sorted = samplesOf(bands, isValid);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [low, high] = [at(LOW), at(HIGH)];
  const scale = high > low ? 255 / (high - low) : 0;
  const count = bands[0].length;
  const rgba = new Uint8Array(count * 4);
  let missing = 0;
  for (let i = 0; i < count; ++i) {
    const valid = bands.every((_, b) => isValid(b, i));
    missing += valid ? 0 : 1;
    for (let c = 0; c < 3; ++c) {
      const value = bands[Math.min(c, bands.length - 1)][i];
      const shade = valid ? Math.min(255, Math.max(0, Math.round((value - low) * scale))) : FILL;
      rgba[4 * i + c] = invert && valid ? 255 - shade : shade;
    }
    rgba[4 * i + 3] = 255;
  }
  return {rgba, low, high, missing: missing / count};
}

// Pictures whose colours are not red, green and blue as they stand: palettes, inks, YCbCr, Lab.
async function converted(image: GeoTIFFImage): Promise<Uint8Array> {
  const rgb = (await image.readRGB({interleave: true})) as unknown as Uint8Array;
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let i = 0, to = 0; i < rgb.length; i += 3, to += 4) rgba.set(rgb.subarray(i, i + 3), to);
  return rgba;
}

async function decoded(image: GeoTIFFImage): Promise<{rgba: Uint8Array; notes: string[]}> {
  const photometric = Number(image.fileDirectory.getValue('PhotometricInterpretation') ?? 1);
  const notes: string[] = [];
  const count = image.getSamplesPerPixel();
  const {palette, cmyk, yCbCr, lab, whiteIsZero} = PHOTOMETRIC;
  if ([palette, cmyk, yCbCr, lab].includes(photometric)) return {rgba: await converted(image), notes};
  const wanted = count >= 3 ? [0, 1, 2] : [0];
  const bands = (await image.readRasters({samples: wanted, interleave: false})) as unknown as Values[];
  if (wanted.length === 1) notes.push('one band, shown in grey');
  else if (count > 3) notes.push(`bands 1, 2, 3 of ${count}`);
  const nodata = image.getGDALNoData();
  const deep = image.getBitsPerSample(0) > 8 || !(bands[0] instanceof Uint8Array);
  if (!deep && nodata === null && photometric !== whiteIsZero && image.getBitsPerSample(0) === 8) {
    const rgba = new Uint8Array(bands[0].length * 4).fill(255);
    for (let i = 0; i < bands[0].length; ++i) for (let c = 0; c < 3; ++c) rgba[4 * i + c] = bands[Math.min(c, bands.length - 1)][i];
    return {rgba, notes};
  }
  const {rgba, low, high, missing} = stretched(bands, nodata, photometric === whiteIsZero);
  const round = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(3));
  if (deep) notes.push(`stretched from ${round(low)}..${round(high)}`);
  if (missing > 0.001) notes.push(`${(100 * missing).toFixed(missing < 0.1 ? 1 : 0)} % without data`);
  return {rgba, notes};
}

// A TIFF's orientation is applied, as the command does: 1 as it lies, 2 to 4 mirrored or turned by a half, 5 to 8 with rows
// and columns exchanged besides.
function turned(rgba: Uint8Array, width: number, height: number, orientation: number): {rgba: Uint8Array; width: number; height: number} {
  if (!(orientation >= 2 && orientation <= 8)) return {rgba, width, height};
  const isExchanged = orientation >= 5;
  const [columns, rows] = isExchanged ? [height, width] : [width, height];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < rows; ++y) {
    for (let x = 0; x < columns; ++x) {
      const [u, v] = isExchanged ? [y, x] : [x, y]; // of the file
      to[y * columns + x] = from[(fromBottom ? height - 1 - v : v) * width + (fromRight ? width - 1 - u : u)];
    }
  }
  return {rgba: new Uint8Array(to.buffer), width: columns, height: rows};
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
  let result: {rgba: Uint8Array; notes: string[]};
  try {
    result = await decoded(image);
  } catch (error) {
    const reason = error instanceof Error && /compression/i.test(error.message) ? 'is compressed in a way that this page does not know' : 'is a damaged or unusual TIFF: its pixels cannot be read';
    throw fail(`${reason}. \`ccx caption\` reads more kinds; or save it as PNG.`);
  }
  if (result.rgba.length !== width * height * 4) throw fail('is a damaged TIFF: it ends before its last row.');
  const shown = turned(result.rgba, width, height, Number((image.fileDirectory.hasTag('Orientation') && (await image.fileDirectory.loadValue('Orientation'))) || 1));
  const buffer = core.picture(shown.width, shown.height);
  try {
    buffer.addRows(shown.rgba);
  } catch (error) {
    buffer.free();
    throw error;
  }
  return {buffer, width: shown.width, height: shown.height, notes: result.notes};
}
