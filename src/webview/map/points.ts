// A map as the page works with it. Invariant: what is here has the right shape, whatever came. Cost: some passes over the points.
import type { Place } from '../../engine/model.ts';
import type { MapResult } from '../../protocol/engineApi.ts';
import type { Rect } from './camera.ts';
import { Grid } from './grid.ts';

export interface MapPoints {
  readonly map: MapResult;
  readonly count: number;
  readonly grid: Grid;
  /** The points of a document, by line. */
  ofPath(path: string): readonly number[];
  readonly placeOf: (point: number) => Omit<Place, 'text' | 'symbol'>;
  languageOf(point: number): string;
  /** Index of its cluster of each point, `clusters.length` for none. */
  readonly groups: Uint16Array;
  groupOf(point: number): number;
  /** All points in the order of a list: by cluster, then by path, then by line. */
  listed(): Uint32Array;
}

/** Undefined for what is no map. */
export function mapPoints(map: MapResult): MapPoints | undefined {
  if (!isMap(map)) return undefined;
  const { x, y, pathOf, paths, startLine, endLine, clusterOf, clusters } = map;
  const count = x.length;
  const grid = new Grid(x, y);
  const pathIndex = new Map(paths.map((path, i) => [path, i]));
  const groups = new Uint16Array(count);
  for (let point = 0; point < count; point++) {
    const cluster = clusterOf[point] ?? -1;
    groups[point] = cluster >= 0 && cluster < clusters.length ? cluster : clusters.length;
  }
  let byPath: Sorted | undefined;
  let order: Uint32Array | undefined;
  const all = (): Uint32Array => {
    const order = new Uint32Array(count);
    for (let point = 0; point < count; point++) order[point] = point;
    return order;
  };
  return {
    map,
    count,
    grid,
    groups,
    ofPath(path) {
      const index = pathIndex.get(path);
      if (index === undefined) return [];
      byPath ??= sorted(sorted(all(), startLine).order, pathOf);
      return [...byPath.order.subarray(byPath.starts[index], byPath.starts[index + 1])];
    },
    placeOf: (point) => ({
      path: paths[pathOf[point] ?? 0] ?? '',
      startLine: startLine[point] ?? 1,
      endLine: endLine[point] ?? 1,
    }),
    languageOf: (point) => map.languageIds[pathOf[point] ?? 0] ?? '',
    groupOf: (point) => groups[point] ?? clusters.length,
    listed() {
      if (!order) {
        const rank = new Int32Array(paths.length);
        const names = Array.from(paths.keys()).sort((a, b) => compare(paths[a] ?? '', paths[b] ?? ''));
        names.forEach((path, i) => (rank[path] = i));
        const rankOf = new Int32Array(count);
        for (let point = 0; point < count; point++) rankOf[point] = rank[pathOf[point] ?? 0] ?? 0;
        order = sorted(sorted(sorted(all(), startLine).order, rankOf).order, groups).order;
      }
      return order;
    },
  };
}

/** The smallest rectangle that holds some points. */
export function boundsOf({ map: { x, y } }: MapPoints, points: readonly number[]): Rect {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const point of points) {
    const [px, py] = [x[point] ?? 0, y[point] ?? 0];
    bounds.left = Math.min(bounds.left, px);
    bounds.right = Math.max(bounds.right, px);
    bounds.top = Math.min(bounds.top, py);
    bounds.bottom = Math.max(bounds.bottom, py);
  }
  return bounds;
}

interface Sorted {
  readonly order: Uint32Array;
  /** Where each key begins. */
  readonly starts: Uint32Array;
}

/** Sorts by counting, which keeps the order of equal keys: of whole numbers that are not much larger than there are points. */
function sorted(items: Uint32Array, keyOf: Int32Array | Uint16Array): Sorted {
  let most = 0;
  for (const key of keyOf) if (key > most) most = key;
  const starts = new Uint32Array(most + 2);
  for (const key of keyOf) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 1; key < starts.length; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const next = starts.slice();
  const order = new Uint32Array(items.length);
  for (const item of items) {
    const key = keyOf[item] ?? 0;
    const at = next[key] ?? 0;
    order[at] = item;
    next[key] = at + 1;
  }
  return { order, starts };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isMap(value: unknown): value is MapResult {
  if (typeof value !== 'object' || value === null) return false;
  const { cover, x, y, paths, languageIds, pathOf, startLine, endLine, clusterOf, outlierScore, clusters, labels } =
    value as Partial<Record<keyof MapResult, unknown>>;
  const isCover = typeof cover === 'object' && cover !== null && 'coverage' in cover;
  const lists = [paths, languageIds, clusters, labels];
  const columns = [x, y, pathOf, startLine, endLine, clusterOf, outlierScore];
  return (
    isCover &&
    lists.every((list) => Array.isArray(list)) &&
    x instanceof Float32Array &&
    columns.every((column) => isColumn(column, x.length)) &&
    [pathOf, startLine, endLine].every((column) => (column as Int32Array).every((entry) => entry >= 0))
  );
}

function isColumn(value: unknown, length: number): boolean {
  return (value instanceof Float32Array || value instanceof Int32Array) && value.length === length;
}
