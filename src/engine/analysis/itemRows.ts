// Stage 6, the vectors of all items as rows of integers, in memory that can be handed to a thread. Invariant: vectors are found by the
// hashes of texts, so rows may move meanwhile; a text that vanishes leaves a row of zeros, which is near nothing. Cost: a copy of each
// vector, in slices that let searches through.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '../errors.ts';
import type { VectorTable } from '../model.ts';
import { quantize } from './graph/pairRows.ts';
import type { AnalysisItems } from './items.ts';

const SLICE_MS = 10;

export interface VectorSource {
  readonly table: Pick<VectorTable, 'chunks' | 'dimension'>;
  readonly findVector: (hash: string) => Float32Array | undefined;
}

/** count x dimension. Throws `cancelled`. */
export async function itemRows(
  { table: { chunks, dimension }, findVector }: VectorSource,
  { of, count, keys, rows }: AnalysisItems,
  signal: AbortSignal | undefined,
  progress: (share: number) => void,
): Promise<Int16Array> {
  // Rows are those of the turn in which the items came. One text counts once, however often a document has it.
  const hashes =
    of === 'chunks'
      ? keys.map((key) => [key])
      : rows.map((own) => [...new Set(own.map((row) => chunks[row]?.hash ?? ''))]);
  const integers = new Int16Array(count * dimension);
  let restedAt = performance.now();
  for (const [item, own] of hashes.entries()) {
    const sum = new Float64Array(dimension);
    for (const hash of own) {
      const vector = findVector(hash);
      for (let d = 0; vector && d < dimension; d++) sum[d] = (sum[d] ?? 0) + (vector[d] ?? 0);
    }
    quantize(sum, integers.subarray(item * dimension, (item + 1) * dimension));
    if (performance.now() - restedAt < SLICE_MS) continue;
    progress(item / count);
    await nextTurn();
    throwIfAborted(signal);
    restedAt = performance.now();
  }
  return integers;
}
