// Stage 3, remote: requests and tokens within the rate limits of one key and model. Invariant: requests start evenly spaced and the
// tokens of any second stay below the limit, so that limits checked by the second hold as well as those by the minute. Cost: a
// timer a request that waits.
import { EngineError, throwIfAborted } from '../../errors.ts';

export interface PaceLimits {
  readonly requestsPerSecond?: number;
  readonly tokensPerSecond?: number;
}

/** A request that was let go. */
export interface Start {
  readonly atMs: number;
  tokens: number;
}

/** The service's second, and a little more: a request's way to it takes more or less time. */
const SECOND_MS = 1_050;
/** A start that is late by this much still counts as on time: what a stall held up must not start in one burst. */
const LATEST_MS = 10;
/** While waiting, what the service counted is looked at again this often. */
const LOOK_MS = 50;
/** A refusal costs its pause anyway. */
const SLOWER = 0.8;
const SLOWEST = 0.05;

export class Pacer {
  private nextRequestMs = 0;
  private pausedUntilMs = 0;
  /** Starts of the last second, oldest first. */
  private recent: Start[] = [];
  /** Share of the limits in use: less after each refusal for the rate, back to 1 with the answers that follow. */
  private share = 1;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: PaceLimits) {}

  /** Resolves when a request of so many tokens may start, in the order of the calls. Throws `cancelled`. */
  take(tokens: number, signal: AbortSignal): Promise<Start> {
    const turn = this.turn.then(() => this.start(tokens, signal));
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  /** What the service counted for a request, in place of what was reckoned. */
  settle(start: Start, tokens: number): void {
    start.tokens = tokens;
    this.share = Math.min(1, this.share * 1.05);
  }

  /** The service refused for the rate: nothing starts for `ms`, and then more slowly. */
  holdBack(ms: number): void {
    const until = performance.now() + ms;
    // Requests that were under way together are refused together: one step down for all of them.
    if (until > this.pausedUntilMs + ms / 2) this.share = Math.max(SLOWEST, this.share * SLOWER);
    this.pausedUntilMs = Math.max(this.pausedUntilMs, until);
  }

  private async start(tokens: number, signal: AbortSignal): Promise<Start> {
    throwIfAborted(signal);
    for (;;) {
      const now = performance.now();
      const waitMs = Math.max(this.nextRequestMs, this.pausedUntilMs, this.tokensFreeMs(tokens, now)) - now;
      if (waitMs <= 0) break;
      await sleep(Math.min(waitMs, LOOK_MS), signal);
    }
    const start = { atMs: performance.now(), tokens };
    const { requestsPerSecond, tokensPerSecond } = this.limits;
    if (requestsPerSecond !== undefined) {
      const fromMs = Math.max(this.nextRequestMs, start.atMs - LATEST_MS);
      this.nextRequestMs = fromMs + SECOND_MS / (requestsPerSecond * this.share);
    }
    if (tokensPerSecond !== undefined) this.recent.push(start);
    return start;
  }

  /** When so many tokens fit into a second; a request that never does has one to itself. */
  private tokensFreeMs(tokens: number, now: number): number {
    const { tokensPerSecond } = this.limits;
    if (tokensPerSecond === undefined) return 0;
    while (this.recent[0] && this.recent[0].atMs + SECOND_MS <= now) this.recent.shift();
    let left = this.recent.reduce((sum, start) => sum + start.tokens, 0) + tokens - tokensPerSecond * this.share;
    let freeMs = 0;
    for (const start of this.recent) {
      if (left <= 0) break;
      left -= start.tokens;
      freeMs = start.atMs + SECOND_MS;
    }
    return freeMs;
  }
}

const pacers = new Map<string, Pacer>();

/** One pacer for all uses of a key and model in this process: limits are the account's. `account` must not be stored. */
export function pacerFor(account: string, { requestsPerSecond, tokensPerSecond }: PaceLimits): Pacer {
  const known = pacers.get(account);
  if (known) return known;
  const made = new Pacer({
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
  });
  pacers.set(account, made);
  return made;
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
