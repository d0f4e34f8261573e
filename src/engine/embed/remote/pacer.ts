// Stage 3, remote: requests and tokens within the rate limits of one key and model. Invariant: requests start evenly spaced,
// so that limits checked by the second hold as well as those by the minute. Cost: a timer a request that waits.
import { EngineError, throwIfAborted } from '../../errors.ts';

export interface PaceLimits {
  readonly requestsPerSecond?: number;
  readonly tokensPerSecond?: number;
}

/** Below the limits by this much: clocks differ, and a request's way to the service takes more or less time. */
const HEADROOM = 0.97;
const SLOWEST = 0.05;
/** A start that is late by this much still counts as on time. */
const LATEST_MS = 10;

export class Pacer {
  private nextRequestMs = 0;
  private nextTokensMs = 0;
  private pausedUntilMs = 0;
  /** Share of the limits in use: halved by a refusal for the rate, back to 1 with the answers that follow. */
  private share = 1;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly limits: PaceLimits) {}

  /** Resolves when a request of so many tokens may start, in the order of the calls. Throws `cancelled`. */
  take(tokens: number, signal: AbortSignal): Promise<void> {
    const turn = this.turn.then(() => this.start(tokens, signal));
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async start(tokens: number, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const dueMs = Math.max(this.nextRequestMs, this.nextTokensMs);
    for (;;) {
      const now = performance.now();
      const waitMs = Math.max(dueMs, this.pausedUntilMs) - now;
      if (waitMs <= 0) break;
      await sleep(waitMs, signal);
    }
    // What a stall of this process held up must not start in one burst.
    const startMs = Math.max(dueMs, performance.now() - LATEST_MS);
    const { requestsPerSecond, tokensPerSecond } = this.limits;
    const used = this.share * HEADROOM;
    if (requestsPerSecond !== undefined) this.nextRequestMs = startMs + 1000 / (requestsPerSecond * used);
    if (tokensPerSecond !== undefined) this.nextTokensMs = startMs + (1000 * tokens) / (tokensPerSecond * used);
  }

  /** The service counted other than was reckoned. */
  settle(reckoned: number, actual: number): void {
    const { tokensPerSecond } = this.limits;
    if (tokensPerSecond !== undefined) {
      this.nextTokensMs += (1000 * (actual - reckoned)) / (tokensPerSecond * this.share * HEADROOM);
    }
    this.share = Math.min(1, this.share * 1.05);
  }

  /** The service refused for the rate: nothing starts for `ms`, and then more slowly. */
  holdBack(ms: number): void {
    const until = performance.now() + ms;
    // Requests that were under way together are refused together: one step down for all of them.
    if (until > this.pausedUntilMs + ms / 2) this.share = Math.max(SLOWEST, this.share / 2);
    this.pausedUntilMs = Math.max(this.pausedUntilMs, until);
  }
}

const pacers = new Map<string, Pacer>();

/** One pacer for all uses of a key and model in this process: limits are the account's. `account` must not be stored. */
export function pacerFor(account: string, limits: PaceLimits): Pacer {
  const key = JSON.stringify([account, limits]);
  const known = pacers.get(key) ?? new Pacer(limits);
  pacers.set(key, known);
  return known;
}

/** Throws `cancelled`. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new EngineError('cancelled'));
      return;
    }
    const cancel = (): void => {
      clearTimeout(timer);
      reject(new EngineError('cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal.addEventListener('abort', cancel, { once: true });
  });
}
