// Stage 5, words: word -> number, from 0 in the order of coming. Invariant: equal words have one number; no word is ever read back.
// Letters and the hash table are plain arrays, so that a file of them is a vocabulary at once. Cost: the word's length a look-up;
// about 25 bytes a word, a third of a Map's.
import { grown } from './grown.ts';

/** Bytes of a letter at most: each UTF-16 unit is written like a letter of UTF-8. */
const MOST_BYTES = 3;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface VocabularyArrays {
  /** The words one after the other. */
  readonly letters: Uint8Array<ArrayBuffer>;
  /** Where each ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Open addressing, a power of two long: number + 1, or 0. */
  readonly table: Uint32Array<ArrayBuffer>;
}

export class Vocabulary {
  private letters: Uint8Array<ArrayBuffer>;
  private ends: Uint32Array<ArrayBuffer>;
  private table: Uint32Array<ArrayBuffer>;
  private words: number;
  private scratch = new Uint8Array(256);

  constructor(saved?: VocabularyArrays) {
    this.letters = saved?.letters ?? new Uint8Array(1 << 12);
    this.ends = saved?.ends ?? new Uint32Array(1 << 10);
    this.table = saved?.table ?? new Uint32Array(1 << 11);
    this.words = saved?.ends.length ?? 0;
  }

  get count(): number {
    return this.words;
  }

  get bytes(): number {
    return this.letters.byteLength + this.ends.byteLength + this.table.byteLength;
  }

  /** -1 for an unknown word. */
  find(word: string): number {
    const length = this.spell(word);
    return (this.table[this.placeOf(this.scratch, 0, length)] ?? 0) - 1;
  }

  idOf(word: string): number {
    return this.idOfLetters(this.scratch, 0, this.spell(word));
  }

  /** The number here of another vocabulary's word. */
  idOfWordIn(other: Vocabulary, id: number): number {
    return this.idOfLetters(other.letters, other.beginOf(id), other.ends[id] ?? 0);
  }

  /** Copies without spare room. */
  arrays(): VocabularyArrays {
    const used = this.words === 0 ? 0 : (this.ends[this.words - 1] ?? 0);
    return {
      letters: this.letters.slice(0, used),
      ends: this.ends.slice(0, this.words),
      table: this.table.slice(),
    };
  }

  private idOfLetters(letters: Uint8Array, begin: number, end: number): number {
    let place = this.placeOf(letters, begin, end);
    const known = this.table[place] ?? 0;
    if (known > 0) return known - 1;
    if (2 * (this.words + 1) > this.table.length) {
      this.widen();
      place = this.placeOf(letters, begin, end);
    }
    const id = this.words++;
    const from = this.beginOf(id);
    this.letters = grown(this.letters, from + end - begin);
    for (let i = begin; i < end; i++) this.letters[from + i - begin] = letters[i] ?? 0;
    this.ends = grown(this.ends, id + 1);
    this.ends[id] = from + end - begin;
    this.table[place] = id + 1;
    return id;
  }

  /** Writes the word into `scratch`; returns its length there. */
  private spell(word: string): number {
    if (word.length * MOST_BYTES > this.scratch.length) this.scratch = new Uint8Array(word.length * MOST_BYTES);
    const { scratch } = this;
    let length = 0;
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i);
      if (unit < 0x80) scratch[length++] = unit;
      else {
        scratch[length++] = 0xe0 | (unit >> 12);
        scratch[length++] = 0x80 | ((unit >> 6) & 0x3f);
        scratch[length++] = 0x80 | (unit & 0x3f);
      }
    }
    return length;
  }

  /** Where the word is in the table, or would be. */
  private placeOf(letters: Uint8Array, begin: number, end: number): number {
    const mask = this.table.length - 1;
    let place = hashOf(letters, begin, end) & mask;
    for (let id = this.table[place] ?? 0; id > 0; id = this.table[place] ?? 0) {
      if (this.isWord(id - 1, letters, begin, end)) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  private isWord(id: number, letters: Uint8Array, begin: number, end: number): boolean {
    const own = this.letters;
    const from = this.beginOf(id);
    if ((this.ends[id] ?? 0) - from !== end - begin) return false;
    for (let i = begin; i < end; i++) if (own[from + i - begin] !== letters[i]) return false;
    return true;
  }

  private beginOf(id: number): number {
    return id === 0 ? 0 : (this.ends[id - 1] ?? 0);
  }

  private widen(): void {
    this.table = new Uint32Array(2 * this.table.length);
    const mask = this.table.length - 1;
    for (let id = 0; id < this.words; id++) {
      let place = hashOf(this.letters, this.beginOf(id), this.ends[id] ?? 0) & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = id + 1;
    }
  }
}

/** FNV-1a, its bits mixed once more: the table looks at the low ones. */
function hashOf(letters: Uint8Array, begin: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = begin; i < end; i++) hash = Math.imul(hash ^ (letters[i] ?? 0), FNV_PRIME);
  return hash ^ (hash >>> 15);
}
