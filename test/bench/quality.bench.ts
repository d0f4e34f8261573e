// Quality on public data with labels made by people (../shared/data), beside the lexical baselines measured on the same
// files (its README). Prints Markdown; figures also go to out/bench/quality.json.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { CHUNKER_VERSION } from '../../src/engine/chunk/chunker.ts';
import { createEmbedder } from '../../src/engine/embed/createEmbedder.ts';
import type { Embedder } from '../../src/engine/embed/embedder.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { VectorTable } from '../../src/engine/model.ts';
import { topRows } from '../../src/engine/search/topRows.ts';
import { topK } from '../../src/engine/search/vectorSearch.ts';
import { blend, wordShareFor } from '../../src/engine/search/words/blend.ts';
import { WordIndex } from '../../src/engine/search/words/wordIndex.ts';
import { wordsOf } from '../../src/engine/search/words/wordsOf.ts';
import { distFolder, modelsFolder, repoFolder, sharedDataFolder } from '../support/paths.ts';
import { type RowTable, vectorTable } from '../support/vectorTable.ts';

interface Row {
  readonly set: string;
  readonly measure: string;
  readonly model: string;
  readonly figure: number;
  /** Words alone and both, with this product's own words. */
  readonly words?: number;
  readonly hybrid?: number;
  readonly baseline: string;
  readonly floor: number;
}

const GUIDE_QUERIES = ['pet food', 'delicious beans', 'whole wheat pasta', 'bad delivery', 'spoilt'];

function readTsv(name: string): string[][] {
  const bytes = fs.readFileSync(path.join(sharedDataFolder, name));
  const text = (name.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter(Boolean).slice(1).map((line) => line.split('\t')); // prettier-ignore
}

const column = (rows: readonly string[][], i: number): string[] => rows.map((row) => row[i] ?? '');

async function embedAll(embedder: Embedder, texts: readonly string[]): Promise<RowTable> {
  const { dimension } = embedder.space;
  const vectors = new Float32Array(texts.length * dimension);
  for (const [p, part] of embedder.parts.entries()) {
    const made = await embedder.embedPart(p, texts);
    const width = part.space.dimension;
    for (let i = 0; i < texts.length; i++)
      vectors.set(made.vectors.subarray(i * width, (i + 1) * width), i * dimension + part.offset);
  }
  const chunks = texts.map((text, i) => ({
    path: String(i).padStart(6, '0'),
    startLine: 1,
    endLine: 1,
    text,
    kind: 'row' as const,
    hash: String(i),
  }));
  return vectorTable(dimension, vectors, chunks);
}

/** Mean reciprocal ranks over the first 200 of each query, by meaning, by words and by both; `isRight(query, row)`. */
async function meanReciprocalRanks(
  embedder: Embedder,
  table: VectorTable,
  queries: readonly string[],
  isRight: (query: number, row: number) => boolean,
): Promise<{ figure: number; words: number; hybrid: number }> {
  // The paths of these tables are numbers that we made up: only the texts count.
  const index = new WordIndex(({ text }) => wordsOf(text));
  index.follow(table);
  const sums = { figure: 0, words: 0, hybrid: 0 };
  for (const [q, query] of queries.entries()) {
    const add = (to: keyof typeof sums, scores: Float64Array | Float32Array): void => {
      const rank = topRows(table, scores, 200).findIndex(({ row }) => isRight(q, row));
      if (rank >= 0) sums[to] += 1 / (rank + 1);
    };
    const similarities = table.scan(await embedder.embedQuery(query)).scores;
    const scored = index.score(query);
    const onlyWords = new Float64Array(table.count).fill(-Infinity);
    for (const row of scored.rows) onlyWords[row] = scored.byRow[row]!;
    add('figure', similarities);
    add('words', onlyWords);
    add('hybrid', blend(table, similarities, scored, { share: wordShareFor(query), k: 200 }));
  }
  const mean = (sum: number): number => sum / queries.length;
  return { figure: mean(sums.figure), words: mean(sums.words), hybrid: mean(sums.hybrid) };
}

/** Web questions to Python functions. */
async function codeQuestions(embedder: Embedder): Promise<Row> {
  const lines = zlib.gunzipSync(fs.readFileSync(path.join(sharedDataFolder, 'code/cosqa_codebase.jsonl.gz')));
  const functions = lines.toString('utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { code: string }).code); // prettier-ignore
  const questions = readTsv('code/cosqa_dev_500.tsv');
  const table = await embedAll(embedder, functions);
  const figures = await meanReciprocalRanks(embedder, table, column(questions, 0), (q, row) => row === Number(questions[q]?.[1])); // prettier-ignore
  return {
    set: 'CoSQA, question -> function',
    measure: 'MRR',
    model: 'minilm',
    ...figures,
    baseline: '.329 (BM25)',
    floor: 0.5,
  };
}

async function banking(embedder: Embedder): Promise<Row> {
  const train = readTsv('topics/banking77_train.tsv');
  const test = readTsv('topics/banking77_test.tsv');
  const index = await embedAll(embedder, column(train, 0));
  const probes = await embedAll(embedder, column(test, 0));
  let right = 0;
  test.forEach(([text = '', label], i) => {
    const row = probes.vectors.subarray(i * probes.dimension, (i + 1) * probes.dimension);
    const [nearest] = topK(index, embedder.exampleQuery(row, text), 1);
    if (nearest && train[nearest.row]?.[1] === label) right++;
  });
  return {
    set: 'Banking77',
    measure: '1-NN accuracy',
    model: 'minilm',
    figure: right / test.length,
    baseline: '.790 (TF-IDF)',
    floor: 0.9,
  };
}

async function pythonDocs(embedder: Embedder): Promise<Row> {
  const rows = readTsv('code/python_docs_api.tsv.gz');
  const descriptions = column(rows, 1);
  const queries = [...new Set(descriptions)].filter((_, i) => i % 10 === 0);
  const table = await embedAll(embedder, column(rows, 0));
  const figures = await meanReciprocalRanks(embedder, table, queries, (q, row) => descriptions[row] === queries[q]);
  return {
    set: 'Python docs, description -> signature',
    measure: 'MRR',
    model: 'minilm',
    ...figures,
    baseline: '.447 (BM25)',
    floor: 0.44,
  };
}

async function vueSections(embedder: Embedder, language: 'EN' | 'ZH'): Promise<Row> {
  const rows = readTsv('zh/vue_docs_sections_en_zh.tsv');
  const [heading, text] = language === 'EN' ? [2, 3] : [4, 5];
  const table = await embedAll(embedder, column(rows, text));
  const figures = await meanReciprocalRanks(embedder, table, column(rows, heading), (q, row) => q === row);
  const zh = language === 'ZH';
  return {
    set: `Vue sections ${language}, heading -> text`,
    measure: 'MRR',
    model: 'bilingual',
    ...figures,
    baseline: zh ? '.414 (BM25)' : '.407 (BM25)',
    floor: zh ? 0.38 : 0.41,
  };
}

async function withEmbedder<T>(model: string, use: (embedder: Embedder) => Promise<T>): Promise<T> {
  const inferenceEntry = path.join(distFolder, 'inference.js');
  const embedder = await createEmbedder({
    model,
    modelsFolder,
    inferenceEntry,
    maxConcurrency: 0,
    chunkerVersion: CHUNKER_VERSION,
  });
  try {
    return await use(embedder);
  } finally {
    await embedder.close();
  }
}

/** The guide's five searches, through the whole engine. */
async function guideSearches(): Promise<{ query: string; hits: { similarity: number; text: string }[] }[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-guide-'));
  fs.mkdirSync(path.join(folder, 'reviews'));
  fs.copyFileSync(
    path.join(sharedDataFolder, 'seed/fine_food_reviews_1k.tsv'),
    path.join(folder, 'reviews', 'fine_food_reviews_1k.tsv'),
  );
  const engine = createEngine({
    resources: { distFolder, modelsFolder },
    onStatus: () => undefined,
    onIndexed: () => undefined,
  });
  try {
    const settings = {
      model: 'auto',
      include: [],
      exclude: [],
      maxFileBytes: 4 << 20,
      maxConcurrency: 0,
      language: 'en',
    };
    await engine.configure({
      roots: [{ folder: path.join(folder, 'reviews'), prefix: '' }],
      storageFolder: path.join(folder, 'index'),
      ...settings,
    });
    await engine.index({});
    const answers = [];
    for (const query of GUIDE_QUERIES) {
      const { hits } = await engine.search({ query, top: 3 });
      answers.push({ query, hits: hits.map(({ similarity, text }) => ({ similarity, text })) });
    }
    return answers;
  } finally {
    await engine.close();
    fs.rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  if (!fs.existsSync(sharedDataFolder)) {
    console.log(`Quality was not measured: ${sharedDataFolder} is absent.`);
    return;
  }
  const rows = [
    ...(await withEmbedder('minilm', async (embedder) => [
      await banking(embedder),
      await pythonDocs(embedder),
      await codeQuestions(embedder),
    ])),
    ...(await withEmbedder('bilingual', async (embedder) => [
      await vueSections(embedder, 'EN'),
      await vueSections(embedder, 'ZH'),
    ])),
  ];
  console.log(
    '### Quality\n\n| set | measure | model | meaning | words | both | lexical baseline | floor |\n|---|---|---|---|---|---|---|---|',
  );
  const shown = (value: number | undefined): string => value?.toFixed(3) ?? '-';
  for (const { set, measure, model, figure, words, hybrid, baseline, floor } of rows) {
    console.log(
      `| ${set} | ${measure} | ${model} | ${shown(figure)} | ${shown(words)} | ${shown(hybrid)} | ${baseline} | ${floor} |`,
    );
  }
  const searches = await guideSearches();
  console.log('\n### The five searches over 1,000 food reviews, top three of each\n');
  for (const { query, hits } of searches) {
    console.log(`- **${query}**`);
    for (const { similarity, text } of hits) {
      const [, , , score = '', summary = '', review = ''] = text.split('\t');
      console.log(`  - ${similarity.toFixed(2)} (${score} stars) ${summary}: ${review.slice(0, 90)}`);
    }
  }
  const out = path.join(repoFolder, 'out', 'bench');
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, 'quality.json'), JSON.stringify({ rows, searches }, undefined, 2));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
