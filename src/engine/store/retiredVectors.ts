// Stage 4, vectors of chunks that are in no document any more, kept so that a branch switch and back embeds nothing.
// Invariant: no hash is here and in a live row at once; never more than MAX_RETIRED_BYTES. Cost: those, in
// memory and, with every checkpoint after a change, on disk: 43,000 chunks at 384 dimensions, 16,000 at 1,024.
import type { RetiredVector } from './shard.ts';

export const MAX_RETIRED_BYTES = 64 * 2 ** 20;
export const RETIRED_FOR_MS = 14 * 24 * 3600 * 1000;

export class RetiredVectors {
  private readonly limit: number;
  /** Oldest first. */
  private readonly kept = new Map<string, RetiredVector>();
  /** Grows with every change. */
  revision = 0;

  constructor(dimension: number, maxBytes = MAX_RETIRED_BYTES) {
    this.limit = Math.floor(maxBytes / (dimension * Float32Array.BYTES_PER_ELEMENT));
  }

  get size(): number {
    return this.kept.size;
  }

  find(hash: string): Float32Array | undefined {
    return this.kept.get(hash)?.vector.slice();
  }

  keep(retired: RetiredVector): void {
    this.revision++;
    this.kept.delete(retired.hash);
    this.kept.set(retired.hash, retired);
    if (this.kept.size <= this.limit) return;
    const oldest = this.kept.keys().next();
    if (!oldest.done) this.kept.delete(oldest.value);
  }

  findSparse(hash: string): string | undefined {
    return this.kept.get(hash)?.sparse;
  }

  forget(hash: string): void {
    if (this.kept.delete(hash)) this.revision++;
  }

  forgetOld(nowMs: number): void {
    for (const { hash, retiredAtMs } of this.kept.values()) {
      if (nowMs - retiredAtMs <= RETIRED_FOR_MS) break;
      this.forget(hash);
    }
  }

  all(): RetiredVector[] {
    return [...this.kept.values()];
  }

  clear(): void {
    this.revision++;
    this.kept.clear();
  }
}
