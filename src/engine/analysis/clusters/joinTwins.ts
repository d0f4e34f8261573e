// Stage 6, clusters that only differ by less than texts do. Invariant: the tree stays as it is; the automatic cut has fewer clusters where
// the next merges join centres that are as good as one. Cost: a sum over the finest clusters.
import { cosine } from '../../search/dot.ts';
import { addTo } from '../../search/meanVector.ts';
import { cutRange, type ClusterTree } from './hierarchy.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Centres of two topics are never so near, in any model's space. */
const TWINS = 0.995;

/** `sums`: of the unit vectors of each finest cluster's items, finest x dimension. */
export function joinTwins(tree: ClusterTree, sums: Float32Array, dimension: number): ClusterTree {
  const { finest, merges } = tree;
  const [least] = cutRange(tree);
  const sumOf = (node: number): Float32Array => {
    const sum = new Float32Array(dimension);
    const parts = [node];
    for (const part of parts) {
      if (part < finest) addTo(sum, sums.subarray(part * dimension, (part + 1) * dimension));
      else parts.push(merges[2 * (part - finest)]!, merges[2 * (part - finest) + 1]!);
    }
    return sum;
  };
  let { automatic } = tree;
  for (; automatic > least; automatic--) {
    const next = 2 * (finest - automatic);
    if (cosine(sumOf(merges[next]!), sumOf(merges[next + 1]!)) < TWINS) break;
  }
  return { ...tree, automatic };
}
