// Stage 6, one look at the tree of clusters: which cluster every item is in at a granularity. Invariant: at any granularity the same items
// belong to none, but for those whose cluster is too small to be one. Cost: one pass over the items; 21 small ones for the counts.
import { cutRange, cutTree } from './hierarchy.ts';
import type { Structure } from '../structure.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface ClusterCut {
  readonly granularity: number;
  /** By cluster, largest first. */
  readonly sizes: readonly number[];
  /** Cluster of each finest cluster, or -1 where it is too small. */
  readonly clusterOfFinest: Int32Array;
  /** Cluster of each item, or -1. */
  readonly clusterOf: Int32Array;
  /** Of each cluster the least id of its parts, which is that of another seldom: sizes change with every edit. */
  readonly ids: readonly string[];
}

/** Granularities at which counts are told: 0, 1/STEPS, ... 1. */
const STEPS = 20;

/** `weights`: for each item how much it counts (its places). Without a granularity: the automatic one. */
export function cutClusters(
  { tree, alone }: Structure,
  finestIds: readonly string[],
  weights: ArrayLike<number>,
  granularity = automaticGranularity(tree),
): ClusterCut {
  const { finest, finestOf } = tree;
  const finestSizes = sizesOf(tree, alone, weights);
  const roots = cutTree(tree, wantedAt(tree, granularity));
  const groups = new Map<number, { size: number; first: number; id: string }>();
  for (let cluster = 0; cluster < finest; cluster++) {
    const size = finestSizes[cluster]!;
    const id = finestIds[cluster] ?? String(cluster);
    const group = groups.get(roots[cluster]!);
    if (!group) groups.set(roots[cluster]!, { size, first: cluster, id });
    else {
      group.size += size;
      if (id < group.id) group.id = id;
    }
  }
  const least = leastSize(finestOf.length);
  const listed = [...groups].filter(([, { size }]) => size >= least).sort(([, a], [, b]) => b.size - a.size || a.first - b.first); // prettier-ignore
  const numberOf = new Map(listed.map(([root], number) => [root, number]));
  const clusterOfFinest = roots.map((root) => numberOf.get(root) ?? -1);
  return {
    granularity,
    sizes: listed.map(([, { size }]) => size),
    clusterOfFinest,
    clusterOf: finestOf.map((cluster, item) => (alone[item] === 1 ? -1 : clusterOfFinest[cluster]!)),
    ids: listed.map(([, { id }]) => id),
  };
}

/** How many clusters there are at each of the granularities. */
export function clusterCounts({ tree, alone }: Structure, weights: ArrayLike<number>): number[] {
  const sizes = sizesOf(tree, alone, weights);
  const least = leastSize(tree.finestOf.length);
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const groups = new Map<number, number>();
    const roots = cutTree(tree, wantedAt(tree, step / STEPS));
    for (const [cluster, root] of roots.entries()) groups.set(root, (groups.get(root) ?? 0) + sizes[cluster]!);
    return [...groups.values()].filter((size) => size >= least).length;
  });
}

function sizesOf({ finest, finestOf }: Structure['tree'], alone: Uint8Array, weights: ArrayLike<number>): Float64Array {
  const sizes = new Float64Array(finest);
  for (let item = 0; item < finestOf.length; item++) {
    if (alone[item] === 0) sizes[finestOf[item]!]! += weights[item] ?? 0;
  }
  return sizes;
}

/** Fewer are no cluster. */
function leastSize(items: number): number {
  return items < 60 ? 2 : 4;
}

/** From few to many by equal ratios. */
function wantedAt(tree: Structure['tree'], granularity: number): number {
  const [least, most] = cutRange(tree);
  if (granularity === automaticGranularity(tree)) return tree.automatic;
  return Math.round(least * (most / Math.max(1, least)) ** granularity);
}

function automaticGranularity(tree: Structure['tree']): number {
  const [least, most] = cutRange(tree);
  if (most <= least || tree.automatic <= 0) return 0;
  return Math.log(tree.automatic / least) / Math.log(most / least);
}
