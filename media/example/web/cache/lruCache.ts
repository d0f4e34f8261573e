interface Entry<V> {
  readonly value: V;
  readonly expiresAt: number;
}

/**
 * Remembers a limited number of values for a limited time. When it is full, what was not used for the longest time goes.
 * A Map keeps its keys in the order of insertion, so putting a used key in again makes it the youngest.
 */
export class LruCache<K, V> {
  private readonly entries = new Map<K, Entry<V>>();

  constructor(
    private readonly capacity: number,
    private readonly lifetimeMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.expiresAt <= this.now()) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  /** `lifetimeMs` for this entry alone: empty search results live ten seconds, not five minutes. */
  set(key: K, value: V, lifetimeMs = this.lifetimeMs): void {
    this.entries.delete(key);
    this.entries.set(key, { value, expiresAt: this.now() + lifetimeMs });
    if (this.entries.size > this.capacity) this.evictOldest();
  }

  delete(key: K): boolean {
    return this.entries.delete(key);
  }

  get size(): number {
    return this.entries.size;
  }

  private evictOldest(): void {
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}
