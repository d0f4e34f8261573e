// The graph that all answers about the whole index share, against comparing all pairs with the same kernel; and the time of each stage
// from the vectors of an open index to a labelled map, and of a step of the slider after it. Prints Markdown.
import { findNeighbours, spareRows } from '../../src/engine/analysis/graph/findNeighbours.ts';
import { NearestLists } from '../../src/engine/analysis/graph/nearestLists.ts';
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';
import { PairRows, quantize } from '../../src/engine/analysis/graph/pairRows.ts';
import { type RunTask, type TaskName, TASKS } from '../../src/engine/analysis/tasks.ts';
import { clusters } from '../../src/engine/answers/clusters.ts';
import { mapOf } from '../../src/engine/answers/map.ts';
import { seeded } from '../engine/store/storeFixtures.ts';
import { sessionOver } from '../support/analysisSession.ts';
import { median, timed } from '../support/measure.ts';
import { CHUNKS_A_FILE, syntheticFiles } from '../support/syntheticFiles.ts';
import { vectorTable } from '../support/vectorTable.ts';

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

const CHUNK_WORDS = 100;
const VOCABULARY = 5_000;

interface Stages {
  readonly vectors: number;
  readonly graph: number;
  readonly clusters: number;
  /** The first time, before they are compiled. */
  readonly clustersAtFirst: number;
  readonly words: number;
  readonly layout: number;
  readonly all: number;
  /** Of every answer to a step of the slider. */
  readonly slides: readonly number[];
}

/** A labelled map from stored vectors, and then a slider moved, as the engine answers them, in one thread. */
async function stagesOf(count: number): Promise<Stages> {
  const fileOf = syntheticFiles(DIMENSION);
  const random = seeded(7);
  const files = Array.from({ length: count / CHUNKS_A_FILE }, (_, f) => fileOf(f));
  const word = (): string => `word${Math.floor(random() ** 2 * VOCABULARY).toString(36)}`;
  const chunks = files.flatMap((file) =>
    file.chunks.map((chunk) => ({ ...chunk, text: Array.from({ length: CHUNK_WORDS }, word).join(' ') })),
  );
  const vectors = new Float32Array(count * DIMENSION);
  files.forEach((file, f) => vectors.set(file.vectors, f * CHUNKS_A_FILE * DIMENSION));
  const took: Partial<Record<TaskName, number>> = {};
  /** Of each time that a structure was made: its graph, and all that is made of it (clusters, centres, outlier scores). */
  const structures: { readonly graph: number; readonly rest: number }[] = [];
  const run: RunTask = (name, input, _signal, progress) => {
    const began = performance.now();
    let toldAt = began;
    const output = TASKS[name](input, (share) => {
      toldAt = performance.now();
      progress(share);
    });
    const ended = performance.now();
    took[name] = ended - began;
    // Clusters are made after the last word of the graph.
    if (name === 'graph') structures.push({ graph: toldAt - began, rest: ended - toldAt });
    return Promise.resolve(output);
  };
  const documents = new Map(files.map(({ record }) => [record.path, record]));
  const session = sessionOver(vectorTable(DIMENSION, vectors, chunks), documents, new Map(), run);
  const all = await timed(() => mapOf(session, { of: 'chunks' }, undefined));
  const { items } = await session.analyst.graph('chunks');
  const gathered = await timed(() => session.analyst.rowsOf(items, undefined));
  const task = { integers: gathered.result, dimension: DIMENSION, k: K };
  for (let more = 0; more < 4; more++) await run('graph', task, new AbortController().signal, never);
  const slides: number[] = [];
  for (let step = 0; step <= SLIDER_STEPS; step++)
    slides.push(
      (await timed(() => clusters(session, { of: 'chunks', granularity: step / SLIDER_STEPS }, undefined))).ms,
    );
  const { labels = 0, layout = 0 } = took;
  return {
    vectors: gathered.ms,
    graph: median(structures.map(({ graph }) => graph)),
    clusters: median(structures.map(({ rest }) => rest)),
    clustersAtFirst: structures[0]?.rest ?? 0,
    words: labels,
    layout,
    all: all.ms,
    slides,
  };
}

async function main(): Promise<void> {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(2);
  const count = Math.min(...COUNTS);
  if (count <= MOST_EXACT) {
    const vectors = vectorsOf(count);
    const integers = new Int16Array(count * DIMENSION);
    for (let at = 0; at < vectors.length; at += DIMENSION) quantize(vectors.subarray(at, at + DIMENSION), integers.subarray(at, at + DIMENSION)); // prettier-ignore
    const rows = rowsOf(integers, spareRows(count));
    const runs: { readonly ms: number; readonly result: NeighbourGraph }[] = [];
    for (let run = 0; run < 3; run++) runs.push(await timed(() => findNeighbours(rows, count, K, never)));
    const graphMs = median(runs.map(({ ms }) => ms));
    const exact = await timed(() => allPairs(rows, count));
    console.log(
      `Graph of ${count.toLocaleString('en')} x ${DIMENSION}, k = ${K}: ${seconds(graphMs)} s, recall ${recall(runs[0]!.result, exact.result).toFixed(4)}; all pairs with the same kernel ${seconds(exact.ms)} s: **${(exact.ms / graphMs).toFixed(1)}x**.\n`,
    );
  }
  console.log(
    `| items x ${DIMENSION} | vectors, s | graph, s | clusters, s | at first, s | words, s | layout, s | map, all of it, s | answer to a step of the slider, ms |`,
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const items of COUNTS) {
    const { vectors, graph, clusters: clustered, clustersAtFirst, words, layout, all, slides } = await stagesOf(items);
    const inGraphs = (clustered / graph).toFixed(2);
    console.log(
      `| ${items.toLocaleString('en')} | ${seconds(vectors)} | ${seconds(graph)} | ${seconds(clustered)} (${inGraphs} of the graph) | ${seconds(clustersAtFirst)} | ${seconds(words)} | ${seconds(layout)} | ${seconds(all)} | ${median(slides).toFixed(0)} (most ${Math.max(...slides).toFixed(0)}) |`,
    );
  }
}

void main();
