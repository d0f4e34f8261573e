// Stage 5, words: for every word the places that hold it and how often. Invariant: the places of a word come in the order in
// which they were added. Cost: 4 bytes a place and about a third more of spare room; adding is constant.
import { grown } from './grown.ts';

const MOST_TIMES = 255;
/** Most words are rare: their first block has two places; later ones double up to this. */
const FIRST_BLOCK = 2;
const LARGEST_BLOCK = 128;

/**
 * Blocks `[next block, place, place ...]` in one pool, those of a word chained. A place is a slot (24 bits) and a number of times
 * (8 bits, more count as 255: beyond that BM25 hardly changes).
 */
export class Postings {
  private pool = new Uint32Array(1 << 12);
  /** 0 ends a chain. */
  private used = 1;
  private first = new Uint32Array(1 << 10);
  private last = new Uint32Array(1 << 10);
  /** Places in the last block. */
  private fill = new Uint8Array(1 << 10);
  private capacity = new Uint8Array(1 << 10);

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
