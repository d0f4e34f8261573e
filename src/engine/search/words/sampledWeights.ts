// Stage 5, why: what the words of a query weigh, without an index of words. Invariant: the same table and query, the same weights.
// Cost: the words of at most SAMPLE chunks, about 4 ms.
import type { ChunkRows } from '../../model.ts';
import { weightOf } from './wordIndex.ts';
import { wordsOf, wordsOfChunk } from './wordsOf.ts';

/** Enough to tell `the` from `tokenizer`, which is all that they are for. */
const SAMPLE = 64;

/** Of all its words: one that the sample lacks may be in a hit. */
export function sampledWeights({ chunks, count }: ChunkRows, query: string): ReadonlyMap<string, number> {
  const size = Math.min(SAMPLE, count);
  const sample = Array.from({ length: size }, (_, i) => chunks[Math.floor((i * count) / size)]);
  const held = sample.map((chunk) => new Set(chunk ? wordsOfChunk(chunk) : []));
  return new Map(
    [...new Set(wordsOf(query))].map((word) => [word, weightOf(size, held.filter((words) => words.has(word)).length)]),
  );
}
