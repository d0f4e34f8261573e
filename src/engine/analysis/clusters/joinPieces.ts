// Stage 6, clusters of a graph that falls into pieces: where texts have more near-copies than the graph has neighbours, nothing leads from
// one text to the next. The pieces are then clustered in turn, by the graph of their centres. Invariant: the tree ends in one cluster,
// but for pieces that are near nothing. Cost: that of the graph and the clusters of as many items as there are pieces.
import { addTo } from '../../search/meanVector.ts';
import { findNeighbours, spareRows } from '../graph/findNeighbours.ts';
import { clusterGraphOf } from '../graph/fuzzyGraph.ts';
import { PairRows, quantize } from '../graph/pairRows.ts';
import { clusterTree, cutRange, cutTree, type ClusterTree } from './hierarchy.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** A piece of one community is a text with its copies if it has no more items than so many times k, or such a share of all. */
const TEXT_SIZE = 4;
const TEXT_SHARE = 0.01;

/** `sums`: of the unit vectors of each finest cluster's items, finest x dimension. `k`: neighbours of a piece. */
export function joinPieces(tree: ClusterTree, sums: Float32Array, dimension: number, k: number): ClusterTree {
  const [pieces] = cutRange(tree);
  if (pieces < 2) return tree;
  const roots = cutTree(tree, pieces);
  const communities = cutTree(tree, tree.communities);
  const sizes = new Map<number, number>();
  for (const finest of tree.finestOf) sizes.set(roots[finest]!, (sizes.get(roots[finest]!) ?? 0) + 1);
  /** Of each piece its communities. */
  const parts = new Map<number, Set<number>>();
  for (const [finest, root] of roots.entries()) parts.set(root, (parts.get(root) ?? new Set()).add(communities[finest]!)); // prettier-ignore
  const centres = new Map([...parts.keys()].map((root) => [root, new Float32Array(dimension)]));
  for (const [finest, root] of roots.entries()) addTo(centres.get(root)!, sums.subarray(finest * dimension, (finest + 1) * dimension)); // prettier-ignore

  const inCommunities = 2 * (tree.finest - tree.communities);
  const order = new MergeOrder(tree);
  order.take(0, inCommunities);
  // A few pieces are the large parts of what there is; many are texts, whose topics stand beside the communities of larger pieces.
  const items = tree.finestOf.length;
  const most = Math.max(TEXT_SIZE * k, TEXT_SHARE * items);
  const texts = [...parts].flatMap(([root, { size }]) => (size === 1 && sizes.get(root)! <= most ? [root] : []));
  let automatic = tree.communities;
  if (texts.length > Math.sqrt(items)) {
    const topics = joinCentres(texts, centres, dimension, k);
    const joined = texts.length - topics.automatic;
    order.join(texts, topics.merges.slice(0, joined), centres);
    automatic -= joined;
  }
  order.take(inCommunities, tree.merges.length);
  const left = [...centres.keys()];
  order.join(left, joinCentres(left, centres, dimension, k).merges, centres);
  return { ...tree, merges: order.numbered(), automatic };
}

type Merge = readonly [number, number];

/** Merge i joins two of the nodes, or what earlier merges made, into number `nodes.length + i`. */
function joinCentres(
  nodes: readonly number[],
  centres: ReadonlyMap<number, Float32Array>,
  dimension: number,
  k: number,
): { readonly merges: readonly Merge[]; readonly automatic: number } {
  const count = nodes.length;
  const none = { merges: [], automatic: count };
  if (count < 2) return none;
  const integers = new Int16Array(count * dimension);
  for (const [i, node] of nodes.entries()) {
    quantize(centres.get(node)!, integers.subarray(i * dimension, (i + 1) * dimension));
  }
  const rows = new PairRows(dimension, count + spareRows(count));
  rows.setAll(integers);
  const connected = clusterTree(clusterGraphOf(findNeighbours(rows, count, k, () => undefined)));
  if (cutRange(connected)[0] === count) return none; // near nothing
  const sums = new Float32Array(connected.finest * dimension);
  for (const [i, finest] of connected.finestOf.entries()) {
    addTo(sums.subarray(finest * dimension, (finest + 1) * dimension), centres.get(nodes[i]!)!);
  }
  const tree = joinPieces(connected, sums, dimension, k);
  const merges: Merge[] = [];
  const join = (a: number, b: number): number => count + merges.push([a, b]) - 1;
  /** Number of each cluster of the tree. */
  const numbers: number[] = [];
  for (const [i, finest] of tree.finestOf.entries()) {
    const known = numbers[finest];
    numbers[finest] = known === undefined ? i : join(known, i);
  }
  for (let i = 0; i < tree.merges.length; i += 2)
    numbers.push(join(numbers[tree.merges[i]!]!, numbers[tree.merges[i + 1]!]!));
  return { merges, automatic: tree.automatic };
}

/** Merges of a tree and new ones in another order. */
class MergeOrder {
  /** In the order in which they are to be: what is joined, and the name of what comes of it. */
  private readonly merges: { readonly pair: Merge; readonly made: number }[] = [];
  private next: number;

  constructor(private readonly tree: ClusterTree) {
    this.next = tree.finest + tree.merges.length / 2;
  }

  /** Some of the tree's own: from and to are places in its list. */
  take(from: number, to: number): void {
    const { finest, merges } = this.tree;
    for (let i = from; i < to; i += 2) this.merges.push({ pair: [merges[i]!, merges[i + 1]!], made: finest + i / 2 });
  }

  /** New ones, of {@link joinCentres}; `centres` has then what came of them in place of what was joined. */
  join(nodes: readonly number[], merges: readonly Merge[], centres: Map<number, Float32Array>): void {
    const names = [...nodes];
    for (const [a, b] of merges) {
      const pair = [names[a]!, names[b]!] as const;
      const centre = centres.get(pair[0])!.slice();
      addTo(centre, centres.get(pair[1])!);
      for (const node of pair) centres.delete(node);
      centres.set(this.next, centre);
      names.push(this.next);
      this.merges.push({ pair, made: this.next++ });
    }
  }

  numbered(): Int32Array {
    const { finest } = this.tree;
    const numberOf = new Map(this.merges.map(({ made }, i) => [made, finest + i]));
    return Int32Array.from(this.merges.flatMap(({ pair }) => pair.map((node) => numberOf.get(node) ?? node)));
  }
}
