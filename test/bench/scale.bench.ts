// 100,000 and 200,000 chunks of 1,024 elements: this store and search against stock vectra (the installed package, protobuf codec)
// in one process, taking turns; memory and opening in processes of their own. Prints Markdown; also out/bench/scale.json.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { IndexItem, LocalIndex } from 'vectra';
import type { EmbeddingSpace, StoredChunk } from '../../src/engine/model.ts';
import { maskRows } from '../../src/engine/search/filter.ts';
import { topK } from '../../src/engine/search/vectorSearch.ts';
import { ShardCodec, asVectraVector } from '../../src/engine/store/shardCodec.ts';
import type { VectorStore } from '../../src/engine/store/store.ts';
import { openStore } from '../../src/engine/store/vectraStore.ts';
import { seeded } from '../engine/store/storeFixtures.ts';
import { stockVectra } from '../engine/store/stockVectra.ts';
import { median, timed } from '../support/measure.ts';
import { repoFolder, sharedDataFolder } from '../support/paths.ts';
import { CHUNKS_A_FILE, normalRandom, type SyntheticFile, syntheticFiles } from '../support/syntheticFiles.ts';
import { vectorTable } from '../support/vectorTable.ts';

const DIMENSION = 1_024;
const CHUNKS = Number(process.env['SCALE_CHUNKS'] ?? 100_000);
const TOP = 10;
const QUERIES = 25;
const REAL_QUERIES = 200;
const OPENINGS = 3;
/** A code for each element, and a row's end. */
const CODE_MB = (CHUNKS * (DIMENSION + 16)) / 1e6;
const REPLACEMENTS = 20;
const STOCK_REPLACEMENTS = 3;

type Peer = 'ours' | 'vectra';

interface Opened {
  readonly openMs: number;
  readonly firstMs: number;
  readonly residentMb: number;
  readonly queryMs: number;
  /** Of reading as many bytes as the codes have, in the same process. */
  readonly readMs: number;
}

const space: EmbeddingSpace = {
  provider: 'local',
  model: 'synthetic',
  dimension: DIMENSION,
  output: 'dense',
  prompt: 'none',
  chunkerVersion: 1,
};

const fileOf = syntheticFiles(DIMENSION);

const openOurs = (folder: string): Promise<VectorStore> => openStore({ folder, space, partDimensions: [DIMENSION] });

function openVectra(folder: string): LocalIndex {
  const { LocalIndex: Stock, LocalFileStorage, ProtobufCodec } = stockVectra();
  return new Stock(folder, undefined, new LocalFileStorage(), new ProtobufCodec());
}

/** Near the first chunk of one file or another. */
function queriesOf(chunks: number): Float32Array[] {
  const random = seeded(99);
  return Array.from({ length: QUERIES }, () => {
    const { vectors } = fileOf(Math.floor((random() * chunks) / CHUNKS_A_FILE));
    return vectors.slice(0, DIMENSION).map((x) => x + normalRandom(random) * 0.01);
  });
}

const itemsOf = ({ chunks, vectors }: SyntheticFile): IndexItem[] =>
  chunks.map(({ path: file, startLine, endLine, text, kind, hash }, c) => ({
    id: `${file}#${c}`,
    metadata: { path: file, startLine, endLine, text, kind, hash },
    vector: asVectraVector(vectors.subarray(c * DIMENSION, (c + 1) * DIMENSION)),
    norm: 1,
  }));

async function fillOurs(folder: string, chunks: number): Promise<number> {
  const begun = performance.now();
  const store = await openOurs(folder);
  for (let f = 0; f < chunks / CHUNKS_A_FILE; f++) {
    const { record, chunks: of, vectors } = fileOf(f);
    await store.replaceDocument(record, of, vectors);
  }
  await store.close();
  return performance.now() - begun;
}

/** The bytes that vectra's own codec would write (a test compares them), made without its hours of uniqueness checks. */
function fillVectra(folder: string, chunks: number): void {
  const items = Array.from({ length: chunks / CHUNKS_A_FILE }, (_, f) => itemsOf(fileOf(f))).flat();
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.pb'), new ShardCodec().serializeIndex({ version: 1, metadata_config: {}, items })); // prettier-ignore
}

/** Opens an index in this process, which was started for it, and asks. */
async function openAndAsk(peer: Peer, folder: string): Promise<Opened> {
  const queries = queriesOf(CHUNKS);
  const [first = new Float32Array(DIMENSION)] = queries;
  const begun = performance.now();
  let ask: (query: Float32Array) => Promise<unknown>;
  if (peer === 'ours') {
    const { table } = await openOurs(folder);
    ask = (query) => Promise.resolve(topK(table, query, TOP));
  } else {
    const index = openVectra(folder);
    await index.getIndexStats();
    ask = (query) => index.queryItems(Array.from(query), '', TOP);
  }
  const openMs = performance.now() - begun;
  await ask(first);
  const firstMs = performance.now() - begun;
  const residentMb = process.memoryUsage.rss() / 1e6;
  for (const query of queries) await ask(query); // machine code is made
  const asked: number[] = [];
  for (const query of queries) asked.push((await timed(() => ask(query))).ms);
  const readMs = peer === 'ours' ? CODE_MB / readBandwidth() : 0;
  return { openMs, firstMs, residentMb, queryMs: median(asked), readMs };
}

function inProcess(peer: Peer, folder: string): Opened {
  const args = ['--max-old-space-size=8192', __filename, peer, folder];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${peer}: exit ${String(status)}\n${stderr}`);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Opened;
}

const medianOf = (all: readonly Opened[], field: keyof Opened): number => median(all.map((one) => one[field]));

/** Gigabytes a second that one thread reads: memchr over 1 GB, best of five. */
function readBandwidth(): number {
  const bytes = Buffer.alloc(1e9, 2); // zeros would be one page, again and again
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const begun = performance.now();
    if (bytes.indexOf(1) !== -1) throw new Error('found');
    best = Math.min(best, performance.now() - begun);
  }
  return 1_000 / best;
}

async function sideBySide(oursFolder: string, vectraFolder: string): Promise<string[]> {
  const store = await openOurs(oursFolder);
  const stock = openVectra(vectraFolder);
  await stock.getIndexStats();
  const { table, documents } = store;
  const filter = { paths: ['src/folder7/**'] };
  const times: Record<'ours' | 'vectra' | 'filtered', number[]> = { ours: [], vectra: [], filtered: [] };
  let same = 0;
  for (const query of queriesOf(CHUNKS)) {
    const list = Array.from(query);
    const ours = await timed(() => topK(table, query, TOP));
    const vectra = await timed(() => stock.queryItems(list, '', TOP));
    times.ours.push(ours.ms);
    times.vectra.push(vectra.ms);
    times.filtered.push((await timed(() => topK(table, query, TOP, maskRows(filter, table, documents)))).ms);
    const places = ours.result.map(({ row }) => `${table.chunks[row]?.path}:${table.chunks[row]?.startLine}`);
    const theirs = vectra.result.map(({ item }) => `${item.metadata['path']}:${item.metadata['startLine']}`);
    if (JSON.stringify(places) === JSON.stringify(theirs)) same++;
  }
  const replaced: number[] = [];
  for (let i = 0; i < REPLACEMENTS; i++) {
    const { record, chunks, vectors } = fileOf(i * 37);
    replaced.push((await timed(() => store.replaceDocument({ ...record, mtimeMs: 2 + i }, chunks, vectors))).ms);
  }
  const stockReplaced: number[] = [];
  for (let i = 0; i < STOCK_REPLACEMENTS; i++) {
    const items = itemsOf(fileOf(i * 37));
    const replace = async (): Promise<void> => {
      await stock.beginUpdate();
      await stock.deleteItems(items.map(({ id }) => id));
      for (const item of items) await stock.insertItem({ ...item, vector: Array.from(item.vector) });
      await stock.endUpdate();
    };
    stockReplaced.push((await timed(replace)).ms);
  }
  await store.close();
  const query = median(times.ours);
  return [
    line('top-10 query', query, median(times.vectra), 'stock `queryItems`', `same 10 in ${same} of ${QUERIES}`),
    line('the same, path filter that keeps 1 %', median(times.filtered), query, 'the query without it', 'the filter is worked out each time'), // prettier-ignore
    line('replace a file of 20 chunks', median(replaced), median(stockReplaced), 'stock vectra', 'ours flushed, vectra not'), // prettier-ignore
  ];
}

function line(what: string, ours: number, other: number, against: string, note: string): string {
  return `| ${what} | ${figure(ours)} | ${against} | ${figure(other)} | ${(other / ours).toFixed(2)} | ${note} |`;
}

const figure = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

/** Real vectors: 27,001 notes and blocks of one person's vault. */
async function realVectors(folder: string): Promise<string[]> {
  const file = path.join(sharedDataFolder, 'vectors/vault_bge_micro_v2_27k_384_f16.npy');
  if (!fs.existsSync(file)) return [];
  const dimension = 384;
  const vectors = readHalfFloats(file);
  const count = vectors.length / dimension;
  const row = (i: number): Float32Array => vectors.subarray(i * dimension, (i + 1) * dimension);
  for (let i = 0; i < count; i++) {
    const length = Math.hypot(...row(i));
    row(i).forEach((x, k, all) => (all[k] = x / length));
  }
  const chunks = Array.from({ length: count }, (_, i): StoredChunk => {
    const name = `note${String(i).padStart(5, '0')}`;
    return { path: name, startLine: 1, endLine: 1, text: name, kind: 'section', hash: name };
  });
  const table = vectorTable(dimension, vectors, chunks);
  const items = chunks.map(({ path: id }, i) => ({ id, metadata: { id }, vector: asVectraVector(row(i)), norm: 1 }));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.pb'), new ShardCodec().serializeIndex({ version: 1, metadata_config: {}, items })); // prettier-ignore
  const stock = openVectra(folder);
  await stock.getIndexStats();
  const random = seeded(5);
  const times: Record<'ours' | 'vectra', number[]> = { ours: [], vectra: [] };
  let found = 0;
  for (let q = 0; q < REAL_QUERIES; q++) {
    const query = row(Math.floor(random() * count)).slice();
    const list = Array.from(query);
    const ours = await timed(() => topK(table, query, TOP));
    const vectra = await timed(() => stock.queryItems(list, '', TOP));
    times.ours.push(ours.ms);
    times.vectra.push(vectra.ms);
    // Half of these notes are near-copies of others: equal scores may be told in another order.
    const worst = vectra.result.at(-1)?.score ?? 1;
    found += ours.result.filter(({ similarity }) => similarity >= worst - 1e-6).length;
  }
  const recall = found / (TOP * REAL_QUERIES);
  return [
    line(`top-10 query, ${count} real vectors x ${dimension}`, median(times.ours), median(times.vectra), 'stock `queryItems`', `recall@10 ${recall.toFixed(4)} over ${REAL_QUERIES} queries`), // prettier-ignore
  ];
}

/** NumPy's format: magic, version, length of the header (2 bytes), header, little-endian halves. */
function readHalfFloats(file: string): Float32Array {
  const bytes = fs.readFileSync(file);
  const begin = 10 + bytes.readUInt16LE(8);
  return Float32Array.from({ length: (bytes.length - begin) / 2 }, (_, i) => half(bytes.readUInt16LE(begin + 2 * i)));
}

function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  return (bits & 0x8000 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

async function main(): Promise<void> {
  const [peer, peerFolder] = process.argv.slice(2);
  if (peer && peerFolder) {
    console.log(`\n${JSON.stringify(await openAndAsk(peer as Peer, peerFolder))}`);
    process.exit(0);
  }
  const folder = process.env['SCALE_FOLDER'] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-scale-'));
  try {
    const [ours, twice, theirs] = ['ours', 'twice', 'vectra'].map((name) => path.join(folder, name)) as [string, string, string]; // prettier-ignore
    if (!fs.existsSync(ours)) {
      console.error(`filled in ${figure(await fillOurs(ours, CHUNKS))} ms`);
      fillVectra(theirs, CHUNKS);
    }
    const opened: Opened[] = [];
    const stockOpened: Opened[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      opened.push(inProcess('ours', ours));
      stockOpened.push(inProcess('vectra', theirs));
    }
    const lines = await sideBySide(ours, theirs);
    const quiet = medianOf(opened, 'queryMs');
    const readMs = medianOf(opened, 'readMs');
    lines.push(
      line('top-10 query in a process of its own', quiet, readMs, 'reading the codes', `${CODE_MB.toFixed(0)} MB at ${(CODE_MB / readMs).toFixed(1)} GB/s; ${(quiet / readMs).toFixed(2)} times that`), // prettier-ignore
      line('open to the first answer, new process', medianOf(opened, 'firstMs'), medianOf(stockOpened, 'firstMs'), 'stock vectra', `median of ${OPENINGS}; files in the system's cache`), // prettier-ignore
      line('memory of that process, MB', medianOf(opened, 'residentMb'), medianOf(stockOpened, 'residentMb'), 'stock vectra', 'resident after the first answer'), // prettier-ignore
    );
    if (!fs.existsSync(twice)) await fillOurs(twice, 2 * CHUNKS);
    const large = inProcess('ours', twice);
    const [one = large] = opened;
    lines.push(
      line(`query, ${2 * CHUNKS} chunks`, large.queryMs, quiet, `${CHUNKS} chunks`, ''),
      line(`memory, MB, ${2 * CHUNKS} chunks`, large.residentMb, medianOf(opened, 'residentMb'), `${CHUNKS} chunks`, `opened in ${figure(large.openMs)} ms`), // prettier-ignore
    );
    lines.push(...(await realVectors(path.join(folder, 'real'))));
    console.log(
      `| ${CHUNKS} chunks x ${DIMENSION} | ours | against | | times | |\n|---|---|---|---|---|---|\n${lines.join('\n')}`,
    );
    const out = path.join(repoFolder, 'out', 'bench');
    fs.mkdirSync(out, { recursive: true });
    fs.writeFileSync(path.join(out, 'scale.json'), JSON.stringify({ opened, stockOpened, large, one, lines }, null, 2));
  } finally {
    if (!process.env['SCALE_FOLDER']) fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
