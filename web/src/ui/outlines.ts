// Outlines of where a map is above a level, by marching squares, and the colours of the kinds of change.
import type {ChangeMap} from '../protocol';

// Colours that differ in hue and in lightness, with a dark line around them they show on any ground.
export const KIND_COLOURS: Record<string, string> = {
  building_built: '#ff6a3d', building_removed: '#57c7ff', road: '#ffd23f', vegetation_lost: '#7ee081', water: '#4f8cff', other: '#e58cff',
};
const MORE_COLOURS = ['#ff6a3d', '#57c7ff', '#ffd23f', '#7ee081', '#4f8cff', '#e58cff', '#f4f4f4', '#c7a17a'];
const LEVEL = 0.5;
const LEAST_CELLS = 2; // what is smaller is no place that one could point at

export const colourOf = (kind: string, index: number): string => KIND_COLOURS[kind] ?? MORE_COLOURS[index % MORE_COLOURS.length];
export const nameOf = (kind: string): string => kind.replaceAll('_', ' ');

type Point = [number, number];

// Closed lines around what is above `level`, in units of cells: (0, 0) is the corner of the first one. Beyond the edge
// there is nothing.
export function contours(values: ArrayLike<number>, width: number, height: number, level = LEVEL): Point[][] {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x]);
  const crossing = (a: number, b: number) => Math.min(1, Math.max(0, (level - a) / (b - a)));
  // An edge between two neighbouring centres has one crossing at most; its number joins the segments of two squares.
  const points = new Map<number, Point>();
  const next = new Map<number, number>();
  const stride = width + 2;
  for (let y = -1; y < height; ++y) {
    for (let x = -1; x < width; ++x) {
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
      const corner = (y + 1) * stride + x + 1;
      const edges: [number, () => Point][] = [
        [2 * corner, () => [x + crossing(a, b), y]], // top
        [2 * (corner + 1) + 1, () => [x + 1, y + crossing(b, c)]], // right
        [2 * (corner + stride), () => [x + crossing(d, c), y + 1]], // bottom
        [2 * corner + 1, () => [x, y + crossing(a, d)]], // left
      ];
      const join = (from: number, to: number) => {
        for (const edge of [from, to]) {
          const [key, where] = edges[edge];
          const [px, py] = where();
          points.set(key, [px + 0.5, py + 0.5]);
        }
        next.set(edges[from][0], edges[to][0]);
      };
      const inside = (a >= level ? 8 : 0) + (b >= level ? 4 : 0) + (c >= level ? 2 : 0) + (d >= level ? 1 : 0);
      // Lines run with what is inside to their left; of the two ambiguous squares the corners stay apart.
      const lines: Record<number, [number, number][]> = {
        1: [[2, 3]], 2: [[1, 2]], 3: [[1, 3]], 4: [[0, 1]], 5: [[0, 1], [2, 3]], 6: [[0, 2]], 7: [[0, 3]],
        8: [[3, 0]], 9: [[2, 0]], 10: [[3, 0], [1, 2]], 11: [[1, 0]], 12: [[3, 1]], 13: [[2, 1]], 14: [[3, 2]],
      };
      for (const [from, to] of lines[inside] ?? []) join(from, to);
    }
  }
  const closed: Point[][] = [];
  while (next.size) {
    const [start] = next.keys();
    const line: Point[] = [];
    for (let key: number | undefined = start; key !== undefined && next.has(key);) {
      line.push(points.get(key) as Point);
      const to: number = next.get(key) as number;
      next.delete(key);
      key = to;
    }
    closed.push(line);
  }
  return closed;
}

function areaOf(line: Point[]): number {
  return Math.abs(line.reduce((sum, [x, y], i) => {
    const [nx, ny] = line[(i + 1) % line.length];
    return sum + x * ny - nx * y;
  }, 0)) / 2;
}

export interface Outline {
  kind: string;
  colour: string;
  path: string; // SVG, in units of the map's cells
}

export function outlinesOf(map: ChangeMap): Outline[] {
  const cells = map.width * map.height;
  return map.kinds.flatMap((kind, k) => {
    const lines = contours(map.values.subarray(k * cells, (k + 1) * cells), map.width, map.height).filter((line) => areaOf(line) >= LEAST_CELLS);
    const path = lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`).join('');
    return path ? [{kind, colour: colourOf(kind, k), path}] : [];
  });
}
