// Where two rasters lie on the ground. The command brings a pair to the ground that both show; the page does not, and says
// so where it matters.
import type {GeoTIFFImage} from 'geotiff';
import type {Warning} from '../protocol';
import {CodedError} from './failure';

export interface Ground {
  system: number; // the coordinate system's EPSG number; 0 where the file names it otherwise
  box: [number, number, number, number]; // least x and y, most x and y
  width: number; // pixels
  height: number;
  turned: boolean; // against the system's axes
}

const LEAST_SHARED = 0.01; // of the smaller picture's ground, as for the command
export const NOT_ALIGNED = 'not_aligned'; // the page's alone: no record of the command knows it

// Null where the file does not say where it lies.
export function groundOf(image: GeoTIFFImage): Ground | null {
  try {
    const keys = image.getGeoKeys() as Record<string, unknown> | null;
    const system = Number(keys?.ProjectedCSTypeGeoKey ?? keys?.GeographicTypeGeoKey ?? 0);
    const box = image.getBoundingBox() as Ground['box'];
    const [a, b] = image.getResolution() as number[];
    if (!keys || !box.every(Number.isFinite) || !(box[2] > box[0] && box[3] > box[1])) return null;
    const [width, height] = [image.getWidth(), image.getHeight()];
    // Turned pictures cover less than the box around them.
    const turned = Math.abs(Math.abs(a) * width - (box[2] - box[0])) > 0.01 * (box[2] - box[0]) || Math.abs(Math.abs(b) * height - (box[3] - box[1])) > 0.01 * (box[3] - box[1]);
    return {system, box, width, height, turned};
  } catch {
    return null; // no place on the ground, or one that is not understood
  }
}

const area = ([left, bottom, right, top]: Ground['box']) => Math.max(0, right - left) * Math.max(0, top - bottom);

function isSameGrid(a: Ground, b: Ground): boolean {
  const half = (0.5 * (a.box[2] - a.box[0])) / a.width; // a pixel
  return !a.turned && !b.turned && a.width === b.width && a.height === b.height && a.box.every((edge, i) => Math.abs(edge - b.box[i]) < half);
}

// What a person should know of a pair on the ground. Throws where the pictures show different places.
export function groundWarnings(before: Ground | null, after: Ground | null): Warning[] {
  if (!before || !after) return [];
  const warn = (what: string): Warning[] => [{code: NOT_ALIGNED, shift: null, message: `the dates lie on other grids of the ground (GeoTIFF): ccx caption would ${what}; this page resizes each as a whole, so that what it tells may come of that`}];
  if (before.system !== after.system) return warn('bring the after picture to the coordinate system and grid of the before picture');
  if (isSameGrid(before, after)) return [];
  const shared: Ground['box'] = [Math.max(before.box[0], after.box[0]), Math.max(before.box[1], after.box[1]), Math.min(before.box[2], after.box[2]), Math.min(before.box[3], after.box[3])];
  if (area(shared) < LEAST_SHARED * Math.min(area(before.box), area(after.box))) {
    const edges = (ground: Ground) => `x ${ground.box[0]} to ${ground.box[2]}, y ${ground.box[1]} to ${ground.box[3]}`;
    throw new CodedError('different_place', `The pictures show different places: before covers ${edges(before)}, after ${edges(after)}. Choose two dates of one place.`);
  }
  return warn(before.turned || after.turned ? 'warp the after picture to the grid of the before picture' : 'cut both to the ground that they share');
}
