// Stage 4, vectors of chunks that are in no document any more, kept so that a branch switch and back embeds nothing. Invariant: no hash
// is here and in a live row of this index at once; as many as RETIRED_BYTES hold or as a quarter of the live rows, whichever is more. Cost: memory
// for those that no file holds yet, and for all of them where they take no more than the budget; on disk all, written anew with every
// checkpoint after a change.
import type { RetiredVector } from './shard.ts';
import type { ShardFile } from './shardFile.ts';

/** 43,000 vectors of 384 elements, 16,000 of 1,024. */
export const RETIRED_BYTES = 64 * 2 ** 20;
const SHARE_OF_LIVE = 1 / 4;
export const RETIRED_FOR_MS = 14 * 24 * 3600 * 1000;

interface Kept extends Omit<RetiredVector, 'hash' | 'vector'> {
  /** Undefined where only the file has it. */
  vector: Float32Array | undefined;
  /** In the file, in bytes. */
  offset?: number;
}

export interface RetiredOptions {
  readonly dimension: number;
  /** How many rows are in use. */
  readonly live: () => number;
  /** Above it they are read from their file. */
  readonly memoryBytes: number;
  readonly limitBytes?: number;
}

export class RetiredVectors {
  private readonly dimension: number;
  private readonly live: () => number;
  private readonly mostInMemory: number;
  private readonly least: number;
  /** Oldest first. */
  private readonly kept = new Map<string, Kept>();
  private file: ShardFile | undefined;
  /** Grows with every change. */
  revision = 0;

  constructor({ dimension, live, memoryBytes, limitBytes = RETIRED_BYTES }: RetiredOptions) {
    const rowBytes = dimension * Float32Array.BYTES_PER_ELEMENT;
    this.dimension = dimension;
    this.live = live;
    this.least = Math.floor(limitBytes / rowBytes);
    this.mostInMemory = Math.floor(Math.min(limitBytes, memoryBytes) / rowBytes);
  }

  get size(): number {
    return this.kept.size;
  }

  /** A copy; undefined also where the disk does not give it. */
  find(hash: string): Float32Array | undefined {
    const kept = this.kept.get(hash);
    if (!kept) return undefined;
    if (kept.vector) return kept.vector.slice();
    const vector = new Float32Array(this.dimension);
    return kept.offset !== undefined && this.file?.read(kept.offset, vector) ? vector : undefined;
  }

  keep({ hash, ...retired }: RetiredVector): void {
    this.revision++;
    this.kept.delete(hash);
    this.kept.set(hash, retired);
    const most = Math.max(this.least, Math.floor(SHARE_OF_LIVE * this.live()));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= most) break;
      this.kept.delete(oldest);
    }
  }

  findSparse(hash: string): string | undefined {
    return this.kept.get(hash)?.sparse;
  }

  forget(hash: string): void {
    if (this.kept.delete(hash)) this.revision++;
  }

  forgetOld(nowMs: number): void {
    for (const [hash, { retiredAtMs }] of this.kept) {
      if (nowMs - retiredAtMs <= RETIRED_FOR_MS) break;
      this.forget(hash);
    }
  }

  /** Oldest first, one by one as they are asked for. One that its file has no more is forgotten. */
  *all(): Generator<RetiredVector> {
    for (const [hash, { retiredAtMs, sparse }] of this.kept) {
      const vector = this.find(hash);
      if (vector) yield { hash, vector, retiredAtMs, ...(sparse !== undefined && { sparse }) };
      else this.kept.delete(hash);
    }
  }

  /** Takes them over from a file, where they begin at `offsets`. */
  load(retired: readonly RetiredVector[], file: ShardFile, offsets: readonly number[]): void {
    for (const { hash, ...one } of retired) this.kept.set(hash, one);
    this.settle(file, offsets);
  }

  /** A file holds all of them now, in their order, beginning at `offsets`; undefined: there are none. */
  settle(file: ShardFile | undefined, offsets: readonly number[]): void {
    this.file?.close();
    this.file = file;
    const leave = this.kept.size > this.mostInMemory && file?.open() === true;
    let i = 0;
    for (const kept of this.kept.values()) {
      const offset = offsets[i++];
      if (offset === undefined) continue;
      kept.offset = offset;
      if (leave) kept.vector = undefined;
    }
  }

  clear(): void {
    this.revision++;
    this.kept.clear();
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }
}
