// Quality of the answers about a whole index on public data with labels made by people (../shared/data), each beside the same measure
// by words alone. Prints Markdown.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { recommend } from '../../src/engine/answers/recommend.ts';
import { cutClusters } from '../../src/engine/analysis/clusters/clusterCut.ts';
import { clusterTree, cutTree } from '../../src/engine/analysis/clusters/hierarchy.ts';
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';
import { unusualnessOf } from '../../src/engine/analysis/outliers/outlierScores.ts';
import { clusterGraphOf } from '../../src/engine/analysis/graph/fuzzyGraph.ts';
import type { DocumentRecord, Scores, StoredChunk } from '../../src/engine/model.ts';
import { topRows } from '../../src/engine/search/topRows.ts';
import { blend, wordShareFor } from '../../src/engine/search/words/blend.ts';
import { WordIndex } from '../../src/engine/search/words/wordIndex.ts';
import { wordsOf } from '../../src/engine/search/words/wordsOf.ts';
import type { Session } from '../../src/engine/session.ts';
import type { Source } from '../../src/engine/source/source.ts';
import { sessionOver } from '../support/analysisSession.ts';
import { sharedDataFolder } from '../support/paths.ts';
import { areaUnderRoc, precisionAt10, vMeasure } from '../support/qualityMeasures.ts';
import { embedRows, testEmbedder } from '../support/testEmbedder.ts';
import { vectorTable } from '../support/vectorTable.ts';
import { lexicalGraph } from '../support/wordVectors.ts';

const K = 15;
const BATCH = 1_000;
const GRANULARITIES = 200;

function readBytes(name: string): Buffer {
  const bytes = fs.readFileSync(path.join(sharedDataFolder, name));
  return name.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes;
}

function readTsv(name: string): string[][] {
  return readBytes(name).toString('utf8').split('\n').filter(Boolean).slice(1).map((line) => line.split('\t')); // prettier-ignore
}

const column = (rows: readonly string[][], i: number): string[] => rows.map((row) => row[i] ?? '');

/** A .npy of float16, C order, as unit rows. */
function readVectors(name: string): { dimension: number; vectors: Float32Array } {
  const bytes = readBytes(name);
  const begin = 10 + bytes.readUInt16LE(8);
  const [, dimension = 0] = /'shape': \((\d+), (\d+)\)/.exec(bytes.toString('latin1', 10, begin))?.slice(1).map(Number) ?? []; // prettier-ignore
  const vectors = new Float32Array((bytes.length - begin) / 2);
  for (let i = 0; i < vectors.length; i++) vectors[i] = half(bytes.readUInt16LE(begin + 2 * i));
  for (let at = 0; at < vectors.length; at += dimension) {
    const row = vectors.subarray(at, at + dimension);
    const length = Math.hypot(...row);
    row.forEach((x, i) => (row[i] = x / length));
  }
  return { dimension, vectors };
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const chunkOf = (text: string, i: number, document: string): StoredChunk => ({ path: document, startLine: i + 1, endLine: i + 1, text, kind: 'paragraph', hash: String(i).padStart(8, '0') }); // prettier-ignore

function sessionOf(dimension: number, vectors: Float32Array, chunks: readonly StoredChunk[]): Session {
  const documents = new Map(chunks.map(({ path: at }): [string, DocumentRecord] => [at, { path: at, languageId: 'markdown', hash: at, size: 1, mtimeMs: 1, cjkLetters: 0 }])); // prettier-ignore
  return sessionOver(vectorTable(dimension, vectors, chunks), documents);
}

interface Embedded {
  readonly session: Session;
  /** Each text as an example to search by. */
  readonly examples: readonly Float32Array[];
}

async function embedAll(model: string, texts: readonly string[]): Promise<Embedded> {
  const embedder = await testEmbedder({ model });
  try {
    const { dimension } = embedder.space;
    const vectors = new Float32Array(texts.length * dimension);
    const examples: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += BATCH) {
      const rows = await embedRows(embedder, texts.slice(start, start + BATCH));
      rows.forEach((row, i) => vectors.set(row, (start + i) * dimension));
      examples.push(...rows.map((row, i) => embedder.exampleQuery(row, texts[start + i] ?? '')));
    }
    return { session: sessionOf(dimension, vectors, texts.map((text, i) => chunkOf(text, i, String(i)))), examples }; // prettier-ignore
  } finally {
    await embedder.close();
  }
}

/** Share of the ten nearest texts that have a text's label: by meaning, and by meaning and words as a search has it. */
function nearestOf({ session, examples }: Embedded, texts: readonly string[], labels: readonly string[]): { meaning: number; both: number } {
  const { table } = session.store;
  const index = new WordIndex(({ text }) => wordsOf(text));
  index.follow(table);
  const sums = { meaning: 0, both: 0 };
  for (const [i, example] of examples.entries()) {
    const share = (scores: Scores['scores'] | Float64Array): number =>
      topRows(table, scores, 11).filter(({ row }) => row !== i).slice(0, 10).filter(({ row }) => labels[row] === labels[i]).length / 10; // prettier-ignore
    const { scores } = table.scan(example);
    const text = texts[i] ?? '';
    sums.meaning += share(scores);
    sums.both += share(blend(table, scores, index.score(text), { share: wordShareFor(text), k: 11 }));
  }
  return { meaning: sums.meaning / texts.length, both: sums.both / texts.length };
} // prettier-ignore

const shown = (figure: number): string => figure.toFixed(3);
function add(set: string, measure: string, figure: number, words: number | undefined, note = ''): void {
  console.log(`| ${set} | ${measure} | ${shown(figure)} | ${words === undefined ? '-' : shown(words)} | ${note} |`);
}

async function topics(set: string, model: string, texts: readonly string[], labels: readonly string[], clustered: boolean): Promise<void> {
  const embedded = await embedAll(model, texts);
  const { structure, items, ids } = await embedded.session.analyst.graph('chunks');
  const words = lexicalGraph(texts, K);
  const labelOf = (item: number): string => labels[item] ?? '';
  const { meaning, both } = nearestOf(embedded, texts, labels);
  add(set, 'same-label P@10', meaning, precisionAt10(words, labelOf), `${model}; a search by meaning and words: ${shown(both)}`); // prettier-ignore
  if (!clustered) return;
  const known = new Set(labels).size;
  const tree = clusterTree(clusterGraphOf(words), undefined);
  const byWords = (wanted: number): number[] => {
    const cut = cutTree(tree, wanted);
    return Array.from(tree.finestOf, (finest) => cut[finest] ?? -1);
  };
  const weights = items.rows.map(() => 1);
  const cuts = Array.from({ length: GRANULARITIES + 1 }, (_, i) => cutClusters(structure, ids, weights, i / GRANULARITIES)); // prettier-ignore
  const automatic = cutClusters(structure, ids, weights);
  const nearest = cuts.reduce((best, cut) => Math.abs(cut.sizes.length - known) < Math.abs(best.sizes.length - known) ? cut : best); // prettier-ignore
  for (const [name, cut, wanted] of [['automatic', automatic, tree.automatic], ['true number', nearest, known]] as const) {
    const alone = cut.clusterOf.reduce((sum, cluster) => sum + (cluster < 0 ? 1 : 0), 0);
    const note = `${cut.sizes.length} clusters, ${known} labels, ${((100 * alone) / texts.length).toFixed(1)} % in none`;
    add(set, `v-measure, ${name}`, vMeasure(labels, [...cut.clusterOf]), vMeasure(labels, byWords(wanted)), note);
  }
} // prettier-ignore

async function strangers(): Promise<void> {
  const lines = readTsv('outliers/clinc150_oos.tsv').filter(([split]) => split === 'train' || split === 'test' || split === 'oos_test'); // prettier-ignore
  const texts = column(lines, 1);
  const { graph } = await (await embedAll('minilm', texts)).session.analyst.graph('chunks');
  const judge = (of: NeighbourGraph): number => {
    const scores = unusualnessOf(of);
    const asked = lines.flatMap(([split], i) => (split === 'train' ? [] : [i]));
    return areaUnderRoc(asked.map((i) => scores[i] ?? 0), asked.map((i) => lines[i]?.[0] === 'oos_test')); // prettier-ignore
  };
  add('CLINC150, questions out of scope', 'AUROC', judge(graph), judge(lexicalGraph(texts, K)), 'the README of the data: .841 by words'); // prettier-ignore

  const { dimension, vectors } = readVectors('outliers/adbench_NLP_by_BERT_20news_3_X_f16.npy');
  const labels = readBytes('outliers/adbench_NLP_by_BERT_20news_3_y_u8.npy').subarray(-vectors.length / dimension);
  const chunks = Array.from(labels, (_, i) => chunkOf(String(i), i, String(i)));
  const given = (await sessionOf(dimension, vectors, chunks).analyst.graph('chunks')).graph;
  const isOutlier = Array.from(labels, (label) => label === 1);
  const fifth = Array.from(labels, (_, i) => -(given.similarities[i * K + 4] ?? 0));
  add('ADBench, BERT 20news 3', 'AUROC', areaUnderRoc([...unusualnessOf(given)], isOutlier), undefined, `5-NN distance: ${shown(areaUnderRoc(fifth, isOutlier))} of unit vectors, .685 of those given`); // prettier-ignore
}

/** Which of the notes that a note links to are among ten recommendations. */
async function vaultLinks(): Promise<void> {
  const { dimension, vectors } = readVectors('vectors/vault_bge_micro_v2_27k_384_f16.npy');
  const meta = readTsv('vectors/vault_bge_micro_v2_27k_meta.tsv.gz');
  const session = sessionOf(dimension, vectors, meta.map((row, i) => chunkOf(row[3] ?? '', i, row[2] ?? ''))); // prettier-ignore
  const links = new Map<string, Set<string>>();
  for (const [from = '', to = ''] of readTsv('vectors/vault_note_links.tsv')) {
    if (from !== to && session.store.documents.has(from) && session.store.documents.has(to)) links.set(from, (links.get(from) ?? new Set()).add(to)); // prettier-ignore
  }
  let recall = 0;
  for (const [note, targets] of links) {
    const { hits } = await recommend(session, {} as Source, { example: { path: note }, top: 10 }, undefined);
    recall += hits.filter(({ path: at }) => targets.has(at)).length / targets.size;
  }
  add(
    'Vault, links between notes',
    'recall@10',
    recall / links.size,
    undefined,
    'nearest notes of the same vectors: .492',
  );
}

async function main(): Promise<void> {
  if (!fs.existsSync(sharedDataFolder)) {
    console.log(`Quality was not measured: ${sharedDataFolder} is absent.`);
    return;
  }
  console.log('### Quality of clusters, outliers and recommendations\n');
  console.log('| set | measure | by meaning | by words | |\n|---|---|---|---|---|');
  await strangers();
  await vaultLinks();
  const news = readTsv('seed/AG_news_samples.tsv');
  await topics('AG news', 'minilm', column(news, 1), column(news, 3), true);
  const bank = readTsv('topics/banking77_train.tsv');
  await topics('Banking77', 'minilm', column(bank, 0), column(bank, 1), true);
  const poems = readTsv('zh/tang_poems_12authors.tsv');
  await topics('Tang poets', 'bilingual', column(poems, 3), column(poems, 1), false);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
