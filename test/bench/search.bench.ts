// 10,000 chunks: this store and search against stock vectra (the installed package, protobuf codec), in one process, taking
// turns. Synthetic clustered unit vectors, seeded. Prints Markdown; figures also go to out/bench/search.json.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LocalIndex } from 'vectra';
import type { EmbeddingSpace, StoredChunk } from '../../src/engine/model.ts';
import { topRows } from '../../src/engine/search/topRows.ts';
import { topK } from '../../src/engine/search/vectorSearch.ts';
import { blend } from '../../src/engine/search/words/blend.ts';
import { WordIndex } from '../../src/engine/search/words/wordIndex.ts';
import type { VectorStore } from '../../src/engine/store/store.ts';
import { openStore } from '../../src/engine/store/vectraStore.ts';
import { seeded } from '../engine/store/storeFixtures.ts';
import { stockVectra } from '../engine/store/stockVectra.ts';
import { median, timed } from '../support/measure.ts';
import { repoFolder } from '../support/paths.ts';
import { CHUNKS_A_FILE, normalRandom, type SyntheticFile, syntheticFiles } from '../support/syntheticFiles.ts';
import { vectorTable } from '../support/vectorTable.ts';

const CHUNKS = 10_000;
const TOP = 10;
const QUERIES = 40;
const OPENINGS = 7;
const REPLACEMENTS = 20;

interface Row {
  readonly dimension: number;
  readonly measure: string;
  readonly oursMs: number;
  readonly vectraMs: number;
  readonly ratio: number;
  readonly note: string;
}

/** The files of a store of {@link CHUNKS}. */
function makeFiles(dimension: number): SyntheticFile[] {
  const fileOf = syntheticFiles(dimension);
  return Array.from({ length: CHUNKS / CHUNKS_A_FILE }, (_, f) => fileOf(f));
}

const put = (store: VectorStore, { record, chunks, vectors }: SyntheticFile, version: number): Promise<void> =>
  store.replaceDocument({ ...record, hash: String(version), mtimeMs: version }, chunks, vectors);

const itemsOf = (file: SyntheticFile, dimension: number) =>
  file.chunks.map(({ path: file_, startLine, endLine, text, kind, hash }, c) => ({
    id: `${file_}#${c}`,
    metadata: { path: file_, startLine, endLine, text, kind, hash },
    vector: Array.from(file.vectors.subarray(c * dimension, (c + 1) * dimension)),
  }));

/** Longest time that the event loop was held up meanwhile. */
async function longestBlock(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const state = { running: true };
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (state.running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  state.running = false;
  return longest;
}

async function measure(dimension: number, folder: string): Promise<Row[]> {
  const { LocalIndex: Stock, LocalFileStorage, ProtobufCodec } = stockVectra();
  const files = makeFiles(dimension);
  const space: EmbeddingSpace = {
    provider: 'local',
    model: 'synthetic',
    dimension,
    output: 'dense',
    prompt: 'none',
    chunkerVersion: 1,
  };
  const options = { folder: path.join(folder, 'ours'), space, partDimensions: [dimension] };
  const stockFolder = path.join(folder, 'stock');
  const openStock = (): LocalIndex => new Stock(stockFolder, undefined, new LocalFileStorage(), new ProtobufCodec());

  let store = await openStore(options);
  const filled = await timed(async () => {
    for (const file of files) await put(store, file, 1);
  });
  let checkpointMs = 0;
  const blockMs = await longestBlock(async () => {
    checkpointMs = (await timed(() => store.checkpoint())).ms;
  });
  await store.close();
  let stock = openStock();
  const stockFilled = await timed(async () => {
    await stock.createIndex();
    await stock.batchInsertItems(files.flatMap((file) => itemsOf(file, dimension)));
  });

  const opened: number[] = [];
  const stockOpened: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const ours = await timed(() => openStore(options));
    opened.push(ours.ms);
    if (i < OPENINGS - 1) await ours.result.close();
    else store = ours.result;
    stock = openStock();
    stockOpened.push((await timed(() => stock.getIndexStats())).ms);
  }

  const random = seeded(99);
  const ours: number[] = [];
  const theirs: number[] = [];
  let same = 0;
  for (let q = 0; q < QUERIES; q++) {
    const file = files[Math.floor(random() * files.length)]!;
    const query = Float32Array.from(file.vectors.subarray(0, dimension), (x) => x + normalRandom(random) * 0.02);
    const list = Array.from(query);
    const a = await timed(() => topK(store.table, query, TOP));
    const b = await timed(() => stock.queryItems(list, '', TOP));
    ours.push(a.ms);
    theirs.push(b.ms);
    const left = a.result.map(({ row }) => `${store.table.chunks[row]?.path}:${store.table.chunks[row]?.startLine}`);
    const right = b.result.map(({ item }) => `${item.metadata['path']}:${item.metadata['startLine']}`);
    if (JSON.stringify(left) === JSON.stringify(right)) same++;
  }
  if (same < QUERIES) throw new Error(`only ${same} of ${QUERIES} queries have vectra's top ${TOP}`);

  const replaced: number[] = [];
  const stockReplaced: number[] = [];
  for (let i = 0; i < REPLACEMENTS; i++) {
    const file = files[Math.floor(random() * files.length)]!;
    replaced.push((await timed(() => put(store, file, i + 2))).ms);
    const items = itemsOf(file, dimension);
    const change = async (): Promise<void> => {
      await stock.beginUpdate();
      await stock.deleteItems(items.map(({ id }) => id));
      for (const item of items) await stock.insertItem(item);
      await stock.endUpdate();
    };
    stockReplaced.push((await timed(change)).ms);
  }
  await store.close();

  const row = (name: string, oursMs: number, vectraMs: number, note: string): Row => ({
    dimension,
    measure: name,
    oursMs,
    vectraMs,
    ratio: vectraMs / oursMs,
    note,
  });
  return [
    row('query, top 10', median(ours), median(theirs), `same top 10 in ${same} of ${QUERIES}`),
    row('open', median(opened), median(stockOpened), `median of ${OPENINGS}, files in the system's cache`),
    row('replace a file of 20 chunks', median(replaced), median(stockReplaced), 'ours flushed, vectra not'),
    row('fill', filled.ms, stockFilled.ms, `${files.length} flushed appends; vectra one unflushed batch`),
    row('checkpoint of everything', checkpointMs, NaN, `event loop held up ${blockMs.toFixed(0)} ms at most`),
  ];
}

/** The same question by meaning and by both, over chunks of 120 words whose frequencies follow Zipf's law. */
async function measureWords(dimension: number): Promise<string[]> {
  const files = makeFiles(dimension);
  const random = seeded(7);
  const word = (): string => `w${Math.floor(20_000 ** random())}`;
  const text = (words: number): string => Array.from({ length: words }, word).join(' ');
  const chunks = files.flatMap((file) => file.chunks.map((chunk): StoredChunk => ({ ...chunk, text: text(120) })));
  const vectors = new Float32Array(chunks.length * dimension);
  files.forEach((file, f) => vectors.set(file.vectors, f * CHUNKS_A_FILE * dimension));
  const table = vectorTable(dimension, vectors, chunks);
  const index = new WordIndex();
  const built = await timed(() => index.follow(table));
  const dense: number[] = [];
  const both: number[] = [];
  for (let q = 0; q < QUERIES; q++) {
    const query = vectors.subarray(q * dimension, (q + 1) * dimension);
    const words = text(6);
    dense.push((await timed(() => topK(table, query, TOP))).ms);
    const hybrid = (): unknown =>
      topRows(table, blend(table, table.scan(query).scores, index.score(words), { share: 0.3, k: TOP }), TOP);
    both.push((await timed(hybrid)).ms);
  }
  const share = median(both) / median(dense);
  return [
    `- hybrid query of 6 words over ${chunks.length} chunks x ${dimension}: ${share.toFixed(2)} times a dense one (${figure(median(both))} ms, ${figure(median(dense))} ms)`,
    `- its word index: built in ${figure(built.ms)} ms, ${(index.bytes / 1e6).toFixed(1)} MB and ${index.wordCount} words`,
  ];
}

const figure = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(value < 10 ? 2 : 0));

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-bench-'));
  const rows: Row[] = [];
  try {
    for (const dimension of [1024, 384]) rows.push(...(await measure(dimension, path.join(folder, String(dimension)))));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  console.log(`| ${CHUNKS} chunks of | what | ours ms | vectra ms | times faster | |\n|---|---|---|---|---|---|`);
  for (const { dimension, measure: name, oursMs, vectraMs, ratio, note } of rows) {
    const times = Number.isNaN(ratio) ? '-' : ratio.toFixed(1);
    console.log(`| ${dimension} | ${name} | ${figure(oursMs)} | ${figure(vectraMs)} | ${times} | ${note} |`);
  }
  const words = [...(await measureWords(1024)), ...(await measureWords(384))];
  console.log(`\n${words.join('\n')}`);
  const out = path.join(repoFolder, 'out', 'bench');
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(
    path.join(out, 'search.json'),
    `${JSON.stringify({ node: process.version, rows, words }, null, 2)}\n`,
  );
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
