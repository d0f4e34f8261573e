// Ready vectors of a file -> an index of their own, without a model. Invariant: one document, the file, whose chunks are its rows; rows
// without a usable vector are told one by one; the index is replaced as a whole. Cost: the numbers' parse; all vectors once in memory.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { IndexSummary } from '../../protocol/engineApi.ts';
import { countCjkLetters } from '../cjk.ts';
import { EngineError } from '../errors.ts';
import type { StoredChunk } from '../model.ts';
import { breather } from '../slices.ts';
import type { VectorStore } from '../store/store.ts';
import type { Reading } from './records.ts';
import { vectorRowsOf, type Columns, type RowProblem } from './vectorRows.ts';

export interface ImportedRows {
  readonly chunks: readonly StoredChunk[];
  /** chunks.length x dimension. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  readonly failed: readonly { readonly path: string; readonly error: string }[];
}

const PROBLEMS: Readonly<Record<RowProblem, string>> = {
  'no-text': 'no text',
  'no-vector': 'no vector',
  'bad-vector': 'no numbers, or all of them zero',
};

/** Throws `no-text` where no row has a vector, and what {@link vectorRowsOf} throws. */
export async function readVectors(file: string, columns: Columns, reading?: Reading): Promise<ImportedRows> {
  const name = path.basename(file);
  const failed: { path: string; error: string }[] = [];
  const read: { readonly chunk: StoredChunk; readonly vector: Float32Array }[] = [];
  const lengths = new Map<number, number>();
  for await (const row of vectorRowsOf(file, columns, reading)) {
    const { startLine, endLine, text, symbol, vector, problem = 'no-vector' } = row;
    if (!vector) {
      failed.push({ path: `${name}:${startLine}`, error: PROBLEMS[problem] });
      continue;
    }
    // One text may come with several vectors: equal hash, equal vector.
    const hash = createHash('sha256').update(text).update(Buffer.from(vector.buffer)).digest('hex');
    const chunk = { path: name, startLine, endLine, text, kind: 'row' as const, hash, ...(symbol !== undefined && { symbol }) }; // prettier-ignore
    read.push({ chunk, vector });
    lengths.set(vector.length, (lengths.get(vector.length) ?? 0) + 1);
  }
  const [dimension] = [...lengths].sort(([a, many], [b, few]) => few - many || b - a)[0] ?? [];
  if (dimension === undefined) throw new EngineError('no-text', { path: name });
  const kept = read.filter(({ vector }) => vector.length === dimension);
  for (const { chunk, vector } of read) {
    if (vector.length === dimension) continue;
    failed.push({ path: `${name}:${chunk.startLine}`, error: `${vector.length} numbers, not ${dimension}` });
  }
  const vectors = new Float32Array(kept.length * dimension);
  kept.forEach(({ vector }, i) => vectors.set(vector, i * dimension));
  return { chunks: kept.map(({ chunk }) => chunk), vectors, dimension, failed };
}

/** Replaces what the store held. Throws `cancelled` and what the store throws: it then holds what it held. */
export async function storeVectors(
  store: VectorStore,
  file: string,
  { chunks, vectors, failed }: ImportedRows,
  signal?: AbortSignal,
): Promise<Omit<IndexSummary, 'seconds'>> {
  const name = path.basename(file);
  const { size, mtimeMs } = await fs.stat(file);
  const breathe = breather(signal);
  const hash = createHash('sha256');
  let cjkLetters = 0;
  for (const { hash: own, text } of chunks) {
    await breathe();
    hash.update(own);
    cjkLetters += countCjkLetters(text);
  }
  const languageId = path.extname(name).slice(1).toLowerCase();
  await store.replaceAll({ path: name, languageId, hash: hash.digest('hex'), size, mtimeMs, cjkLetters }, chunks, vectors, signal); // prettier-ignore
  return { documents: 1, chunks: chunks.length, embedded: 0, reused: chunks.length, skipped: [], failed, tokens: 0 };
}
