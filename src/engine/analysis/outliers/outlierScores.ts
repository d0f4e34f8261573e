// Stage 6, how unusual each item is: its mean distance to its nearest neighbours, less a share of what theirs is to theirs, so that
// thinly settled regions are not all outliers (half way to a local outlier factor, Breunig et al. 2000). Measured on CLINC150 and
// ADBench (test/bench/analysis.bench.ts). Invariant: the same graph, the same scores. Cost: count x k.
import type { NeighbourGraph } from '../graph/neighbourGraph.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

const NEIGHBOURS = 10;
const SHARE_OF_THEIRS = 0.3;

export interface OutlierScores {
  /** 0...1, the share of all others that is less unusual. */
  readonly score: Float32Array;
  /** Mean cosine to the nearest neighbours. */
  readonly similarity: Float32Array;
  /** The median of it. */
  readonly usual: number;
}

export function outlierScoresOf(graph: NeighbourGraph): OutlierScores {
  const { count } = graph;
  const unusualness = unusualnessOf(graph);
  const similarity = new Float32Array(count);
  for (let item = 0; item < count; item++) similarity[item] = meanOver(graph, item, (_, cosine) => cosine);
  const ascending = unusualness.slice().sort();
  const score = new Float32Array(count);
  for (let item = 0; item < count; item++)
    score[item] = count < 2 ? 0 : countBelow(ascending, unusualness[item]!) / (count - 1);
  return { score, similarity, usual: similarity.slice().sort()[count >> 1] ?? 0 };
}

/** Before it is made a share of all: what the figures are measured on. */
export function unusualnessOf(graph: NeighbourGraph): Float64Array {
  const { count } = graph;
  const own = new Float64Array(count);
  // Distances of unit vectors: 2 - 2 cos is their square.
  for (let item = 0; item < count; item++)
    own[item] = meanOver(graph, item, (_, cosine) => Math.sqrt(Math.max(0, 2 - 2 * cosine)));
  return own.map((distance, item) => distance - SHARE_OF_THEIRS * meanOver(graph, item, (other) => own[other]!));
}

function meanOver(
  { k, neighbours, similarities }: NeighbourGraph,
  item: number,
  valueOf: (other: number, cosine: number) => number,
): number {
  let sum = 0;
  let counted = 0;
  for (let e = item * k; e < item * k + Math.min(k, NEIGHBOURS) && neighbours[e]! >= 0; e++, counted++)
    sum += valueOf(neighbours[e]!, similarities[e]!);
  return counted === 0 ? 0 : sum / counted;
}

function countBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
