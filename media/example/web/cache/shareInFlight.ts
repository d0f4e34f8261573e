/**
 * Makes concurrent calls with the same key share one computation. Without it, a popular query that falls out of the cache
 * sends every visitor to the index at once.
 */
export function shareInFlight<A extends readonly unknown[], T>(
  compute: (...args: A) => Promise<T>,
  keyOf: (...args: A) => string,
): (...args: A) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (...args) => {
    const key = keyOf(...args);
    const shared = running.get(key);
    if (shared) return shared;
    const result = compute(...args).finally(() => running.delete(key));
    running.set(key, result);
    return result;
  };
}

/** A lifetime with up to `spread` more or less, so that entries written together do not expire together. */
export function jitteredLifetime(baseMs: number, spread = 0.15, random: () => number = Math.random): number {
  return Math.round(baseMs * (1 + spread * (2 * random() - 1)));
}
