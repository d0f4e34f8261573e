// The map's layout against umap-js 1.4.0, which is given the same graph: time, memory (each in a process of its own) and how much of the
// neighbourhoods the plane shows. And the map of AG news by labels of people. Prints Markdown; also out/bench/layout.json.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UMAP } from 'umap-js';
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';
import { layoutItems } from '../../src/engine/analysis/layout/itemLayout.ts';
import { itemId } from '../../src/engine/analysis/layout/seededBits.ts';
import { CHUNKER_VERSION } from '../../src/engine/chunk/chunker.ts';
import { createEmbedder } from '../../src/engine/embed/createEmbedder.ts';
import { cellGraph } from '../support/cellGraph.ts';
import { keptNeighbours, nearestInPlane, someOf } from '../support/keptNeighbours.ts';
import { timed } from '../support/measure.ts';
import { distFolder, modelsFolder, repoFolder, sharedDataFolder } from '../support/paths.ts';
import { seededRandom } from '../support/seededNumbers.ts';
import { CHUNKS_A_FILE, syntheticFiles } from '../support/syntheticFiles.ts';

const K = 15;
const DIMENSION = 64;
const COUNTS = (process.env['LAYOUT_ITEMS'] ?? '10000,50000').split(',').map(Number);
const SAMPLED = 2_000;
const LABELLED = 10;
const MOST_HEAP = '--max-old-space-size=8192';

type Peer = 'ours' | 'umap-js';
interface Data {
  readonly name: string;
  readonly vectors: Float32Array;
  readonly dimension: number;
  readonly graph: NeighbourGraph;
}
interface Measured {
  readonly ms: number;
  /** Most memory that the whole process ever had. */
  readonly peakMb: number;
}
interface Row {
  readonly data: string;
  readonly items: number;
  readonly peer: Peer;
  readonly seconds: number;
  readonly peakMb: number;
  readonly kept: number;
}

function synthetic(count: number): Data {
  const fileOf = syntheticFiles(DIMENSION);
  const vectors = new Float32Array(count * DIMENSION);
  for (let f = 0; f < count / CHUNKS_A_FILE; f++) vectors.set(fileOf(f).vectors, f * CHUNKS_A_FILE * DIMENSION);
  return dataOf(`synthetic, ${count / 1_000}k`, vectors, DIMENSION);
}

function vault(): Data {
  const bytes = fs.readFileSync(path.join(sharedDataFolder, 'vectors/vault_bge_micro_v2_27k_384_f16.npy'));
  const halves = new Uint16Array(new Uint8Array(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
  return dataOf('notes, 27k', Float32Array.from(halves, floatOf), 384);
}

function floatOf(half: number): number {
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1023;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return half >> 15 ? -size : size;
}

function dataOf(name: string, vectors: Float32Array, dimension: number): Data {
  return { name, vectors, dimension, graph: cellGraph(vectors, dimension, K) };
}

function layOut({ vectors, dimension, graph }: Data): Float32Array {
  const ids = Float64Array.from({ length: graph.count }, (_, i) => itemId(`item ${i}`));
  return layoutItems({ ids, graph, vectors: { values: vectors, dimension } }, () => undefined).places;
}

/** Its defaults. It counts an item as the first of its own neighbours, and takes distances. */
function umapJs({ count, k, neighbours, similarities }: NeighbourGraph): Float32Array {
  const umap = new UMAP({ nNeighbors: k + 1, random: seededRandom(1) });
  const row = <T extends Int32Array | Float32Array>(all: T, i: number): number[] => [...all.subarray(i * k, (i + 1) * k)]; // prettier-ignore
  const items = Array.from({ length: count }, (_, i) => i);
  umap.setPrecomputedKNN(
    items.map((i) => [i, ...row(neighbours, i)]),
    items.map((i) => [0, ...row(similarities, i).map((cosine) => Math.max(0, 1 - cosine))]),
  );
  return Float32Array.from(umap.fit(items.map((i) => [i])).flat());
}

/** In a process of its own: reads the data from a folder, leaves the places there. */
async function measureHere(peer: Peer, folder: string): Promise<Measured> {
  const data = readData(folder);
  const { ms, result } = await timed(() => (peer === 'ours' ? layOut(data) : umapJs(data.graph)));
  fs.writeFileSync(path.join(folder, 'places'), result);
  return { ms, peakMb: process.resourceUsage().maxRSS / 1_024 };
}

function measureThere(peer: Peer, data: Data): Row {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-layout-'));
  try {
    writeData(folder, data);
    const { stdout, status, stderr } = spawnSync(process.execPath, [MOST_HEAP, __filename, peer, folder], { encoding: 'utf8' }); // prettier-ignore
    if (status !== 0) throw new Error(`${peer}: exit ${String(status)}\n${stderr}`);
    const { ms, peakMb } = JSON.parse(stdout) as Measured;
    const places = floats(path.join(folder, 'places'));
    const { graph, name } = data;
    const kept = keptNeighbours(graph, places, someOf(graph.count, SAMPLED));
    return { data: name, items: graph.count, peer, seconds: ms / 1_000, peakMb, kept };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function writeData(folder: string, { name, vectors, dimension, graph }: Data): void {
  const { count, k, neighbours, similarities } = graph;
  fs.writeFileSync(path.join(folder, 'data.json'), JSON.stringify({ name, dimension, count, k }));
  for (const [file, values] of Object.entries({ vectors, neighbours, similarities }))
    fs.writeFileSync(path.join(folder, file), values);
}

function readData(folder: string): Data {
  const head = JSON.parse(fs.readFileSync(path.join(folder, 'data.json'), 'utf8')) as { name: string; dimension: number; count: number; k: number }; // prettier-ignore
  const { name, dimension, count, k } = head;
  const neighbours = new Int32Array(floats(path.join(folder, 'neighbours')).buffer);
  const similarities = floats(path.join(folder, 'similarities'));
  return { name, dimension, vectors: floats(path.join(folder, 'vectors')), graph: { count, k, neighbours, similarities } }; // prettier-ignore
}

function floats(file: string): Float32Array<ArrayBuffer> {
  return new Float32Array(new Uint8Array(fs.readFileSync(file)).buffer);
}

/** Share of the items' ten nearest that have their label: by the vectors, in our plane, and in that of OpenAI's t-SNE. */
async function newsMap(): Promise<{ vectors: number; ours: number; openai: number }> {
  const news = readTsv('seed/AG_news_samples.tsv');
  const embedder = await createEmbedder({
    model: 'minilm',
    modelsFolder,
    inferenceEntry: path.join(distFolder, 'inference.js'),
    maxConcurrency: 0,
    chunkerVersion: CHUNKER_VERSION,
  });
  try {
    const { vectors } = await embedder.embedPart(0, news.map(([, description = '']) => description)); // prettier-ignore
    const data = dataOf('AG news', vectors, embedder.space.dimension);
    const { k, neighbours } = data.graph;
    const labels = news.map((row) => row[3] ?? '');
    const tsne = readTsv('seed/ag_news_tsne_openai.tsv');
    const theirs = Float32Array.from(tsne.flatMap(([, x, y]) => [Number(x), Number(y)]));
    const ours = layOut(data);
    return {
      vectors: sameLabel(labels, (item) => neighbours.subarray(item * k, item * k + LABELLED)),
      ours: sameLabel(labels, (item) => nearestInPlane(ours, item, LABELLED)),
      openai: sameLabel(tsne.map(([label = '']) => label), (item) => nearestInPlane(theirs, item, LABELLED)), // prettier-ignore
    };
  } finally {
    await embedder.close();
  }
}

function sameLabel(labels: readonly string[], nearestOf: (item: number) => Int32Array): number {
  let same = 0;
  for (const [item, label] of labels.entries()) for (const near of nearestOf(item)) if (labels[near] === label) same++;
  return same / (labels.length * LABELLED);
}

function readTsv(name: string): string[][] {
  const text = fs.readFileSync(path.join(sharedDataFolder, name), 'utf8');
  return text.split('\n').filter(Boolean).slice(1).map((line) => line.split('\t')); // prettier-ignore
}

function line(ours: Row, theirs: Row): string {
  const times = theirs.seconds / ours.seconds;
  const memory = ours.peakMb / theirs.peakMb;
  return `| ${ours.data} | ${ours.seconds.toFixed(1)} s | ${theirs.seconds.toFixed(1)} s | ${times.toFixed(1)}x | ${ours.peakMb.toFixed(0)} MB | ${theirs.peakMb.toFixed(0)} MB | ${memory.toFixed(2)} | ${ours.kept.toFixed(3)} | ${theirs.kept.toFixed(3)} |`;
}

async function main(): Promise<void> {
  const [peer, folder] = process.argv.slice(2);
  if (peer && folder) {
    console.log(JSON.stringify(await measureHere(peer as Peer, folder)));
    return;
  }
  const hasData = fs.existsSync(sharedDataFolder);
  const rows: Row[] = [];
  console.log('### Layout, given the same graph (k = 15)\n');
  console.log('| data | ours | umap-js | faster | our memory | its memory | ratio | neighbours kept | by umap-js |\n|---|---|---|---|---|---|---|---|---|'); // prettier-ignore
  for (const make of [...COUNTS.map((count) => () => synthetic(count)), ...(hasData ? [vault] : [])]) {
    const data = make();
    const ours = measureThere('ours', data);
    const theirs = measureThere('umap-js', data);
    rows.push(ours, theirs);
    console.log(line(ours, theirs));
  }
  console.log('\nMemory: the most that the whole process ever had. Kept: share of the 15 nearest neighbours that are among the 15 nearest in the plane, over 2,000 items.'); // prettier-ignore
  const news = hasData ? await newsMap() : undefined;
  if (news) {
    console.log('\n### The map of AG news (2,000 texts, MiniLM): share of the ten nearest with the same label\n');
    console.log("| in our plane | by the vectors themselves | in OpenAI's t-SNE of its own vectors |\n|---|---|---|");
    console.log(`| ${news.ours.toFixed(3)} | ${news.vectors.toFixed(3)} | ${news.openai.toFixed(3)} |`);
  } else console.log(`\nReal data were not measured: ${sharedDataFolder} is absent.`);
  const out = path.join(repoFolder, 'out', 'bench');
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, 'layout.json'), JSON.stringify({ rows, news }, undefined, 2));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
