// Stage 6, from nearest neighbours to weighted edges, as UMAP does it (McInnes, Healy, Melville 2018, section 3.1): an item's nearest
// neighbour weighs 1, the others fall off at a rate that gives every item about the same sum. Invariant: symmetric, no loops, an item's
// edges in ascending order. Cost: count x k x about five exponentials.
import type { NeighbourGraph } from './neighbourGraph.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Undirected edges by item: those of `i` are `offsets[i]` to `offsets[i + 1]`. */
export interface FuzzyGraph {
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  /** 0...1 */
  readonly weights: Float32Array;
}

const MOST_STEPS = 60;
/** Steps grow exact quadratically: one this small, as a share, is the last. */
const SMALL_STEP = 1e-5;
/** A rate no smaller than this share of the mean distance, or copies of one text would have no other neighbours. */
const LEAST_RATE = 1e-3;

/** Neighbours that count for clusters: a few items have fewer, or each would be near all others. */
export function clusterK({ count, k }: NeighbourGraph): number {
  return Math.min(k, Math.max(2, Math.round(Math.sqrt(count))));
}

export function clusterGraphOf(graph: NeighbourGraph): FuzzyGraph {
  return fuzzyGraphOf(graph, clusterK(graph));
}

/** `most`: only so many of the neighbours. */
export function fuzzyGraphOf(whole: NeighbourGraph, most = whole.k): FuzzyGraph {
  const graph = most < whole.k ? nearest(whole, most) : whole;
  const { count, k, neighbours } = graph;
  const directed = memberships(graph);
  // a + b - ab of both directions. Edges that only the other end knows are counted first.
  const degrees = new Uint32Array(count + 1);
  const back = new Int32Array(count * k).fill(-1);
  for (let item = 0; item < count; item++) {
    for (let e = item * k; e < (item + 1) * k; e++) {
      const other = neighbours[e]!;
      if (other < 0 || directed[e] === 0) continue;
      degrees[item + 1]!++;
      back[e] = edgeOf(graph, other, item);
      if (back[e] === -1 || directed[back[e]!] === 0) degrees[other + 1]!++;
    }
  }
  for (let item = 0; item < count; item++) degrees[item + 1]! += degrees[item]!;
  const offsets = degrees;
  const next = offsets.slice(0, count);
  const targets = new Uint32Array(offsets[count]!);
  const weights = new Float32Array(targets.length);
  const put = (from: number, to: number, weight: number): void => {
    const at = next[from]!++;
    targets[at] = to;
    weights[at] = weight;
  };
  for (let item = 0; item < count; item++) {
    for (let e = item * k; e < (item + 1) * k; e++) {
      const other = neighbours[e]!;
      const there = directed[e]!;
      if (other < 0 || there === 0) continue;
      const here = back[e]! < 0 ? 0 : directed[back[e]!]!;
      const weight = there + here - there * here;
      put(item, other, weight);
      if (here === 0) put(other, item, weight);
    }
  }
  for (let item = 0; item < count; item++) sortEdges(targets, weights, offsets[item]!, offsets[item + 1]!);
  return { count, offsets, targets, weights };
}

function nearest({ count, k, neighbours, similarities }: NeighbourGraph, most: number): NeighbourGraph {
  const isNear = (_: number, i: number): boolean => i % k < most;
  return { count, k: most, neighbours: neighbours.filter(isNear), similarities: similarities.filter(isNear) };
}

function edgeOf({ k, neighbours }: NeighbourGraph, from: number, to: number): number {
  for (let e = from * k; e < (from + 1) * k; e++) if (neighbours[e] === to) return e;
  return -1;
}

function memberships({ count, k, neighbours, similarities }: NeighbourGraph): Float32Array {
  const weights = new Float32Array(count * k);
  const target = Math.log2(Math.max(2, Math.min(k, count - 1)));
  let sum = 0;
  let edges = 0;
  for (let e = 0; e < weights.length; e++) {
    if (neighbours[e]! < 0) continue;
    sum += 1 - similarities[e]!;
    edges++;
  }
  const distances = new Float64Array(k);
  const leastRate = Math.max(1e-9, (LEAST_RATE * sum) / Math.max(1, edges));
  for (let item = 0; item < count; item++) {
    const begin = item * k;
    const nearest = 1 - similarities[begin]!;
    let length = 0;
    for (; length < k && neighbours[begin + length]! >= 0; length++) {
      distances[length] = Math.max(0, 1 - similarities[begin + length]! - nearest);
    }
    const rate = rateOf(distances, length, target, leastRate);
    for (let i = 0; i < length; i++) weights[begin + i] = Math.exp(-distances[i]! / rate);
  }
  return weights;
}

/**
 * The rate, `leastRate` to 1, at which the distances' memberships sum up to `target`. By Newton's method on the logarithm of the sum as a
 * function of 1/rate: it falls and is convex, so that steps from the left never go too far.
 */
function rateOf(distances: Float64Array, length: number, target: number, leastRate: number): number {
  let inverse = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    let sum = 0;
    let slope = 0;
    for (let i = 0; i < length; i++) {
      const membership = Math.exp(-distances[i]! * inverse);
      sum += membership;
      slope += distances[i]! * membership;
    }
    const further = (Math.log(sum / target) * sum) / slope;
    if (!(further > SMALL_STEP * inverse)) break; // also where nothing lies at a distance, or nothing at all
    inverse += further;
    if (inverse * leastRate >= 1) return leastRate;
  }
  return 1 / inverse;
}

/** Insertion sort: runs are short and nearly sorted. */
function sortEdges(targets: Uint32Array, weights: Float32Array, begin: number, end: number): void {
  for (let i = begin + 1; i < end; i++) {
    const target = targets[i]!;
    const weight = weights[i]!;
    let at = i - 1;
    for (; at >= begin && targets[at]! > target; at--) {
      targets[at + 1] = targets[at]!;
      weights[at + 1] = weights[at]!;
    }
    targets[at + 1] = target;
    weights[at + 1] = weight;
  }
}
