// Stage 5, words: for every word the places that hold it and how often. Invariant: the places of a word come in the order in
// which they were added. Cost: 4 bytes a place and about a third more of spare room; adding is constant; scoring is one tight loop
// (a closure a place took three times as long).
import { grown } from './grown.ts';
import { K1, type Tally } from './tally.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

const MOST_TIMES = 255;
/** Most words are rare: their first block has two places; later ones double up to this. */
const FIRST_BLOCK = 2;
const LARGEST_BLOCK = 128;

export interface PostingArrays {
  readonly pool: Uint32Array<ArrayBuffer>;
  readonly first: Uint32Array<ArrayBuffer>;
  readonly last: Uint32Array<ArrayBuffer>;
  readonly fill: Uint8Array<ArrayBuffer>;
  readonly capacity: Uint8Array<ArrayBuffer>;
}

/**
 * Blocks `[next block, place, place ...]` in one pool, those of a word chained. A place is a slot (24 bits) and a number of times
 * (8 bits, more count as 255: beyond that BM25 hardly changes).
 */
export class Postings {
  private pool: Uint32Array<ArrayBuffer>;
  /** 0 ends a chain. */
  private used: number;
  private first: Uint32Array<ArrayBuffer>;
  private last: Uint32Array<ArrayBuffer>;
  /** Places in the last block. */
  private fill: Uint8Array<ArrayBuffer>;
  private capacity: Uint8Array<ArrayBuffer>;

  constructor(saved?: PostingArrays) {
    this.pool = saved?.pool ?? new Uint32Array(1 << 12);
    this.used = saved?.pool.length ?? 1;
    this.first = saved?.first ?? new Uint32Array(1 << 10);
    this.last = saved?.last ?? new Uint32Array(1 << 10);
    this.fill = saved?.fill ?? new Uint8Array(1 << 10);
    this.capacity = saved?.capacity ?? new Uint8Array(1 << 10);
  }

  get bytes(): number {
    return this.pool.byteLength + this.first.byteLength * 2 + this.fill.byteLength * 2;
  }

  add(word: number, slot: number, times: number): void {
    this.makeRoomFor(word);
    let fill = this.fill[word] ?? 0;
    if (this.first[word] === 0 || fill === this.capacity[word]) {
      this.addBlock(word);
      fill = 0;
    }
    this.pool[(this.last[word] ?? 0) + 1 + fill] = slot * 256 + Math.min(times, MOST_TIMES);
    this.fill[word] = fill + 1;
  }

  /** Adds what a word of this weight counts for in BM25 to each slot that holds it. */
  tally(word: number, weight: number, tally: Tally): void {
    const { pool } = this;
    const { scores, norms, touched } = tally;
    const last = this.last[word]!;
    let { count } = tally;
    let capacity = FIRST_BLOCK;
    for (let block = this.first[word]!; block !== 0; block = pool[block]!) {
      const end = block + 1 + (block === last ? this.fill[word]! : capacity);
      for (let at = block + 1; at < end; at++) {
        const place = pool[at]!;
        const slot = place >>> 8;
        const times = place & MOST_TIMES;
        const before = scores[slot]!;
        if (before === 0) touched[count++] = slot;
        scores[slot] = before + (weight * times * (K1 + 1)) / (times + norms[slot]!);
      }
      capacity = Math.min(2 * capacity, LARGEST_BLOCK);
    }
    tally.count = count;
  }

  forEach(word: number, visit: (slot: number, times: number) => void): void {
    const { pool } = this;
    const last = this.last[word] ?? 0;
    let capacity = FIRST_BLOCK;
    for (let block = this.first[word] ?? 0; block !== 0; block = pool[block] ?? 0) {
      const end = block + 1 + (block === last ? (this.fill[word] ?? 0) : capacity);
      for (let at = block + 1; at < end; at++) {
        const place = pool[at] ?? 0;
        visit(place >>> 8, place & MOST_TIMES);
      }
      capacity = Math.min(2 * capacity, LARGEST_BLOCK);
    }
  }

  /** Sets each word's count of the slots that hold it and have a row. */
  countHolders(holders: Uint32Array, rowOf: Int32Array): void {
    const { pool, first, last, fill } = this;
    for (let word = 0; word < holders.length; word++) {
      let held = 0;
      let capacity = FIRST_BLOCK;
      for (let block = first[word]!; block !== 0; block = pool[block]!) {
        const end = block + 1 + (block === last[word] ? fill[word]! : capacity);
        for (let at = block + 1; at < end; at++) if (rowOf[pool[at]! >>> 8]! >= 0) held++;
        capacity = Math.min(2 * capacity, LARGEST_BLOCK);
      }
      holders[word] = held;
    }
  }

  /** Copies without spare room, for so many words. */
  arrays(words: number): PostingArrays {
    this.makeRoomFor(words);
    return {
      pool: this.pool.slice(0, this.used),
      first: this.first.slice(0, words),
      last: this.last.slice(0, words),
      fill: this.fill.slice(0, words),
      capacity: this.capacity.slice(0, words),
    };
  }

  private addBlock(word: number): void {
    const isFirst = this.first[word] === 0;
    const capacity = isFirst ? FIRST_BLOCK : Math.min(2 * (this.capacity[word] ?? 0), LARGEST_BLOCK);
    const block = this.used;
    this.used += 1 + capacity;
    this.pool = grown(this.pool, this.used);
    if (isFirst) this.first[word] = block;
    else this.pool[this.last[word] ?? 0] = block;
    this.last[word] = block;
    this.capacity[word] = capacity;
  }

  private makeRoomFor(word: number): void {
    if (word < this.first.length) return;
    this.first = grown(this.first, word + 1);
    this.last = grown(this.last, word + 1);
    this.fill = grown(this.fill, word + 1);
    this.capacity = grown(this.capacity, word + 1);
  }
}
