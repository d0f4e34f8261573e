// How much of a graph a layout shows.
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';

/** Share of the items' nearest neighbours that are among as many nearest in the plane. `places`: count x 2. */
export function keptNeighbours(
  { k, neighbours }: NeighbourGraph,
  places: Float32Array,
  items: readonly number[],
): number {
  let kept = 0;
  for (const item of items) {
    const own = neighbours.subarray(item * k, (item + 1) * k);
    for (const near of nearestInPlane(places, item, k)) if (own.includes(near)) kept++;
  }
  return kept / (items.length * k);
}

/** The k items nearest to one in the plane, nearest first. */
export function nearestInPlane(places: Float32Array, item: number, k: number): Int32Array {
  const nearest = new Int32Array(k).fill(-1);
  const squares = new Float64Array(k).fill(Infinity);
  const x = places[2 * item]!;
  const y = places[2 * item + 1]!;
  for (let other = 0; other < places.length / 2; other++) {
    const square = (places[2 * other]! - x) ** 2 + (places[2 * other + 1]! - y) ** 2;
    if (square >= squares[k - 1]! || other === item) continue;
    let at = k - 1;
    for (; at > 0 && squares[at - 1]! > square; at--) {
      squares[at] = squares[at - 1]!;
      nearest[at] = nearest[at - 1]!;
    }
    squares[at] = square;
    nearest[at] = other;
  }
  return nearest;
}

/** `count` of `all` items, evenly spread. */
export function someOf(all: number, count: number): number[] {
  return Array.from({ length: Math.min(all, count) }, (_, i) => Math.floor((i * all) / Math.min(all, count)));
}
