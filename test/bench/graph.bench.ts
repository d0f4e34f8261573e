// The graph that all answers about the whole index share, against comparing all pairs with the same kernel; the clusters in it; and the
// time of each stage from stored vectors to a labelled map. Prints Markdown.
import { joinPieces } from '../../src/engine/analysis/clusters/joinPieces.ts';
import { clusterTree, type ClusterTree } from '../../src/engine/analysis/clusters/hierarchy.ts';
import { clusterCounts, cutClusters } from '../../src/engine/analysis/clusters/clusterCut.ts';
import { finestIds } from '../../src/engine/analysis/clusters/clusterIds.ts';
import { findNeighbours, spareRows } from '../../src/engine/analysis/graph/findNeighbours.ts';
import { NearestLists } from '../../src/engine/analysis/graph/nearestLists.ts';
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';
import { PairRows, quantize } from '../../src/engine/analysis/graph/pairRows.ts';
import { labelClusters } from '../../src/engine/analysis/labels/labelClusters.ts';
import { countTerms } from '../../src/engine/analysis/labels/termCounts.ts';
import { textsACluster } from '../../src/engine/answers/clusters.ts';
import { layoutItems } from '../../src/engine/analysis/layout/itemLayout.ts';
import { itemId } from '../../src/engine/analysis/layout/seededBits.ts';
import { clusterGraphOf } from '../../src/engine/analysis/graph/fuzzyGraph.ts';
import { makeStructure } from '../../src/engine/analysis/structure.ts';
import { median, timed } from '../support/measure.ts';
import { CHUNKS_A_FILE, syntheticFiles } from '../support/syntheticFiles.ts';

const DIMENSION = 1_024;
const K = 15;
const COUNTS = (process.env['GRAPH_ITEMS'] ?? '10000,50000').split(',').map(Number);
/** All pairs of more take too long. */
const MOST_EXACT = 10_000;
/** Rows that stay in the cache while all items are compared with them. */
const BLOCK = 256;
const SLIDER_STEPS = 20;
const never = (): void => undefined;

function vectorsOf(count: number): Float32Array {
  const fileOf = syntheticFiles(DIMENSION);
  const vectors = new Float32Array(count * DIMENSION);
  for (let f = 0; f < count / CHUNKS_A_FILE; f++) vectors.set(fileOf(f).vectors, f * CHUNKS_A_FILE * DIMENSION);
  return vectors;
}

function rowsOf(integers: Int16Array, spare: number): PairRows {
  const rows = new PairRows(DIMENSION, integers.length / DIMENSION + spare);
  rows.setAll(integers);
  return rows;
}

function allPairs(rows: PairRows, count: number): NeighbourGraph {
  const lists = new NearestLists(count, K);
  for (let begin = 0; begin < count; begin += BLOCK) {
    const block = Int32Array.from({ length: Math.min(BLOCK, count - begin) }, (_, i) => begin + i);
    rows.listRows(block, block.length);
    for (let item = 0; item < count; item += 2) {
      const pair = [item, Math.min(item + 1, count - 1)];
      for (const [i, products] of rows.compare(pair[0]!, pair[1]!).entries()) {
        const own = pair[i]!;
        for (let j = 0; j < products.length; j++) {
          if (products[j]! >= lists.worst(own) && block[j] !== own) lists.offer(own, block[j]!, products[j]!);
        }
      }
    }
  }
  return lists.toGraph();
}

function recall(graph: NeighbourGraph, exact: NeighbourGraph): number {
  let found = 0;
  for (let item = 0; item < exact.count; item++) {
    const last = exact.similarities[(item + 1) * K - 1]!;
    for (let e = item * K; e < (item + 1) * K; e++) if (graph.similarities[e]! >= last) found++;
  }
  return found / (exact.count * K);
}

async function main(): Promise<void> {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(2);
  const stages: string[][] = [];
  for (const count of COUNTS) {
    const vectors = vectorsOf(count);
    const integers = new Int16Array(count * DIMENSION);
    const gathered = await timed(() => {
      for (let at = 0; at < vectors.length; at += DIMENSION) quantize(vectors.subarray(at, at + DIMENSION), integers.subarray(at, at + DIMENSION)); // prettier-ignore
    });
    const rows = rowsOf(integers, spareRows(count));
    const times: number[] = [];
    let found = await timed(() => findNeighbours(rows, count, K, never));
    times.push(found.ms);
    for (let run = 0; run < 2; run++) {
      found = await timed(() => findNeighbours(rows, count, K, never));
      times.push(found.ms);
    }
    const graphMs = median(times);
    const graph = found.result;
    if (count <= MOST_EXACT) {
      const exact = await timed(() => allPairs(rows, count));
      console.log(
        `Graph of ${count.toLocaleString('en')} x ${DIMENSION}, k = ${K}: ${seconds(graphMs)} s, recall ${recall(graph, exact.result).toFixed(4)}; all pairs with the same kernel ${seconds(exact.ms)} s: **${(exact.ms / graphMs).toFixed(1)}x**.\n`,
      );
    }
    const clusterMs: number[] = [];
    const structure = makeStructure({ integers, dimension: DIMENSION, k: K }, never);
    const makeTree = (): ClusterTree => joinPieces(clusterTree(clusterGraphOf(graph)), structure.sums, DIMENSION, K);
    for (let run = 0; run < 3; run++) clusterMs.push((await timed(makeTree)).ms);
    const clustered = { ms: median(clusterMs) };
    const ids = finestIds(structure.tree, (cluster) => String(cluster));
    const weights = new Uint8Array(count).fill(1);
    const fileOf = syntheticFiles(DIMENSION);
    const texts: string[] = [];
    const groupOf: number[] = [];
    const perGroup = new Map<number, number>();
    for (let item = 0; item < count; item++) {
      const group = structure.tree.finestOf[item]!;
      const known = perGroup.get(group) ?? 0;
      if (known >= textsACluster(structure.tree.finest)) continue;
      perGroup.set(group, known + 1);
      texts.push(fileOf(Math.floor(item / CHUNKS_A_FILE)).chunks[item % CHUNKS_A_FILE]!.text);
      groupOf.push(group);
    }
    const counted = await timed(() => countTerms({ texts, groupOf: Int32Array.from(groupOf), groups: structure.tree.finest }, never)); // prettier-ignore
    const slides: number[] = [];
    for (let step = 0; step <= SLIDER_STEPS; step++) {
      const { ms } = await timed(() => {
        const cut = cutClusters(structure, ids, weights, step / SLIDER_STEPS);
        clusterCounts(structure, weights);
        return labelClusters(counted.result, cut.clusterOfFinest, cut.sizes.length, String);
      });
      slides.push(ms);
    }
    const laidOut = await timed(() =>
      layoutItems(
        {
          ids: Float64Array.from({ length: count }, (_, i) => itemId(`item ${i}`)),
          graph,
          vectors: { values: integers, dimension: DIMENSION },
        },
        never,
      ),
    );
    stages.push([
      count.toLocaleString('en'),
      seconds(gathered.ms),
      seconds(graphMs),
      `${seconds(clustered.ms)} (${(clustered.ms / graphMs).toFixed(2)} of the graph)`,
      `${seconds(counted.ms)} (${texts.length.toLocaleString('en')} texts)`,
      `${median(slides).toFixed(0)} (most ${Math.max(...slides).toFixed(0)})`,
      seconds(laidOut.ms),
      seconds(gathered.ms + graphMs + clustered.ms + counted.ms + laidOut.ms),
    ]);
  }
  console.log(
    `| items x ${DIMENSION} | vectors, s | graph, s | clusters, s | words, s | a step of the slider, ms | layout, s | all, s |`,
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const row of stages) console.log(`| ${row.join(' | ')} |`);
}

void main();
