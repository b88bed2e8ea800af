// Outlines of what changed, by marching squares: of the mask that `ccx caption --masks` writes of the same map
// (core/change/change_map.h), between its cells.
import type {Kind, Outlines} from '../protocol';

// As core/change/places.h: what is a smaller share of the picture is no place.
const LEAST_SHARE = 0.0005;

// Probabilities of the kinds on a grid over the after picture. The first kind is "none".
export interface ChangeMap {
  kinds: Kind[];
  height: number;
  width: number;
  values: Float32Array; // [kinds, height, width], 0..1
}

type Point = [number, number];

// Of a square's four sides, by which of its corners are inside: where lines enter and leave. Lines run with what is inside to
// their left; of the two ambiguous squares the corners stay apart.
const LINES: Record<number, [number, number][]> = {
  1: [[2, 3]], 2: [[1, 2]], 3: [[1, 3]], 4: [[0, 1]], 5: [[0, 1], [2, 3]], 6: [[0, 2]], 7: [[0, 3]],
  8: [[3, 0]], 9: [[2, 0]], 10: [[3, 0], [1, 2]], 11: [[1, 0]], 12: [[3, 1]], 13: [[2, 1]], 14: [[3, 2]],
};

// Closed lines around the cells where the value is 0 or more, in units of cells: (0, 0) is the picture's corner. What lies
// beyond the edge is outside, and a line there runs along the edge.
export function contours(values: ArrayLike<number>, width: number, height: number): Point[][] {
  const beyond = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height;
  const at = (x: number, y: number) => (beyond(x, y) ? -Infinity : values[y * width + x]);
  const crossing = (a: number, b: number) => (a === -Infinity || b === -Infinity ? 0.5 : Math.min(1, Math.max(0, a / (a - b))));
  // An edge between two neighbouring centres has one crossing at most; its number joins the segments of two squares.
  const points = new Map<number, Point>();
  const next = new Map<number, number>();
  const stride = width + 2;
  for (let y = -1; y < height; ++y) {
    for (let x = -1; x < width; ++x) {
      const a = at(x, y), b = at(x + 1, y), c = at(x + 1, y + 1), d = at(x, y + 1);
      const inside = (a >= 0 ? 8 : 0) + (b >= 0 ? 4 : 0) + (c >= 0 ? 2 : 0) + (d >= 0 ? 1 : 0);
      if (inside === 0 || inside === 15) continue; // nearly all: nothing is made for them
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
          points.set(key, [Math.min(width, Math.max(0, px + 0.5)), Math.min(height, Math.max(0, py + 0.5))]);
        }
        next.set(edges[from][0], edges[to][0]);
      };
      for (const [from, to] of LINES[inside]) join(from, to);
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

// 0 or more where the mask is of that kind: "none" has less than a half, and no other kind has more.
function marginOf(map: ChangeMap, kind: number): Float32Array {
  const cells = map.width * map.height;
  const margin = new Float32Array(cells);
  for (let i = 0; i < cells; ++i) {
    let rival = 0;
    for (let k = 1; k < map.kinds.length; ++k) if (k !== kind) rival = Math.max(rival, map.values[k * cells + i]);
    margin[i] = Math.min(0.5 - map.values[i], map.values[kind * cells + i] - rival);
  }
  return margin;
}

// None for a pair whose caption says that nothing changed: a result never says both.
export function outlinesOf(map: ChangeMap, changed: boolean): Outlines {
  const least = LEAST_SHARE * map.width * map.height;
  const linesOf = (kind: number) => {
    const margin = marginOf(map, kind);
    return margin.some((value) => value >= 0) ? contours(margin, map.width, map.height).filter((line) => areaOf(line) >= least) : [];
  };
  const shapes = map.kinds.flatMap((kind, k) => {
    const lines = k === 0 || !changed ? [] : linesOf(k);
    const path = lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`).join('');
    return path ? [{...kind, path}] : [];
  });
  return {width: map.width, height: map.height, shapes};
}
