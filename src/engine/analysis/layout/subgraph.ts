// Stage 6, layout: the part of a graph that is laid out first where there are too many items for it all. Invariant: whether an item is
// in the sample hangs on its own key and on nothing else but how many there are. Cost: one sort, one pass over the edges.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { mixBits } from './seededBits.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** `size` items, ascending. `ids`: see `itemId`. */
export function sampleOf(ids: Float64Array, size: number): Uint32Array {
  const ranks = Float64Array.from(ids, (id) => mixBits(id % 2 ** 32));
  const limit = ranks.slice().sort()[size - 1] ?? -1;
  const sample = new Uint32Array(size);
  let found = 0;
  for (let item = 0; item < ids.length && found < size; item++) if (ranks[item]! <= limit) sample[found++] = item;
  return sample;
}

/** Edges between the listed items, which get the numbers of their places in the list. */
export function subgraphOf({ count, offsets, targets, weights }: FuzzyGraph, items: Uint32Array): FuzzyGraph {
  const numberOf = new Int32Array(count).fill(-1);
  for (const [number, item] of items.entries()) numberOf[item] = number;
  const inside = new Uint32Array(items.length + 1);
  for (const [number, item] of items.entries()) {
    let edges = 0;
    for (let e = offsets[item]!; e < offsets[item + 1]!; e++) if (numberOf[targets[e]!]! >= 0) edges++;
    inside[number + 1] = inside[number]! + edges;
  }
  const own = { targets: new Uint32Array(inside[items.length]!), weights: new Float32Array(inside[items.length]!) };
  let at = 0;
  for (const item of items) {
    for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
      const number = numberOf[targets[e]!]!;
      if (number < 0) continue;
      own.targets[at] = number;
      own.weights[at++] = weights[e]!;
    }
  }
  return { count: items.length, offsets: inside, ...own };
}
