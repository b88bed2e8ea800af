// Where two rasters lie on the ground. The command brings a pair to the ground that both show; the page does not, and says
// so where it matters. What tells of places is weighed as by core/image/georeference.cpp, but that no coordinates are changed
// from one system to another.
import type {GeoTIFFImage} from 'geotiff';
import type {Warning} from '../protocol';
import {NOWHERE, type PairPlace} from './core';
import {CodedError} from './failure';

export interface Ground {
  // x = t[0] + column t[1] + row t[2], y = t[3] + column t[4] + row t[5]
  transform: number[];
  system: string | null; // the coordinate system; null where the file names none
  degrees: boolean | null; // it is one of degrees; null where the file names none
  width: number; // pixels
  height: number;
}

type Box = [number, number, number, number]; // least x and y, most x and y

const LEAST_SHARED = 0.01; // of the smaller picture's ground, as for the command
export const NOT_ALIGNED = 'not_aligned'; // the page's alone: no record of the command knows it
const USER_DEFINED = 32767;
const UNNAMED = 'one of them does not name the coordinate system of its numbers, and they do not meet';

function transformOf(image: GeoTIFFImage): number[] | null {
  const {fileDirectory: tags} = image;
  const scale: ArrayLike<number> | undefined = tags.getValue('ModelPixelScale');
  const tie: ArrayLike<number> | undefined = tags.getValue('ModelTiepoint');
  const matrix: ArrayLike<number> | undefined = tags.getValue('ModelTransformation');
  if (scale && scale.length >= 2 && scale[0] !== 0 && scale[1] !== 0 && tie && tie.length >= 6) {
    const [across, down] = [scale[0], -Math.abs(scale[1])];
    return [tie[3] - tie[0] * across, across, 0, tie[4] - tie[1] * down, 0, down];
  }
  return matrix && matrix.length === 16 ? [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]] : null;
}

// Not a picture that lies nowhere: a unit a pixel, from its corner or its first pixel's middle.
function isUsable(t: number[]): boolean {
  const isPixels = Math.abs(t[0]) <= 0.5 && Math.abs(t[3]) <= 0.5 && t[1] === 1 && Math.abs(t[5]) === 1 && t[2] === 0 && t[4] === 0;
  return t.every(Number.isFinite) && !isPixels && t[1] * t[5] - t[2] * t[4] !== 0;
}

// An EPSG number, or whatever else the file says of its system.
function systemOf(keys: Record<string, unknown> | null): string | null {
  const number = Number(keys?.ProjectedCSTypeGeoKey ?? keys?.GeographicTypeGeoKey ?? 0);
  if (!keys || number === 0) return null;
  if (number !== USER_DEFINED) return String(number);
  return JSON.stringify(Object.entries(keys).filter(([name]) => !/Citation|GTRasterType/.test(name)).map(([name, value]) => [name, typeof value === 'object' && value ? Array.from(value as ArrayLike<number>) : value]).sort());
}

// Null where the file does not say where it lies.
export function groundOf(image: GeoTIFFImage): Ground | null {
  try {
    const transform = transformOf(image);
    if (!transform || !isUsable(transform)) return null;
    const keys = image.getGeoKeys() as Record<string, unknown> | null;
    const system = systemOf(keys);
    return {transform, system, degrees: system === null ? null : keys?.GTModelTypeGeoKey === 2, width: image.getWidth(), height: image.getHeight()};
  } catch {
    return null; // no place on the ground, or one that is not understood
  }
}

function boxOf({transform: t, width, height}: Ground): Box {
  const corners = [[0, 0], [width, 0], [0, height], [width, height]].map(([u, v]) => [t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]]);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

const area = ([left, bottom, right, top]: Box) => Math.max(0, right - left) * Math.max(0, top - bottom);
const shared = (a: Box, b: Box): Box => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
const meet = (a: Box, b: Box) => area(shared(a, b)) >= LEAST_SHARED * Math.min(area(a), area(b));
const pixelArea = ({transform: t}: Ground) => Math.abs(t[1] * t[5] - t[2] * t[4]);
const isUpright = ({transform: t}: Ground) => t[2] === 0 && t[4] === 0;
// To a quarter turn. Numbers of no system may count downwards.
const hasNorthUp = ({transform: t, system}: Ground) => system === null || (t[1] > 0 && t[5] < 0 && t[1] >= Math.abs(t[4]));
const mayBeDegrees = (ground: Ground) => ground.degrees ?? boxOf(ground).every((edge, i) => Math.abs(edge) <= (i % 2 ? 91 : 360));

// Whether a box is all of an upright picture, to half a pixel.
function isWhole(box: Box, {transform: t, width, height}: Ground): boolean {
  const at = [(box[0] - t[0]) / t[1], (box[2] - t[0]) / t[1], (box[1] - t[3]) / t[5], (box[3] - t[3]) / t[5]];
  const isSpan = (from: number, to: number, size: number) => Math.round(Math.min(from, to)) <= 0 && Math.round(Math.max(from, to)) >= size;
  return isSpan(at[0], at[1], width) && isSpan(at[2], at[3], height);
}

// Numbers of a system that one file does not name prove nothing where they do not meet; nor do degrees beside metres.
const mayBeOfOtherSystems = (a: Ground, b: Ground) => (a.system === null && b.system === null ? mayBeDegrees(a) !== mayBeDegrees(b) : a.system === null || b.system === null);

// What a person should know of a pair on the ground, and what the core's checks have to know. Throws where the pictures show
// different places.
export function placeOfPair(before: Ground | null, after: Ground | null): {warnings: Warning[]; place: PairPlace} {
  if (!before || !after) return {warnings: [], place: NOWHERE};
  const warn = (what: string, place = NOWHERE, why = 'the dates lie on other grids of the ground'): {warnings: Warning[]; place: PairPlace} => (
    {warnings: [{code: NOT_ALIGNED, shift: null, message: `${why} (GeoTIFF): ccx caption would ${what}; this page resizes each as a whole, so that what it tells may come of that`}], place});
  const done = (scale: number) => {
    const place = {scale, unaligned: ''};
    return hasNorthUp(before) ? {warnings: [], place} : warn('turn both, so that directions in the caption are true', place, 'north is not up in the pictures');
  };
  if (before.system !== null && after.system !== null && before.system !== after.system) return warn('bring the after picture to the coordinate system and grid of the before picture');
  const there = boxOf(after);
  // Longitudes of one place may differ by a turn, about the date line.
  const moved = (by: number): Ground => ({...before, transform: before.transform.map((value, i) => (i === 0 ? value + by : value))});
  const here = [0, ...(mayBeDegrees(before) ? [360, -360] : [])].map(moved).find((ground) => meet(boxOf(ground), there));
  if (!here) {
    if (mayBeOfOtherSystems(before, after)) return {warnings: [], place: {scale: null, unaligned: UNNAMED}};
    const edges = (box: Box) => `x ${box[0]} to ${box[2]}, y ${box[1]} to ${box[3]}`;
    throw new CodedError('different_place', `The pictures show different places: before covers ${edges(boxOf(before))}, after ${edges(there)}. Choose two dates of one place.`);
  }
  if (here.width === after.width && here.height === after.height && here.transform.every((value, i) => value === after.transform[i])) return done(1);
  const isOneWay = isUpright(here) && isUpright(after) && here.transform[1] * after.transform[1] > 0 && here.transform[5] * after.transform[5] > 0;
  if (!isOneWay) return warn('warp the after picture to the grid of the before picture');
  const both = shared(boxOf(here), there);
  if (!isWhole(both, here) || !isWhole(both, after)) return warn('cut both to the ground that they share');
  return done(Math.sqrt(pixelArea(after) / pixelArea(here)));
}
