// Stage 6, the distinct texts of an index, each with all of its places. Invariant: boilerplate, a few words and kept snippets (copies by
// their nature) are none; places of one document that overlap count once. Cost: the words of every text.
import { createHash } from 'node:crypto';
import type { Place } from '../../model.ts';
import type { ReadChunk } from '../packedChunks.ts';
import { countWords, leastWordsOf, substanceOf } from '../substance.ts';

/** One text, white space aside. */
export interface Passage {
  /** SHA-256 of it in one line, in hexadecimal; of an image that of its hash. */
  readonly digest: string;
  /** What it is read from. */
  readonly first: ReadChunk;
  /** By path and line. */
  readonly places: readonly ReadChunk[];
  /** Items of the graph that hold it. */
  readonly items: readonly number[];
}

export interface Passages {
  readonly passages: readonly Passage[];
  /** By item; -1 for what is no finding. */
  readonly passageOf: Int32Array;
}

/** `chunks`: by item. */
export function passagesOf(chunks: readonly (readonly ReadChunk[])[], progress: (share: number) => void): Passages {
  const words = new Array<number>(chunks.length).fill(0);
  const digests = new Array<string>(chunks.length).fill('');
  for (const [item, [chunk]] of chunks.entries()) {
    if ((item & 63) === 0) progress(item / chunks.length);
    if (!chunk) continue;
    const { kind, path, text, hash } = chunk;
    words[item] = countWords(substanceOf({ kind, path, text }));
    digests[item] = digestOf(hash ?? bare(text));
  }
  const least = leastWordsOf(words);
  const byDigest = new Map<string, { passage: number; items: number[] }>();
  const passageOf = new Int32Array(chunks.length).fill(-1);
  for (const [item, [chunk]] of chunks.entries()) {
    if (!chunk || (chunk.kind !== 'image' && (words[item] ?? 0) < least)) continue;
    const digest = digests[item] ?? '';
    const known = byDigest.get(digest) ?? { passage: byDigest.size, items: [] };
    if (known.items.push(item) === 1) byDigest.set(digest, known);
    passageOf[item] = known.passage;
  }
  const passages = [...byDigest].flatMap(([digest, { items }]): Passage[] => {
    const all = items.flatMap((item) => chunks[item] ?? []);
    const [first] = all;
    return first ? [{ digest, first, places: withoutOverlaps(all), items }] : [];
  });
  return { passages, passageOf };
}

export function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type Lines = Pick<Place, 'path' | 'startLine' | 'endLine'>;

/** By path and line; of overlapping places of one document the first. */
export function withoutOverlaps<T extends Lines>(places: readonly T[]): T[] {
  const kept: T[] = [];
  for (const place of [...places].sort(byPlace)) {
    const before = kept.at(-1);
    if (before?.path !== place.path || before.endLine < place.startLine) kept.push(place);
  }
  return kept;
}

function byPlace(a: Lines, b: Lines): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.startLine - b.startLine || a.endLine - b.endLine;
}
