// Stage 5, why: the words that a query and a chunk share, for people. Cost: the words of one chunk.
import type { StoredChunk } from '../../model.ts';
import { wordsOf, wordsOfChunk } from './wordsOf.ts';

const MOST_WORDS = 6;
/** Of the weight of the query's most telling word: `the` beside `tokenizer` explains nothing. */
const LEAST_SHARE = 0.25;

/**
 * As the query spells them, in lower case; the most telling first, ties as in the query. Words inside a longer one that is shared
 * too are left out (`安装` says more than `安`, `queryvector` more than `vector`). `weights`: of the query's words, see WordScores.
 */
export function sharedWords(
  chunk: Pick<StoredChunk, 'path' | 'context' | 'text'>,
  query: string,
  weights: ReadonlyMap<string, number>,
): string[] {
  const held = new Set(wordsOfChunk(chunk));
  const least = LEAST_SHARE * Math.max(0, ...weights.values());
  const shared = [...weights].filter(([word, weight]) => weight >= least && held.has(word));
  const spelt = wordsOf(query, (word) => word);
  const spellings = new Map(wordsOf(query).map((word, i) => [word, spelt[i] ?? word]));
  return shared
    .filter(([word]) => !shared.some(([other]) => other !== word && other.includes(word)))
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_WORDS)
    .map(([word]) => spellings.get(word) ?? word);
}
