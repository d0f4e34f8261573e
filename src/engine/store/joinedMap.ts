// Stage 4, maps by path of several stores, read as one. Cost: nothing is copied; the size is a sum.
import type { VectraStore } from './vectraStore.ts';

/** Of each store a map by path, read as one. */
export class JoinedMap<V> implements ReadonlyMap<string, V> {
  constructor(
    private readonly stores: readonly VectraStore[],
    private readonly storeOf: (path: string) => VectraStore,
    private readonly mapOf: (store: VectraStore) => ReadonlyMap<string, V>,
  ) {}

  get size(): number {
    return this.stores.reduce((sum, store) => sum + this.mapOf(store).size, 0);
  }

  get(path: string): V | undefined {
    return this.mapOf(this.storeOf(path)).get(path);
  }

  has(path: string): boolean {
    return this.mapOf(this.storeOf(path)).has(path);
  }

  forEach(each: (value: V, path: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [path, value] of this) each(value, path, this);
  }

  *entries(): Generator<[string, V], undefined> {
    for (const store of this.stores) yield* this.mapOf(store);
  }

  *keys(): Generator<string, undefined> {
    for (const store of this.stores) yield* this.mapOf(store).keys();
  }

  *values(): Generator<V, undefined> {
    for (const store of this.stores) yield* this.mapOf(store).values();
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries();
  }
}
