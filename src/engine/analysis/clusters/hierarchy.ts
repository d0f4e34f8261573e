// Stage 6, clusters from few to many as one tree, so that a slider only joins or splits. In the middle stand the communities at
// resolution 1, which need no parameter; inside each lie finer ones; above they are merged. A merge's order is that of Paris (Bonald et al.
// 2018): the pair whose edges exceed chance most. Invariant: deterministic; a cut has each item once. Cost: two runs of Leiden,
// then a step for each merge.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { leiden } from './leiden.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface ClusterTree {
  /** Finest cluster of each item, 0 ... finest - 1. */
  readonly finestOf: Int32Array;
  readonly finest: number;
  /** How many communities there are at resolution 1. */
  readonly communities: number;
  /** How many clusters the automatic cut has: as many, unless they are no topics (see joinPieces.ts). */
  readonly automatic: number;
  /** Merge i joins clusters `merges[2i]` and `merges[2i + 1]` into number `finest + i`. */
  readonly merges: Int32Array;
}

/** Items of a finest cluster, about. */
const FINEST_SIZE = 12;
/** Resolution x mean size / items, as measured on real and made graphs. */
const RESOLUTION_SIZE = 0.1;
const LEAST_FINE_RESOLUTION = 3;

/** `before`: for each item its clusters in the tree before, finest ones and communities, or -1 where it is new. */
export function clusterTree(
  graph: FuzzyGraph,
  before?: { readonly finest: Int32Array; readonly communities: Int32Array },
): ClusterTree {
  const { count } = graph;
  if (count === 0)
    return { finestOf: new Int32Array(), finest: 0, communities: 0, automatic: 0, merges: new Int32Array() };
  const base = leiden(graph, 1, before && startFrom(before.communities));
  const resolution = Math.max(LEAST_FINE_RESOLUTION, (RESOLUTION_SIZE * count) / FINEST_SIZE);
  const finestOf = leiden(within(graph, base), resolution, before && startFrom(before.finest));
  const finest = 1 + finestOf.reduce((most, cluster) => Math.max(most, cluster), -1);
  const communities = 1 + base.reduce((most, cluster) => Math.max(most, cluster), -1);
  const baseOf = new Int32Array(finest);
  for (let item = 0; item < count; item++) baseOf[finestOf[item]!] = base[item]!;
  const merger = new Merger(graph, finestOf, finest);
  const merges = merger.merge((a, b) => baseOf[merger.anyFinest(a)] === baseOf[merger.anyFinest(b)]);
  merges.push(...merger.merge(() => true));
  return { finestOf, finest, communities, automatic: communities, merges: Int32Array.from(merges.flat()) };
}

/** The number of clusters that a cut can have: at least, at most. */
export function cutRange({ finest, merges }: ClusterTree): readonly [number, number] {
  return [finest - merges.length / 2, finest];
}

/** Cluster (a number of the tree) of each finest cluster where there are `wanted` clusters, or as near as that can be. */
export function cutTree(tree: ClusterTree, wanted: number): Int32Array {
  const { finest, merges } = tree;
  const [least, most] = cutRange(tree);
  const done = finest - Math.min(most, Math.max(least, wanted));
  const parents = Int32Array.from({ length: finest + done }, (_, i) => i);
  for (let i = 0; i < done; i++) {
    parents[merges[2 * i]!] = finest + i;
    parents[merges[2 * i + 1]!] = finest + i;
  }
  for (let node = finest + done - 1; node >= 0; node--) parents[node] = parents[parents[node]!]!; // from the root downwards
  return parents.slice(0, finest);
}

/** New items begin on their own. */
function startFrom(clusters: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  let next = 0;
  return clusters.map((cluster) => {
    if (cluster < 0) return next++;
    const known = numbers.get(cluster);
    if (known !== undefined) return known;
    numbers.set(cluster, next);
    return next++;
  });
}

/** The edges that stay inside a group. */
function within(graph: FuzzyGraph, groups: Int32Array): FuzzyGraph {
  const { count, offsets, targets, weights } = graph;
  const kept = { offsets: new Uint32Array(count + 1), targets: targets.slice(), weights: weights.slice() };
  let edges = 0;
  for (let item = 0; item < count; item++) {
    for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
      if (groups[targets[e]!] !== groups[item]) continue;
      kept.targets[edges] = targets[e]!;
      kept.weights[edges++] = weights[e]!;
    }
    kept.offsets[item + 1] = edges;
  }
  return { count, ...kept };
}

class Merger {
  /** For each cluster that is left the weights to the others. */
  private readonly edges = new Map<number, Map<number, number>>();
  private readonly strengths: number[];
  private readonly finestIn: number[];

  constructor({ count, offsets, targets, weights }: FuzzyGraph, finestOf: Int32Array, finest: number) {
    this.strengths = new Array<number>(finest).fill(0);
    this.finestIn = Array.from({ length: finest }, (_, i) => i);
    for (let cluster = 0; cluster < finest; cluster++) this.edges.set(cluster, new Map());
    for (let item = 0; item < count; item++) {
      const cluster = finestOf[item]!;
      const around = this.edges.get(cluster)!;
      for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
        const other = finestOf[targets[e]!]!;
        this.strengths[cluster]! += weights[e]!;
        if (other !== cluster) around.set(other, (around.get(other) ?? 0) + weights[e]!);
      }
    }
  }

  /** One of the finest clusters in a cluster. */
  anyFinest(cluster: number): number {
    return this.finestIn[cluster]!;
  }

  /** Merges pairs that may be, nearest first, until none is left. */
  merge(may: (a: number, b: number) => boolean): [number, number][] {
    const heap = new PairHeap();
    const offer = (a: number, b: number, weight: number): void => {
      if (may(a, b)) heap.push({ a, b, nearness: weight / (this.strengths[a]! * this.strengths[b]!) });
    };
    for (const [a, around] of this.edges) for (const [b, weight] of around) if (a < b) offer(a, b, weight);
    const merges: [number, number][] = [];
    for (let pair = heap.pop(); pair; pair = heap.pop()) {
      const { a, b } = pair;
      const aroundA = this.edges.get(a);
      const aroundB = this.edges.get(b);
      if (!aroundA || !aroundB) continue; // one of them is merged already
      const joined = this.strengths.length;
      this.strengths.push(this.strengths[a]! + this.strengths[b]!);
      this.finestIn.push(this.finestIn[a]!);
      merges.push([a, b]);
      const around = new Map<number, number>();
      for (const [from, edges] of [
        [a, aroundA],
        [b, aroundB],
      ] as const) {
        // prettier-ignore
        for (const [other, weight] of edges) {
          if (other === a || other === b) continue;
          around.set(other, (around.get(other) ?? 0) + weight);
          this.edges.get(other)!.delete(from);
        }
        this.edges.delete(from);
      }
      this.edges.set(joined, around);
      for (const [other, weight] of around) {
        this.edges.get(other)!.set(joined, weight);
        offer(other, joined, weight);
      }
    }
    return merges;
  }
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly nearness: number;
}

/** A binary heap, nearest pair first, equal ones in the clusters' order. */
class PairHeap {
  private readonly pairs: Pair[] = [];

  push(pair: Pair): void {
    const { pairs } = this;
    let at = pairs.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(pair, pairs[parent]!)) break;
      pairs[at] = pairs[parent]!;
      at = parent;
    }
    pairs[at] = pair;
  }

  pop(): Pair | undefined {
    const { pairs } = this;
    const first = pairs[0];
    const last = pairs.pop();
    if (first === undefined || last === undefined || pairs.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= pairs.length) break;
      if (child + 1 < pairs.length && isBefore(pairs[child + 1]!, pairs[child]!)) child++;
      if (!isBefore(pairs[child]!, last)) break;
      pairs[at] = pairs[child]!;
      at = child;
    }
    pairs[at] = last;
    return first;
  }
}

function isBefore(one: Pair, other: Pair): boolean {
  return one.nearness > other.nearness || (one.nearness === other.nearness && (one.a - other.a || one.b - other.b) < 0);
}
