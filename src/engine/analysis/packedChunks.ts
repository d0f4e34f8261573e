// Stage 6, the chunks of all items in memory that can be handed to a thread: texts as UTF-8, all else as numbers. Invariant: chunk n is the n-th
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
  /** Of images alone, whose texts do not tell them apart. */
  readonly hashes: ReadonlyMap<number, string>;
  /** Of each chunk, in `ends`: a text that an item has several times is there once. */
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
  const flat = chunks.flat();
  const offsets = new Uint32Array(chunks.length + 1);
  for (const [item, own] of chunks.entries()) offsets[item + 1] = offsets[item]! + own.length;
  const paths = new Map<string, number>();
  const pathOf = new Uint32Array(flat.length);
  const lines = new Uint32Array(2 * flat.length);
  const kinds = new Uint8Array(flat.length);
  const hashes = new Map<number, string>();
  const textOf = new Uint32Array(flat.length);
  const texts: string[] = [];
  const ends: number[] = [];
  let item = 0;
  let known = new Map<string, number>();
  const pack = (n: number): void => {
    for (; offsets[item + 1]! <= n; item++) known = new Map();
    const { path, startLine, endLine, kind, text, hash } = flat[n]!;
    if (!paths.has(path)) paths.set(path, paths.size);
    pathOf[n] = paths.get(path)!;
    lines.set([startLine, endLine], 2 * n);
    kinds[n] = CHUNK_KINDS.indexOf(kind);
    if (kind === 'image') hashes.set(n, hash);
    if (!known.has(text)) {
      known.set(text, texts.length);
      texts.push(text);
      ends.push((ends.at(-1) ?? 0) + Buffer.byteLength(text));
    }
    textOf[n] = known.get(text)!;
  };
  await inSlices(flat.length, pack, signal);
  const utf8 = new Uint8Array(ends.at(-1) ?? 0);
  const bytes = Buffer.from(utf8.buffer);
  await inSlices(texts.length, (i) => void bytes.write(texts[i]!, ends[i - 1] ?? 0), signal);
  return {
    offsets,
    paths: [...paths.keys()],
    pathOf,
    lines,
    kinds,
    hashes,
    textOf,
    ends: Float64Array.from(ends),
    utf8,
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

  /** Of an image. */
  get hash(): string | undefined {
    return this.packed.hashes.get(this.n);
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
