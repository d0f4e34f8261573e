// The word index over 100,000 chunks of real text: sources and notes of node_modules, told apart from round to round by their names.
// Prints Markdown.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CodeMatrix } from '../../src/engine/matrix/codeMatrix.ts';
import type { StoredChunk, VectorTable } from '../../src/engine/model.ts';
import { topRows } from '../../src/engine/search/topRows.ts';
import { topK } from '../../src/engine/search/vectorSearch.ts';
import { blend, wordShareFor } from '../../src/engine/search/words/blend.ts';
import { decodeWords, encodeWords } from '../../src/engine/search/words/wordFile.ts';
import { WordIndex } from '../../src/engine/search/words/wordIndex.ts';
import { median } from '../support/measure.ts';
import { repoFolder } from '../support/paths.ts';
import { CHUNKS_A_FILE, syntheticFiles } from '../support/syntheticFiles.ts';

const CHUNKS = 100_000;
const DIMENSION = 1_024;
const LINES = 25;
const LETTERS = { least: 200, most: 1_500 };
const LARGEST_FILE = 400_000;
const ROUNDS = 20;
const QUERIES = [
  'how to read a file from disk',
  'return the type of this function',
  'parse json string options callback error',
  'export interface options default value',
  'create new promise timeout signal abort',
  'const the import function return null',
];

function makeChunks(): StoredChunk[] {
  const folder = path.join(repoFolder, 'node_modules');
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:js|mjs|ts|md)$/.test(file))
    .sort();
  const chunks: StoredChunk[] = [];
  for (let round = 0; chunks.length < CHUNKS; round++) {
    for (const file of files) {
      const absolute = path.join(folder, file);
      const stats = fs.statSync(absolute);
      if (!stats.isFile() || stats.size > LARGEST_FILE) continue;
      const lines = fs.readFileSync(absolute, 'utf8').split('\n');
      for (let i = 0; i < lines.length && chunks.length < CHUNKS; i += LINES) {
        const plain = lines.slice(i, i + LINES).join('\n').slice(0, LETTERS.most); // prettier-ignore
        if (plain.length < LETTERS.least) continue;
        const text = round === 0 ? plain : plain.replace(/\b([a-z]{3,})([A-Z])/g, `$1Round${round}$2`);
        const hash = createHash('sha256').update(text).digest('hex');
        chunks.push({
          path: `${round}/${file}`,
          startLine: i + 1,
          endLine: i + LINES,
          text,
          kind: 'lines',
          hash,
        });
      }
    }
  }
  return chunks;
}

/** Clustered vectors for these chunks, and the two ways to ask them. */
function vectorsBeside(chunks: readonly StoredChunk[]) {
  const fileOf = syntheticFiles(DIMENSION);
  const matrix = new CodeMatrix(DIMENSION);
  const exact = new Float32Array(CHUNKS * DIMENSION);
  for (let row = 0; row < CHUNKS; row += CHUNKS_A_FILE) {
    const { vectors } = fileOf(row / CHUNKS_A_FILE);
    exact.set(vectors, row * DIMENSION);
    for (let c = 0; c < CHUNKS_A_FILE; c++) matrix.set(row + c, vectors.subarray(c * DIMENSION, (c + 1) * DIMENSION));
  }
  const row = (i: number): Float32Array => exact.slice(i * DIMENSION, (i + 1) * DIMENSION);
  const table: VectorTable = {
    dimension: DIMENSION,
    count: CHUNKS,
    chunks,
    revision: 1,
    rowsOf: () => [],
    scan: (query) => matrix.scan(query, CHUNKS),
    row,
    roughRow: (i) => matrix.decode(i),
  };
  const queryOf = (q: number): Float32Array => row((q * 7_919) % CHUNKS);
  return {
    scan: (q: number) => table.scan(queryOf(q)).scores,
    dense: (q: number) => topK(table, queryOf(q), 30),
  };
}

async function main(): Promise<void> {
  const chunks = makeChunks();
  const table = { count: chunks.length, chunks, revision: 1 };
  const since = (begun: number): string => (performance.now() - begun).toFixed(0);
  const letters = chunks.reduce((sum, { text }) => sum + text.length, 0) / CHUNKS;
  const lines: string[] = [];

  let begun = performance.now();
  const built = new WordIndex();
  built.follow(table);
  lines.push(
    `- built over ${CHUNKS} chunks of ${letters.toFixed(0)} letters in ${since(begun)} ms; ${built.wordCount} words, ${(built.bytes / CHUNKS).toFixed(0)} bytes a chunk`,
  );

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-words-'));
  const file = path.join(folder, 'words.sidecar');
  try {
    begun = performance.now();
    fs.writeFileSync(file, Buffer.concat(await encodeWords(built.save())));
    lines.push(`- written in ${since(begun)} ms: ${(fs.statSync(file).size / 1e6).toFixed(1)} MB`);
    begun = performance.now();
    const index = new WordIndex(undefined, await decodeWords(await fs.promises.readFile(file)));
    index.follow(table);
    lines.push(`- read, checked and taken over by every chunk in ${since(begun)} ms`);
    if (index.unsavedChunks > 0) throw new Error(`${index.unsavedChunks} chunks were not taken over`);

    const { scan, dense } = vectorsBeside(chunks);
    const scoring: number[] = [];
    const blending: number[] = [];
    const byMeaning: number[] = [];
    const byBoth: number[] = [];
    for (const [q, query] of Array.from({ length: ROUNDS }, () => QUERIES)
      .flat()
      .entries()) {
      begun = performance.now();
      dense(q);
      byMeaning.push(performance.now() - begun);
      begun = performance.now();
      const similarities = scan(q);
      const scanned = performance.now();
      const words = index.score(query);
      const scored = performance.now();
      topRows(table, blend(table, similarities, words, { share: wordShareFor(query), k: 30 }), 30);
      scoring.push(scored - scanned);
      blending.push(performance.now() - scored);
      byBoth.push(performance.now() - begun);
    }
    lines.push(
      `- a query of 4 to 6 words: scored in ${median(scoring).toFixed(1)} ms, blended with similarities and ranked in ${median(blending).toFixed(1)} ms`,
      `- by meaning and words beside ${DIMENSION} elements a chunk: ${median(byBoth).toFixed(1)} ms, ${(median(byBoth) / median(byMeaning)).toFixed(2)} times by meaning alone (${median(byMeaning).toFixed(1)} ms)`,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  console.log(`### Words\n\n${lines.join('\n')}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
