// Stage 4, vectors of chunks that are in no document any more, kept so that a branch switch and back embeds nothing.
// Invariant: no hash is here and in a live row at once; never more than MAX_RETIRED. Cost: up to 16 MB at 1,024 dimensions.
import type { RetiredVector } from './shard.ts';

export const MAX_RETIRED = 4_000;
export const RETIRED_FOR_MS = 14 * 24 * 3600 * 1000;

export class RetiredVectors {
  /** Oldest first. */
  private readonly kept = new Map<string, RetiredVector>();
  /** Grows with every change. */
  revision = 0;

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
    if (this.kept.size <= MAX_RETIRED) return;
    const oldest = this.kept.keys().next();
    if (!oldest.done) this.kept.delete(oldest.value);
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
