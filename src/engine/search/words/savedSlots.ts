// Stage 5, words: which slot of a saved index is whose. Invariant: a chunk gets a slot only when its file, what the model read of it
// and its text are those that the slot's words were made of. Cost: one CRC of the chunk's text.
import { crc32 } from 'node:zlib';
import type { StoredChunk } from '../../model.ts';

/** In `documentOf`: the slot's chunk was gone when the index was saved. */
export const NOBODY = 0xffffffff;

export interface SlotArrays {
  /** Words of the slot's chunk, repetitions counted. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** By slot: which of `paths`, or {@link NOBODY}. */
  readonly documentOf: Uint32Array<ArrayBuffer>;
  /** By slot two numbers, see {@link fingerprintOf}. */
  readonly fingerprints: Uint32Array<ArrayBuffer>;
  readonly paths: readonly string[];
}

/** 64 bits: of the chunk's hash (context and what the model read) and of its text (a row's ids and numbers are only there). */
export function fingerprintOf({ hash, text }: StoredChunk): readonly [number, number] {
  return [Number.parseInt(hash.slice(0, 8), 16) >>> 0, crc32(text)];
}

/** Where a document's slots lie in `order`, and which of them is looked at first. */
interface Range {
  readonly begin: number;
  readonly end: number;
  next: number;
}

export class SavedSlots {
  private readonly ranges = new Map<string, Range>();
  /** Slots by document, as they were added. */
  private readonly order: Uint32Array;
  private readonly taken: Uint8Array;

  constructor(private readonly saved: SlotArrays) {
    const { documentOf, paths } = saved;
    const starts = new Uint32Array(paths.length + 1);
    for (const document of documentOf) if (document !== NOBODY) starts[document + 1] = (starts[document + 1] ?? 0) + 1;
    for (let i = 0; i < paths.length; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
    paths.forEach((path, i) => {
      const begin = starts[i] ?? 0;
      this.ranges.set(path, { begin, end: starts[i + 1] ?? 0, next: begin });
    });
    this.order = new Uint32Array(documentOf.length);
    documentOf.forEach((document, slot) => {
      if (document !== NOBODY) this.order[(starts[document] = (starts[document] ?? 0) + 1) - 1] = slot;
    });
    this.taken = new Uint8Array(documentOf.length);
  }

  /** Each slot once. */
  take(chunk: StoredChunk): number | undefined {
    const range = this.ranges.get(chunk.path);
    if (!range) return undefined;
    const [hash, text] = fingerprintOf(chunk);
    const { fingerprints } = this.saved;
    // Chunks mostly come in the order in which they came before: the next one is nearly always it.
    for (let tried = range.begin; tried < range.end; tried++) {
      const slot = this.order[range.next] ?? 0;
      range.next = range.next + 1 === range.end ? range.begin : range.next + 1;
      if (fingerprints[2 * slot] !== hash || fingerprints[2 * slot + 1] !== text || this.taken[slot] === 1) continue;
      this.taken[slot] = 1;
      return slot;
    }
    return undefined;
  }
}
