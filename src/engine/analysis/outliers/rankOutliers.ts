// Stage 6, what stands apart, most unusual first. Invariant: what is too short, boilerplate or there several times is none. Pure; runs in a
// thread. Cost: the words of every text.
import { type PackedChunks, type ReadChunk, readChunks } from '../packedChunks.ts';
import { countWords, leastWordsOf, substanceOf } from '../substance.ts';
import type { OutlierScores } from './outlierScores.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface OutlierTask {
  readonly unusual: OutlierScores;
  /** By item. */
  readonly chunks: PackedChunks;
  /** Of documents: cosine of each to its nearest neighbour. */
  readonly nearest?: Float32Array;
}

export interface RankedOutliers {
  /** Items. */
  readonly order: Int32Array;
  /** Items that say too little. */
  readonly leftOut: number;
}

/** So near is only a document of the same text. */
const COPY = 0.9999;

export function rankOutliers(
  { unusual: { score, similarity }, chunks: packed, nearest }: OutlierTask,
  progress: (share: number) => void,
): RankedOutliers {
  const chunks = readChunks(packed);
  const words = Float64Array.from(chunks, (own, item) => {
    if ((item & 63) === 0) progress(item / chunks.length);
    return wordsIn(own);
  });
  const least = leastWordsOf(words);
  const isRepeated = (item: number): boolean => (nearest ? nearest[item]! >= COPY : chunks[item]!.length > 1);
  const items = Int32Array.from(chunks.keys());
  return {
    order: items
      .filter((item) => words[item]! >= least && !isRepeated(item))
      .sort((a, b) => score[b]! - score[a]! || similarity[a]! - similarity[b]! || a - b),
    leftOut: items.filter((item) => words[item]! < least && chunks[item]!.length > 0).length,
  };
}

/** One text counts once, however often an item has it. An image has no words and is no fragment. */
function wordsIn(chunks: readonly ReadChunk[]): number {
  if (chunks[0]?.kind === 'image') return Infinity;
  const distinct = new Map(chunks.map((chunk) => [chunk.textNumber, chunk]));
  return [...distinct.values()].reduce((sum, chunk) => sum + countWords(substanceOf(chunk)), 0);
}
