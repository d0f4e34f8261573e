// Stage 5, words of chunks that are in no index of words: unsaved text. Invariant: a chunk scores as it would in the index, but that
// its words do not change what a word weighs there; a word that only added chunks hold weighs as a rare one. Cost: the words of each
// chunk once, a look at each chunk for each word of a question.
import type { StoredChunk } from '../../model.ts';
import { bm25 } from './tally.ts';
import { weightOf } from './wordIndex.ts';
import { wordsOf, wordsOfChunk } from './wordsOf.ts';

export interface CountedWords {
  readonly times: ReadonlyMap<string, number>;
  readonly length: number;
}

export function countWords(chunk: StoredChunk): CountedWords {
  const words = wordsOfChunk(chunk);
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return { times, length: words.length };
}

/** The weights of a query's words, with those that only the added chunks hold. `chunks`: how many the index has. */
export function weighAdded(
  query: string,
  weights: ReadonlyMap<string, number>,
  added: readonly CountedWords[],
  chunks: number,
): Map<string, number> {
  const all = new Map(weights);
  for (const word of new Set(wordsOf(query))) {
    if (all.has(word)) continue;
    const holders = added.filter(({ times }) => times.has(word)).length;
    if (holders > 0) all.set(word, weightOf(chunks + added.length, holders));
  }
  return all;
}

/** BM25 of each added chunk. `meanLength`: of the index's chunks. */
export function scoreAdded(
  weights: ReadonlyMap<string, number>,
  added: readonly CountedWords[],
  meanLength: number,
): number[] {
  return added.map(({ times, length }) => {
    let score = 0;
    for (const [word, weight] of weights) score += bm25(weight, times.get(word) ?? 0, length, meanLength);
    return score;
  });
}
