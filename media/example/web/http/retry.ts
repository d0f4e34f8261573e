/** Trying again with manners: see docs/guides/writing-retries.md. */

export interface RetryOptions {
  /** How often to try in all. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Which failures may be gone a moment later. */
  readonly isTransient: (error: unknown) => boolean;
  /** Between 0 and 1; tests pass a fixed one. */
  readonly random?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

export class GaveUp extends Error {
  constructor(
    readonly attempts: number,
    override readonly cause: unknown,
  ) {
    super(`failed ${attempts} times`);
  }
}

const realSleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Calls `operation` until it succeeds. After each transient failure it waits a random part of a delay that doubles.
 * Throws the error itself where repeating cannot help, and `GaveUp` after the last attempt.
 */
export async function withRetry<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, firstDelayMs, maxDelayMs, isTransient, random = Math.random, sleep = realSleep } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (attempt >= attempts) throw new GaveUp(attempt, error);
      const limit = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
      await sleep(retryAfterMs(error) ?? random() * limit);
    }
  }
}

/** What the server asked for, if it said how long to wait. */
function retryAfterMs(error: unknown): number | undefined {
  const seconds = (error as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
