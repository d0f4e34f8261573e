// Stage 6, which items belong to no cluster: never a forced fit. Communities take in everything that has an edge; this takes out what lies
// far from all, and what has most of its edges elsewhere. Cost: a pass over the edges.
import { clusterK, type FuzzyGraph } from '../graph/fuzzyGraph.ts';
import type { NeighbourGraph } from '../graph/neighbourGraph.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Least share of an item's edges (by weight) that lie in its cluster. */
const LEAST_SHARE = 0.35;
/** So many robust standard deviations below the median similarity an item is near nothing. */
const FAR = 3;
/** Of median absolute deviation: makes it a standard deviation where numbers are normal. */
const NORMAL = 1.4826;
/** Where nearly all are copies of each other, a small difference is no distance. */
const LEAST_SPREAD = 0.02;

/** So near are the neighbours of near-copies: what is usual among them is not what is usual among texts, if so many are none. */
const COPIES = 0.95;
const LEAST_APART = 0.1;

/** Mean cosine of each item to the neighbours that count for clusters; NaN without any. */
export function meanSimilarities(graph: NeighbourGraph): Float32Array {
  const { count, k, neighbours, similarities } = graph;
  const most = clusterK(graph);
  const means = new Float32Array(count);
  for (let item = 0; item < count; item++) {
    let sum = 0;
    let found = 0;
    for (let e = item * k; e < item * k + most; e++) {
      if (neighbours[e]! < 0) continue;
      sum += similarities[e]!;
      found++;
    }
    means[item] = found > 0 ? sum / found : NaN;
  }
  return means;
}

/** 1 for items that lie far from all others, and for those with most of their edges outside their cluster. */
export function outsiders(graph: NeighbourGraph, edges: FuzzyGraph, clusters: Int32Array): Uint8Array {
  if (graph.count === 1) return new Uint8Array(1); // one text, wherever it is
  const { offsets, targets, weights } = edges;
  const means = meanSimilarities(graph);
  const known = means.filter((mean) => !Number.isNaN(mean));
  const apart = known.filter((mean) => mean < COPIES);
  const usual = apart.length >= LEAST_APART * known.length ? apart : known;
  const median = medianOf(usual);
  const spread = NORMAL * medianOf(usual.map((mean) => Math.abs(mean - median)));
  return Uint8Array.from(means, (mean, item) => {
    if (Number.isNaN(mean) || mean < median - FAR * Math.max(spread, LEAST_SPREAD)) return 1;
    let inside = 0;
    let all = 0;
    for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
      all += weights[e]!;
      if (clusters[targets[e]!] === clusters[item]) inside += weights[e]!;
    }
    return all > 0 && inside < LEAST_SHARE * all ? 1 : 0;
  });
}

export function medianOf(values: Float32Array): number {
  if (values.length === 0) return 0;
  return values.slice().sort()[Math.floor((values.length - 1) / 2)]!;
}
