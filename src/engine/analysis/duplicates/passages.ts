// Stage 6, the distinct texts of an index, each with all of its places. Invariant: boilerplate, a few words and kept snippets (copies by
// their nature) are none; places of one document that overlap count once. Cost: the words of every text.
import type { StoredChunk } from '../../model.ts';
import { breather, inSlices } from '../../slices.ts';
import { countWords, leastWordsOf, substanceOf } from '../substance.ts';

/** One text, white space aside. */
export interface Passage {
  /** In one line; an image's hash. */
  readonly text: string;
  /** Without imports and licence; undefined for an image. */
  readonly substance: string | undefined;
  /** By path and line. */
  readonly places: readonly StoredChunk[];
  /** Items of the graph that hold it. */
  readonly items: readonly number[];
}

export interface Passages {
  readonly passages: readonly Passage[];
  /** By item; -1 for what is no finding. */
  readonly passageOf: Int32Array;
}

/** `chunks`: by item. */
export async function passagesOf(
  chunks: readonly (readonly StoredChunk[])[],
  signal: AbortSignal | undefined,
): Promise<Passages> {
  const words = new Array<number>(chunks.length).fill(0);
  const substances = new Array<string>(chunks.length).fill('');
  const texts = new Array<string>(chunks.length).fill('');
  await inSlices(
    chunks.length,
    (item) => {
      const [chunk] = chunks[item] ?? [];
      if (!chunk) return;
      substances[item] = substanceOf(chunk);
      words[item] = countWords(substances[item] ?? '');
      texts[item] = chunk.kind === 'image' ? chunk.hash : bare(chunk.text);
    },
    signal,
  );
  const least = leastWordsOf(words);
  const byText = new Map<string, { passage: number; items: number[] }>();
  const passageOf = new Int32Array(chunks.length).fill(-1);
  await inSlices(
    chunks.length,
    (item) => {
      const [chunk] = chunks[item] ?? [];
      if (!chunk || (chunk.kind !== 'image' && (words[item] ?? 0) < least)) return;
      const text = texts[item] ?? '';
      const known = byText.get(text) ?? { passage: byText.size, items: [] };
      if (known.items.push(item) === 1) byText.set(text, known);
      passageOf[item] = known.passage;
    },
    signal,
  );
  const passages: Passage[] = [];
  const breathe = breather(signal);
  for (const [text, { items }] of byText) {
    const [first = 0] = items;
    const isImage = chunks[first]?.[0]?.kind === 'image';
    passages.push({
      text,
      substance: isImage ? undefined : substances[first],
      places: withoutOverlaps(items.flatMap((item) => chunks[item] ?? [])),
      items,
    });
    if (passages.length % 32 === 0) await breathe();
  }
  return { passages, passageOf };
}

export function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** By path and line; of overlapping places of one document the first. */
export function withoutOverlaps<T extends Pick<StoredChunk, 'path' | 'startLine' | 'endLine'>>(
  places: readonly T[],
): T[] {
  const kept: T[] = [];
  for (const place of [...places].sort(byPlace)) {
    const before = kept.at(-1);
    if (before?.path !== place.path || before.endLine < place.startLine) kept.push(place);
  }
  return kept;
}

function byPlace(a: Pick<StoredChunk, 'path' | 'startLine' | 'endLine'>, b: typeof a): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.startLine - b.startLine || a.endLine - b.endLine;
}
