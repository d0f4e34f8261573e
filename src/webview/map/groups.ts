// What the dots are coloured by: each way puts every point into one group. Invariant: a group keeps its hue from one map to the next
// unless a larger one wants the same; groups beyond the number of hues take the one whose others are farthest away. Cost: linear in
// the points.
import type { Words } from '../words.ts';
import type { MapPoints } from './points.ts';

export const COLOUR_WAYS = ['cluster', 'folder', 'language', 'outlier'] as const;
export type ColourWay = (typeof COLOUR_WAYS)[number];

export interface Group {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  /** Index of its hue (of its step of the scale, for scores); undefined: grey. */
  readonly hue: number | undefined;
}

export interface Grouping {
  readonly way: ColourWay;
  readonly groups: readonly Group[];
  readonly groupOf: Uint16Array;
}

/** Folders and languages beyond so many are called the rest. */
const MOST_NAMED = 12;
/** A folder with more than this share of all is split into its own folders. */
const LARGE_SHARE = 0.4;
/** Steps of the outlier score: the share of all that is less unusual. */
const SCORE_STEPS = [0, 0.5, 0.8, 0.95, 0.99];

export function groupedBy(way: ColourWay, points: MapPoints, hues: number, words: Words): Grouping {
  const { map } = points;
  if (way === 'outlier') return byScore(points, words);
  if (way === 'cluster') {
    const names = map.clusters.map(({ id, label }) => ({ key: id, label }));
    return named(way, points, points.groups, names, words.t('clusters.unclustered'), hues);
  }
  const nameOfPath = way === 'language' ? map.languageIds : folderNames(points);
  const sizes = sizesOf(nameOfPath, pathSizes(points));
  const kept = [...sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_NAMED);
  const indexOf = new Map(kept.map(([name], i) => [name, i]));
  const ofPath = nameOfPath.map((name) => indexOf.get(name) ?? kept.length);
  const groupOf = new Uint16Array(points.count);
  for (let point = 0; point < points.count; point++) groupOf[point] = ofPath[map.pathOf[point] ?? 0] ?? kept.length;
  const names = kept.map(([name]) => ({ key: name, label: name === '' ? words.t('map.topFolder') : name }));
  return named(way, points, groupOf, names, words.t('map.others'), hues);
}

/** Groups with hues, and the rest in grey. */
function named(
  way: ColourWay,
  points: MapPoints,
  groupOf: Uint16Array,
  names: readonly { readonly key: string; readonly label: string }[],
  rest: string,
  hues: number,
): Grouping {
  const counts = new Array<number>(names.length + 1).fill(0);
  for (const group of groupOf) counts[group] = (counts[group] ?? 0) + 1;
  const hueOf = huesOf(names, middlesOf(points, groupOf, names.length), counts, hues);
  const groups: Group[] = names.map((name, i) => ({ ...name, count: counts[i] ?? 0, hue: hueOf[i] }));
  groups.push({ key: REST, label: rest, count: counts[names.length] ?? 0, hue: undefined });
  return { way, groups, groupOf };
}

/** The key of what belongs to no named group; no id, folder or language. */
export const REST = '/';

function huesOf(
  names: readonly { readonly key: string }[],
  middles: readonly (readonly [number, number])[],
  counts: readonly number[],
  hues: number,
): readonly number[] {
  const hueOf = new Array<number>(names.length).fill(0);
  const taken: (readonly (readonly [number, number])[])[] = Array.from({ length: hues }, () => []);
  const largestFirst = [...names.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  for (const group of largestFirst) {
    const [x, y] = middles[group] ?? [0, 0];
    const wanted = hashOf(names[group]?.key ?? '') % hues;
    let best = wanted;
    let bestAway = -1;
    for (let step = 0; step < hues; step++) {
      const hue = (wanted + step) % hues;
      const away = Math.min(Infinity, ...(taken[hue] ?? []).map(([otherX, otherY]) => Math.hypot(otherX - x, otherY - y)));
      if (away > bestAway) [best, bestAway] = [hue, away];
    }
    hueOf[group] = best;
    taken[best] = [...(taken[best] ?? []), [x, y]];
  }
  return hueOf;
} // prettier-ignore

function middlesOf({ map: { x, y } }: MapPoints, groupOf: Uint16Array, groups: number): readonly (readonly [number, number])[] {
  const sums = new Float64Array(3 * (groups + 1));
  groupOf.forEach((group, point) => {
    sums[3 * group] = (sums[3 * group] ?? 0) + (x[point] ?? 0);
    sums[3 * group + 1] = (sums[3 * group + 1] ?? 0) + (y[point] ?? 0);
    sums[3 * group + 2] = (sums[3 * group + 2] ?? 0) + 1;
  });
  return Array.from({ length: groups }, (_, group) => {
    const count = Math.max(1, sums[3 * group + 2] ?? 0);
    return [(sums[3 * group] ?? 0) / count, (sums[3 * group + 1] ?? 0) / count] as const;
  });
} // prettier-ignore

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function byScore({ map: { outlierScore } }: MapPoints, words: Words): Grouping {
  const steps = SCORE_STEPS.length;
  const counts = new Array<number>(steps).fill(0);
  const groupOf = Uint16Array.from(outlierScore, (score) => {
    const step = Math.max(0, SCORE_STEPS.findLastIndex((least) => score >= least)); // prettier-ignore
    counts[step] = (counts[step] ?? 0) + 1;
    return step;
  });
  const groups = SCORE_STEPS.map((least, step) => ({
    key: String(least),
    label: `${words.count(100 * least)}–${words.percent(100 * (SCORE_STEPS[step + 1] ?? 1))}`,
    count: counts[step] ?? 0,
    hue: step,
  }));
  return { way: 'outlier', groups, groupOf };
}

/** A folder for each path: those at the top, the large ones among them split again while there are not too many. */
function folderNames(points: MapPoints): readonly string[] {
  const { paths, pathOf } = points.map;
  const sizes = pathSizes(points);
  const names = paths.map((path) => folderAt(path, 1));
  for (;;) {
    const counts = sizesOf(names, sizes);
    const large = [...counts].sort(([, m], [, n]) => n - m).find(([name, size]) => {
      if (size <= LARGE_SHARE * pathOf.length) return false;
      const deeper = new Set(paths.filter((_, i) => names[i] === name).map((path) => folderAt(path, depthOf(name) + 1)));
      deeper.delete(name);
      return deeper.size > 0 && counts.size + deeper.size <= MOST_NAMED + 1;
    })?.[0]; // prettier-ignore
    if (large === undefined) return names;
    paths.forEach((path, i) => {
      if (names[i] === large) names[i] = folderAt(path, depthOf(large) + 1);
    });
  }
}

/** How many points each path has. */
function pathSizes({ map: { paths, pathOf } }: MapPoints): Uint32Array {
  const sizes = new Uint32Array(paths.length);
  for (const path of pathOf) sizes[path] = (sizes[path] ?? 0) + 1;
  return sizes;
}

/** How many points each name has. */
function sizesOf(nameOfPath: readonly string[], sizes: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>();
  nameOfPath.forEach((name, path) => counts.set(name, (counts.get(name) ?? 0) + (sizes[path] ?? 0)));
  return counts;
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

/** The first so many folders of a path. */
function folderAt(path: string, depth: number): string {
  return path.split('/').slice(0, -1).slice(0, depth).join('/');
}
