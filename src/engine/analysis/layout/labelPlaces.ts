// Stage 6, layout: where a cluster's label is written: where its members lie densest, which between two lobes the mean does not. Invariant:
// a text is written once, on the coarsest level that has it; the same places give the same labels. Cost: a few passes over the items.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface LabelledClusters {
  /** Of each item its cluster, or -1. */
  readonly clusterOf: Int32Array;
  /** Of each cluster. */
  readonly labels: readonly string[];
}

export interface MapLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly level: 0 | 1 | 2;
  readonly size: number;
}

/** Cells of the map along an axis; a dense spot is 3 x 3 of them. */
const CELLS = 48;
/** A border of empty cells around them spares the look whether a neighbour is outside. */
const WIDTH = CELLS + 2;

/** `places`: count x 2, -1...1. `levels`: coarsest first. Larger clusters come first in a level. */
export function labelPlaces(
  places: Float32Array,
  levels: readonly [LabelledClusters, LabelledClusters, LabelledClusters],
): MapLabel[] {
  const cells = cellsOf(places);
  const filled = new Uint32Array(WIDTH * WIDTH);
  const written = new Set<string>();
  return levels.flatMap(({ clusterOf, labels }, level) => {
    const found = membersOf(clusterOf, labels.length).flatMap((members, cluster): MapLabel[] => {
      const text = labels[cluster]!;
      if (members.length === 0 || written.has(text)) return [];
      const [x, y] = densestSpot(places, cells, members, filled);
      return [{ text, x, y, level: level as MapLabel['level'], size: members.length }];
    });
    for (const { text } of found) written.add(text);
    return found.sort((a, b) => b.size - a.size || (a.text < b.text ? -1 : 1));
  });
}

function cellsOf(places: Float32Array): Uint32Array {
  const along = (value: number): number => 1 + Math.min(CELLS - 1, Math.max(0, Math.floor(((value + 1) / 2) * CELLS)));
  return Uint32Array.from(
    { length: places.length / 2 },
    (_, item) => along(places[2 * item + 1]!) * WIDTH + along(places[2 * item]!),
  );
}

function membersOf(clusterOf: Int32Array, clusters: number): number[][] {
  const members = Array.from({ length: clusters }, (): number[] => []);
  for (const [item, cluster] of clusterOf.entries()) members[cluster]?.push(item);
  return members;
}

/** `filled`: all 0, before and after. */
function densestSpot(
  places: Float32Array,
  cells: Uint32Array,
  members: readonly number[],
  filled: Uint32Array,
): [number, number] {
  for (const item of members) filled[cells[item]!]!++;
  let densest = 0;
  let most = 0;
  for (const item of members) {
    const around = aroundOf(filled, cells[item]!);
    if (around < most || (around === most && cells[item]! >= densest)) continue;
    most = around;
    densest = cells[item]!;
  }
  for (const item of members) filled[cells[item]!] = 0;
  let x = 0;
  let y = 0;
  let near = 0;
  for (const item of members) {
    const apart = cells[item]! - densest;
    if (!NEIGHBOURHOOD.has(apart)) continue;
    x += places[2 * item]!;
    y += places[2 * item + 1]!;
    near++;
  }
  return [x / near, y / near];
}

const NEIGHBOURHOOD: ReadonlySet<number> = new Set([-WIDTH, 0, WIDTH].flatMap((row) => [row - 1, row, row + 1]));

function aroundOf(filled: Uint32Array, cell: number): number {
  let sum = 0;
  for (const apart of NEIGHBOURHOOD) sum += filled[cell + apart]!;
  return sum;
}
