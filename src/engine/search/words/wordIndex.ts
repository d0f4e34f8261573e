// Stage 5, words: BM25 over the chunks of a vector table. Invariant: after `follow` has returned true the scores are, to the last bit,
// those of an index built anew from the same rows, whether it began empty or from a saved one. Cost: a comparison a row when the
// table has changed, the words of what is new or gone, about 5 bytes for each different word of a chunk; a query costs its places.
import type { ChunkRows, StoredChunk } from '../../model.ts';
import { grown } from './grown.ts';
import { Postings } from './postings.ts';
import { fingerprintOf, NOBODY, SavedSlots, type SlotArrays } from './savedSlots.ts';
import { Tally } from './tally.ts';
import { Vocabulary } from './vocabulary.ts';
import type { SavedWords } from './wordFile.ts';
import { wordsOf, wordsOfChunk } from './wordsOf.ts';

/** Chunks between two looks at the clock. */
const CHUNKS_A_LOOK = 16;
/** The dead are swept out when they are more than this share, and enough to matter. */
const DEAD_SHARE = 0.5;
const DEAD_ENOUGH = 1_000;

/** The arrays are the index's own: they hold until the next question. */
export interface WordScores {
  /** BM25 by row; 0 where no word is shared. */
  readonly byRow: Float64Array;
  /** The rows that share a word, each once, in no order. */
  readonly rows: Uint32Array;
  /** The words of the query that occur anywhere, with their weights (inverse document frequency). */
  readonly weights: ReadonlyMap<string, number>;
}

/** Inverse document frequency as in BM25, never below 0. */
export function weightOf(chunks: number, holders: number): number {
  return Math.log(1 + (chunks - holders + 0.5) / (holders + 0.5));
}

/** Rows move, chunk objects do not: a chunk has a slot for as long as it is in the table. */
export class WordIndex {
  private revision: number | undefined;
  private chunkAt: StoredChunk[] = [];
  private slots = new Map<StoredChunk, number>();
  /** Slots of the dead are counted until they are swept out. */
  private slotCount = 0;
  private rowOf = new Int32Array(1 << 10);
  private lengthOf: Uint32Array<ArrayBuffer> = new Uint32Array(1 << 10);
  /** Two numbers a slot, see savedSlots.ts. */
  private fingerprints: Uint32Array<ArrayBuffer> = new Uint32Array(1 << 11);
  private totalLength = 0;
  private displaced = new Set<StoredChunk>();
  /** Slots that came with a saved index, until the table was gone through once. */
  private unclaimed: SavedSlots | undefined;
  /** Chunks that came and went since the index was saved. */
  private unsaved = 0;

  private vocabulary: Vocabulary;
  private postings: Postings;
  /** Chunks that hold a word. */
  private holders = new Uint32Array(1 << 10);
  /** How often each word is in the chunk that is being added: zeros before and after. */
  private timesOf = new Uint32Array(1 << 10);

  /** Made anew when the index has changed. */
  private tally: Tally | undefined;

  constructor(
    private readonly tokenize: (chunk: StoredChunk) => string[] = wordsOfChunk,
    saved?: SavedWords,
  ) {
    this.vocabulary = new Vocabulary(saved?.vocabulary);
    this.postings = new Postings(saved?.postings);
    if (!saved) return;
    this.slotCount = saved.slots.lengths.length;
    this.lengthOf = saved.slots.lengths;
    this.fingerprints = saved.slots.fingerprints;
    this.rowOf = new Int32Array(this.slotCount).fill(-1);
    this.unclaimed = new SavedSlots(saved.slots);
  }

  get bytes(): number {
    const { rowOf, lengthOf, fingerprints, holders, timesOf } = this;
    const arrays = [rowOf, lengthOf, fingerprints, holders, timesOf].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
    return this.postings.bytes + this.vocabulary.bytes + arrays;
  }

  get wordCount(): number {
    return this.vocabulary.count;
  }

  /** How much of it a saved one does not hold. */
  get unsavedChunks(): number {
    return this.unsaved;
  }

  /** Words of a chunk, on average. */
  get meanLength(): number {
    return this.totalLength / Math.max(1, this.slots.size);
  }

  /** False before the first `follow` has ended: then no word is known. */
  get isFilled(): boolean {
    return this.revision !== undefined;
  }

  isUpToDate({ revision }: ChunkRows): boolean {
    return this.revision === revision;
  }

  /** Takes over what has changed in the table; false when `budgetMs` ended before the work did. */
  follow(table: ChunkRows, budgetMs = Infinity): boolean {
    if (this.isUpToDate(table)) return true;
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
        this.claim(chunk, row);
        if (++added % CHUNKS_A_LOOK === 0 && performance.now() > deadline) return false;
      } else this.rowOf[slot] = row;
    }
    for (const chunk of this.chunkAt.splice(count)) this.displaced.add(chunk);
    for (const chunk of this.displaced) this.removeIfGone(chunk);
    this.displaced.clear();
    if (this.unclaimed) this.giveUpUnclaimed();
    this.revision = table.revision;
    this.tally = undefined;
    const dead = this.slotCount - this.slots.size;
    if (dead > DEAD_ENOUGH && dead > DEAD_SHARE * this.slotCount) this.sweep();
    return true;
  }

  /** Scores of the rows as they were at the last `follow`. */
  score(query: string): WordScores {
    const tally = (this.tally ??= this.newTally());
    const weights = this.weigh(query);
    for (const [word, weight] of weights) this.postings.tally(this.vocabulary.find(word), weight, tally);
    return { ...tally.take(this.rowOf), weights };
  }

  /** The words of a query that occur anywhere, with their inverse document frequency. */
  weigh(query: string): Map<string, number> {
    const count = this.slots.size;
    const weights = new Map<string, number>();
    for (const word of new Set(wordsOf(query))) {
      const id = this.vocabulary.find(word);
      const holders = id < 0 ? 0 : (this.holders[id] ?? 0);
      if (holders > 0) weights.set(word, weightOf(count, holders));
    }
    return weights;
  }

  /** A copy of what {@link WordIndex} can begin with. */
  save(): SavedWords {
    this.unsaved = 0;
    const lengths = this.lengthOf.slice(0, this.slotCount);
    const documentOf = new Uint32Array(this.slotCount).fill(NOBODY);
    const fingerprints = this.fingerprints.slice(0, 2 * this.slotCount);
    const documents = new Map<string, number>();
    for (const [chunk, slot] of this.slots) {
      const document = documents.get(chunk.path) ?? documents.size;
      documents.set(chunk.path, document);
      documentOf[slot] = document;
    }
    const slots: SlotArrays = { lengths, documentOf, fingerprints, paths: [...documents.keys()] };
    return { vocabulary: this.vocabulary.arrays(), postings: this.postings.arrays(this.vocabulary.count), slots };
  }

  private claim(chunk: StoredChunk, row: number): void {
    const slot = this.unclaimed?.take(chunk);
    if (slot === undefined) {
      this.add(chunk, row);
      return;
    }
    this.slots.set(chunk, slot);
    this.rowOf[slot] = row;
    this.totalLength += this.lengthOf[slot] ?? 0;
  }

  private add(chunk: StoredChunk, row: number): void {
    const slot = this.slotCount++;
    this.unsaved++;
    this.slots.set(chunk, slot);
    this.rowOf = grown(this.rowOf, slot + 1);
    this.lengthOf = grown(this.lengthOf, slot + 1);
    this.fingerprints = grown(this.fingerprints, 2 * slot + 2);
    this.rowOf[slot] = row;
    this.fingerprints.set(fingerprintOf(chunk), 2 * slot);
    const words = this.tokenize(chunk);
    this.lengthOf[slot] = words.length;
    this.totalLength += words.length;
    const distinct: number[] = [];
    for (const word of words) {
      const id = this.vocabulary.idOf(word);
      this.timesOf = grown(this.timesOf, id + 1);
      const times = this.timesOf[id] ?? 0;
      if (times === 0) distinct.push(id);
      this.timesOf[id] = times + 1;
    }
    this.holders = grown(this.holders, this.vocabulary.count);
    for (const id of distinct) {
      this.holders[id] = (this.holders[id] ?? 0) + 1;
      this.postings.add(id, slot, this.timesOf[id] ?? 0);
      this.timesOf[id] = 0;
    }
  }

  /** Its places stay behind without a row; the counts that scores are made of are set right at once. */
  private removeIfGone(chunk: StoredChunk): void {
    const slot = this.slots.get(chunk);
    if (slot === undefined || this.chunkAt[this.rowOf[slot] ?? -1] === chunk) return;
    this.unsaved++;
    this.slots.delete(chunk);
    this.rowOf[slot] = -1;
    this.totalLength -= this.lengthOf[slot] ?? 0;
    for (const word of new Set(this.tokenize(chunk))) {
      const id = this.vocabulary.find(word);
      if (id >= 0) this.holders[id] = (this.holders[id] ?? 0) - 1;
    }
  }

  /** Of a saved index: nobody knows the words of slots that were not claimed, so all places are counted once. */
  private giveUpUnclaimed(): void {
    this.unclaimed = undefined;
    this.holders = new Uint32Array(this.vocabulary.count);
    this.postings.countHolders(this.holders, this.rowOf);
    this.unsaved += this.slotCount - this.slots.size;
  }

  /** Writes the places of the living anew, and forgets words that nobody holds. */
  private sweep(): void {
    const { vocabulary, postings, rowOf, lengthOf, fingerprints, holders } = this;
    const living = [...this.slots].sort(([, a], [, b]) => a - b);
    const renumbered = new Int32Array(this.slotCount).fill(-1);
    living.forEach(([, slot], i) => (renumbered[slot] = i));
    this.slots = new Map(living.map(([chunk], i) => [chunk, i]));
    this.slotCount = living.length;
    this.rowOf = Int32Array.from(living, ([, slot]) => rowOf[slot] ?? -1);
    this.lengthOf = Uint32Array.from(living, ([, slot]) => lengthOf[slot] ?? 0);
    this.fingerprints = new Uint32Array(2 * living.length);
    living.forEach(([, slot], i) => this.fingerprints.set(fingerprints.subarray(2 * slot, 2 * slot + 2), 2 * i));
    this.vocabulary = new Vocabulary();
    this.postings = new Postings();
    this.holders = new Uint32Array(1 << 10);
    this.timesOf = new Uint32Array(1 << 10);
    for (let old = 0; old < vocabulary.count; old++) {
      const count = holders[old] ?? 0;
      if (count === 0) continue;
      const id = this.vocabulary.idOfWordIn(vocabulary, old);
      this.holders = grown(this.holders, id + 1);
      this.holders[id] = count;
      postings.forEach(old, (slot, times) => {
        const now = renumbered[slot] ?? -1;
        if (now >= 0) this.postings.add(id, now, times);
      });
    }
  }

  private newTally(): Tally {
    return new Tally(this.lengthOf.subarray(0, this.slotCount), this.meanLength, this.chunkAt.length);
  }
}
