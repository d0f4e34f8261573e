// Stage 6, the chunks of all items in memory that a thread can share: texts as UTF-8, all else as numbers. Invariant: chunk n is the n-th
// of all items' chunks in a row, whatever became of the index meanwhile. Cost: a copy of each text, in slices that let searches through.
import { CHUNK_KINDS, type ChunkKind, type StoredChunk } from '../model.ts';
import { inSlices } from '../slices.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface PackedChunks {
  /** Those of item i are `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array;
  readonly paths: readonly string[];
  /** Of each chunk, in `paths`. */
  readonly pathOf: Uint32Array;
  /** First and last, two numbers a chunk. */
  readonly lines: Uint32Array;
  /** In `CHUNK_KINDS`. */
  readonly kinds: Uint8Array;
  /** Of each chunk, in `ends`: one text that an item has several times is there once. */
  readonly textOf: Uint32Array;
  /** Where each text ends; it begins where the one before it ends. */
  readonly ends: Float64Array;
  readonly utf8: Uint8Array;
}

/** `chunks`: by item; see chunksOf. Throws `cancelled`. */
export async function packChunks(
  chunks: readonly (readonly StoredChunk[])[],
  signal: AbortSignal | undefined,
): Promise<PackedChunks> {
  const count = chunks.reduce((sum, own) => sum + own.length, 0);
  const offsets = new Uint32Array(chunks.length + 1);
  const paths = new Map<string, number>();
  const pathOf = new Uint32Array(count);
  const lines = new Uint32Array(2 * count);
  const kinds = new Uint8Array(count);
  const textOf = new Uint32Array(count);
  const texts: string[] = [];
  const ends: number[] = [];
  let n = 0;
  await inSlices(
    chunks.length,
    (item) => {
      const known = new Map<string, number>();
      for (const { path, startLine, endLine, kind, text, hash } of chunks[item]!) {
        if (!paths.has(path)) paths.set(path, paths.size);
        pathOf[n] = paths.get(path)!;
        lines.set([startLine, endLine], 2 * n);
        kinds[n] = CHUNK_KINDS.indexOf(kind);
        if (!known.has(hash)) {
          known.set(hash, texts.length);
          texts.push(text);
          ends.push((ends.at(-1) ?? 0) + Buffer.byteLength(text));
        }
        textOf[n++] = known.get(hash)!;
      }
      offsets[item + 1] = n;
    },
    signal,
  );
  const utf8 = Buffer.from(new SharedArrayBuffer(ends.at(-1) ?? 0));
  await inSlices(texts.length, (i) => void utf8.write(texts[i]!, ends[i - 1] ?? 0), signal);
  return {
    offsets,
    paths: [...paths.keys()],
    pathOf,
    lines,
    kinds,
    textOf,
    ends: Float64Array.from(ends),
    utf8: new Uint8Array(utf8.buffer),
  };
}

/** A chunk as it is read in a thread. */
export class ReadChunk implements Pick<StoredChunk, 'path' | 'startLine' | 'endLine' | 'kind' | 'text'> {
  constructor(
    private readonly packed: PackedChunks,
    /** Among all items' chunks. */
    readonly n: number,
  ) {}

  get path(): string {
    return this.packed.paths[this.packed.pathOf[this.n]!]!;
  }

  get startLine(): number {
    return this.packed.lines[2 * this.n]!;
  }

  get endLine(): number {
    return this.packed.lines[2 * this.n + 1]!;
  }

  get kind(): ChunkKind {
    return CHUNK_KINDS[this.packed.kinds[this.n]!]!;
  }

  /** The same for chunks of one text in an item. */
  get textNumber(): number {
    return this.packed.textOf[this.n]!;
  }

  /** Decoded each time. */
  get text(): string {
    const { ends, utf8 } = this.packed;
    const begin = ends[this.textNumber - 1] ?? 0;
    return Buffer.from(utf8.buffer, begin, ends[this.textNumber]! - begin).toString();
  }
}

/** By item. */
export function readChunks(packed: PackedChunks): ReadChunk[][] {
  const { offsets } = packed;
  return Array.from({ length: offsets.length - 1 }, (_, item) =>
    Array.from(
      { length: offsets[item + 1]! - offsets[item]! },
      (_each, i) => new ReadChunk(packed, offsets[item]! + i),
    ),
  );
}
