// Stage 6, clusters of a graph that falls into pieces: where texts have more near-copies than the graph has neighbours, nothing leads from
// one text to the next. The pieces are then clustered in turn, by the graph of their centres. Invariant: the tree ends in one cluster.
// Cost: that of the graph and the clusters of as many items as there are pieces.
import { findNeighbours, spareRows } from '../graph/findNeighbours.ts';
import { clusterGraphOf } from '../graph/fuzzyGraph.ts';
import { PairRows, quantize } from '../graph/pairRows.ts';
import { clusterTree, cutRange, cutTree, type ClusterTree } from './hierarchy.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** `sums`: of the unit vectors of each finest cluster's items, finest x dimension. `k`: neighbours of a piece. */
export function joinPieces(tree: ClusterTree, sums: Float32Array, dimension: number, k: number): ClusterTree {
  const [pieces] = cutRange(tree);
  if (pieces < 2) return tree;
  const roots = cutTree(tree, pieces);
  const nodes = [...new Set(roots)];
  const pieceOf = new Map(nodes.map((node, piece) => [node, piece]));
  const centres = sumBy(roots.map((root) => pieceOf.get(root) ?? 0), sums, pieces, dimension); // prettier-ignore
  const integers = new Int16Array(centres.length);
  for (let at = 0; at < centres.length; at += dimension) {
    quantize(centres.subarray(at, at + dimension), integers.subarray(at, at + dimension));
  }
  const rows = new PairRows(dimension, pieces + spareRows(pieces));
  rows.setAll(integers);
  const ofPieces = clusterTree(clusterGraphOf(findNeighbours(rows, pieces, k, () => undefined)));
  if (cutRange(ofPieces)[0] === pieces) return tree; // near nothing
  const above = joinPieces(ofPieces, sumBy(ofPieces.finestOf, centres, ofPieces.finest, dimension), dimension, k);

  const merges = [...tree.merges];
  let next = tree.finest + merges.length / 2;
  const join = (a: number, b: number): number => {
    merges.push(a, b);
    return next++;
  };
  /** Number in the whole tree of each cluster of the tree above. */
  const numbers: number[] = [];
  for (const [piece, finest] of above.finestOf.entries()) {
    const known = numbers[finest];
    numbers[finest] = known === undefined ? nodes[piece]! : join(known, nodes[piece]!);
  }
  for (let i = 0; i < above.merges.length; i += 2)
    numbers.push(join(numbers[above.merges[i]!]!, numbers[above.merges[i + 1]!]!));
  // A few pieces are the large parts of what there is; many are texts, and those above them their topics.
  const areTexts = pieces > Math.sqrt(tree.finestOf.length);
  return { ...tree, merges: Int32Array.from(merges), automatic: areTexts ? above.automatic : tree.automatic };
}

/** Sums of the rows of each group, groups x dimension. */
function sumBy(groupOf: Int32Array, rows: Float32Array, groups: number, dimension: number): Float32Array {
  const sums = new Float32Array(groups * dimension);
  for (let row = 0; row < groupOf.length; row++) {
    const at = groupOf[row]! * dimension;
    for (let d = 0; d < dimension; d++) sums[at + d]! += rows[row * dimension + d]!;
  }
  return sums;
}
