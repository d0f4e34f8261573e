// Stage 6, what all answers build on: the graph of nearest neighbours, the clusters in it from few to many, where each of the finest
// points, and how unusual each item is. Pure; runs in a thread of its own. Cost: see findNeighbours.ts; after a small change that of the items that are new.
import { medoidsOf, sumsOf } from './clusters/centres.ts';
import { joinPieces } from './clusters/joinPieces.ts';
import { joinTwins } from './clusters/joinTwins.ts';
import { clusterTree, cutTree, type ClusterTree } from './clusters/hierarchy.ts';
import { membersOf } from './clusters/members.ts';
import { outsiders } from './clusters/membership.ts';
import { clusterGraphOf } from './graph/fuzzyGraph.ts';
import { findNeighbours, spareRows, updateNeighbours } from './graph/findNeighbours.ts';
import type { NeighbourGraph } from './graph/neighbourGraph.ts';
import { PairRows } from './graph/pairRows.ts';
import { outlierScoresOf, type OutlierScores } from './outliers/outlierScores.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface Structure {
  readonly graph: NeighbourGraph;
  readonly tree: ClusterTree;
  /** 1 for items that belong to no cluster, however fine. */
  readonly alone: Uint8Array;
  /** Sum of the unit vectors of each finest cluster's items, finest x dimension. */
  readonly sums: Float32Array;
  /** The item of each finest cluster that is nearest to its sum. */
  readonly medoids: Int32Array;
  readonly unusual: OutlierScores;
}

export interface StructureTask {
  /** Rows of `quantize`, count x dimension. */
  readonly integers: Int16Array;
  readonly dimension: number;
  readonly k: number;
  /** The structure before a change, and for each item its number there, or -1. */
  readonly before?:
    { readonly graph: NeighbourGraph; readonly tree: ClusterTree; readonly oldOf: Int32Array } | undefined;
}

/** A larger share of new and vanished items makes it all anew. */
const MOST_CHANGED = 0.1;
/** Share of the graph in the whole. */
const GRAPH_SHARE = 0.85;

export function makeStructure(
  { integers, dimension, k, before }: StructureTask,
  progress: (share: number) => void,
): Structure {
  const count = integers.length / dimension;
  const rows = new PairRows(dimension, count + Math.max(1, spareRows(count))); // one for a centre at least
  rows.setAll(integers);
  const tell = (share: number): void => progress(GRAPH_SHARE * share);
  const isSmallChange = before !== undefined && changeOf(before.oldOf, before.graph.count) <= MOST_CHANGED;
  const graph = isSmallChange
    ? updateNeighbours(rows, count, before.graph, before.oldOf, tell)
    : findNeighbours(rows, count, k, tell);
  progress(GRAPH_SHARE);
  const edges = clusterGraphOf(graph);
  const connected = clusterTree(edges, before && clustersBefore(before.tree, before.oldOf));
  const members = membersOf(connected.finestOf, connected.finest);
  const sums = sumsOf(integers, dimension, members);
  const tree = joinTwins(joinPieces(connected, sums, dimension, k), sums, dimension);
  const communities = cutTree(tree, tree.communities);
  const alone = outsiders(
    graph,
    edges,
    tree.finestOf.map((finest) => communities[finest]!),
  );
  const medoids = medoidsOf(rows, count, members, sums, alone);
  return { graph, tree, alone, sums, medoids, unusual: outlierScoresOf(graph) };
}

/** New and vanished items for each item. */
function changeOf(oldOf: Int32Array, oldCount: number): number {
  const fresh = oldOf.reduce((sum, old) => sum + (old < 0 ? 1 : 0), 0);
  return (fresh + oldCount - (oldOf.length - fresh)) / Math.max(1, oldOf.length);
}

function clustersBefore(tree: ClusterTree, oldOf: Int32Array): { finest: Int32Array; communities: Int32Array } {
  const cut = cutTree(tree, tree.communities);
  const finest = oldOf.map((old) => (old < 0 ? -1 : tree.finestOf[old]!));
  return { finest, communities: finest.map((cluster) => (cluster < 0 ? -1 : cut[cluster]!)) };
}
