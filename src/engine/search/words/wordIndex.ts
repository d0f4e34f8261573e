// Stage 5, words: BM25 over the chunks of a vector table. Invariant: after `follow` has returned true the scores are, to the last bit,
// those of an index built anew from the same rows. Cost: a comparison a row when the table has changed, the words of what is new or
// gone, and about 5 bytes for each different word of a chunk.
import type { ChunkRows, StoredChunk } from '../../model.ts';
import { grown } from './grown.ts';
import { Postings } from './postings.ts';
import { wordsOf, wordsOfChunk } from './wordsOf.ts';

const K1 = 1.2;
const B = 0.75;
/** Chunks between two looks at the clock. */
const CHUNKS_A_LOOK = 16;
/** The dead are swept out when they are more than this share, and enough to matter. */
const DEAD_SHARE = 0.5;
const DEAD_ENOUGH = 1_000;

export interface WordScores {
  /** BM25 by row; 0 where no word is shared. */
  readonly byRow: Float64Array;
  /** The words of the query that occur anywhere, with their weights (inverse document frequency). */
  readonly weights: ReadonlyMap<string, number>;
}

/** Rows move, chunk objects do not: a chunk has a slot for as long as it is in the table. */
export class WordIndex {
  private revision: number | undefined;
  private chunkAt: StoredChunk[] = [];
  private slots = new Map<StoredChunk, number>();
  private chunkOf: (StoredChunk | undefined)[] = [];
  private rowOf = new Int32Array(1 << 10);
  private lengthOf = new Uint32Array(1 << 10);
  private totalLength = 0;
  private displaced = new Set<StoredChunk>();

  private words = new Map<string, number>();
  private postings = new Postings();
  /** Chunks that hold a word. */
  private holders = new Uint32Array(1 << 10);

  constructor(private readonly tokenize: (chunk: StoredChunk) => string[] = wordsOfChunk) {}

  get bytes(): number {
    return this.postings.bytes + this.rowOf.byteLength + this.lengthOf.byteLength + this.holders.byteLength;
  }

  get wordCount(): number {
    return this.words.size;
  }

  /** Takes over what has changed in the table; false when `budgetMs` ended before the work did. */
  follow(table: ChunkRows, budgetMs = Infinity): boolean {
    if (this.revision === table.revision) return true;
    const deadline = performance.now() + budgetMs;
    const { chunks, count } = table;
    let added = 0;
    for (let row = 0; row < count; row++) {
      const chunk = chunks[row];
      const before = this.chunkAt[row];
      if (chunk === undefined || chunk === before) continue;
      if (before) this.displaced.add(before);
      this.chunkAt[row] = chunk;
      const slot = this.slots.get(chunk);
      if (slot === undefined) {
        this.add(chunk, row);
        if (++added % CHUNKS_A_LOOK === 0 && performance.now() > deadline) return false;
      } else this.rowOf[slot] = row;
    }
    for (const chunk of this.chunkAt.splice(count)) this.displaced.add(chunk);
    for (const chunk of this.displaced) this.removeIfGone(chunk);
    this.displaced.clear();
    this.revision = table.revision;
    const dead = this.chunkOf.length - this.slots.size;
    if (dead > DEAD_ENOUGH && dead > DEAD_SHARE * this.chunkOf.length) this.sweep();
    return true;
  }

  /** Scores of the rows as they were at the last `follow`. */
  score(query: string): WordScores {
    const count = this.slots.size;
    const byRow = new Float64Array(this.chunkAt.length);
    const weights = new Map<string, number>();
    const mean = this.totalLength / Math.max(1, count);
    for (const word of new Set(wordsOf(query))) {
      const id = this.words.get(word);
      const holders = id === undefined ? 0 : (this.holders[id] ?? 0);
      if (id === undefined || holders === 0) continue;
      const weight = Math.log(1 + (count - holders + 0.5) / (holders + 0.5));
      weights.set(word, weight);
      this.postings.forEach(id, (slot, times) => {
        const row = this.rowOf[slot] ?? -1;
        if (row < 0) return;
        const norm = K1 * (1 - B + (B * (this.lengthOf[slot] ?? 0)) / mean);
        byRow[row] = (byRow[row] ?? 0) + (weight * times * (K1 + 1)) / (times + norm);
      });
    }
    return { byRow, weights };
  }

  private add(chunk: StoredChunk, row: number): void {
    const slot = this.chunkOf.push(chunk) - 1;
    this.slots.set(chunk, slot);
    this.rowOf = grown(this.rowOf, slot + 1);
    this.lengthOf = grown(this.lengthOf, slot + 1);
    this.rowOf[slot] = row;
    const words = this.tokenize(chunk);
    this.lengthOf[slot] = words.length;
    this.totalLength += words.length;
    for (const [word, times] of countEach(words)) {
      let id = this.words.get(word);
      if (id === undefined) this.words.set(word, (id = this.words.size));
      this.holders = grown(this.holders, id + 1);
      this.holders[id] = (this.holders[id] ?? 0) + 1;
      this.postings.add(id, slot, times);
    }
  }

  /** Its places stay behind without a row; the counts that scores are made of are set right at once. */
  private removeIfGone(chunk: StoredChunk): void {
    const slot = this.slots.get(chunk);
    if (slot === undefined || this.chunkAt[this.rowOf[slot] ?? -1] === chunk) return;
    this.slots.delete(chunk);
    this.chunkOf[slot] = undefined;
    this.rowOf[slot] = -1;
    this.totalLength -= this.lengthOf[slot] ?? 0;
    for (const word of new Set(this.tokenize(chunk))) {
      const id = this.words.get(word);
      if (id !== undefined) this.holders[id] = (this.holders[id] ?? 0) - 1;
    }
  }

  /** Writes the places of the living anew, and forgets words that nobody holds. */
  private sweep(): void {
    const { words, postings, rowOf, lengthOf, holders } = this;
    const living = this.chunkOf.flatMap((chunk, slot) => (chunk ? [{ chunk, slot }] : []));
    const renumbered = new Int32Array(this.chunkOf.length).fill(-1);
    living.forEach(({ slot }, i) => (renumbered[slot] = i));
    this.chunkOf = living.map(({ chunk }) => chunk);
    this.slots = new Map(living.map(({ chunk }, i) => [chunk, i]));
    this.rowOf = Int32Array.from(living, ({ slot }) => rowOf[slot] ?? -1);
    this.lengthOf = Uint32Array.from(living, ({ slot }) => lengthOf[slot] ?? 0);
    this.words = new Map();
    this.postings = new Postings();
    this.holders = new Uint32Array(1 << 10);
    for (const [word, old] of words) {
      const count = holders[old] ?? 0;
      if (count === 0) continue;
      const id = this.words.size;
      this.words.set(word, id);
      this.holders = grown(this.holders, id + 1);
      this.holders[id] = count;
      postings.forEach(old, (slot, times) => {
        const now = renumbered[slot] ?? -1;
        if (now >= 0) this.postings.add(id, now, times);
      });
    }
  }
}

function countEach(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
