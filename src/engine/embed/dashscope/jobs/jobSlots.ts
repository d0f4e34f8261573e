// Stage 3, DashScope, batch jobs: at most 50 tasks queued or running for a key, one submission a second (the service runs three
// at a time by itself). Invariant: one board for all uses of an account in this process; other processes are felt as 429, which
// waits. Cost: none.
import type { JobClock } from './jobClock.ts';

const MAX_ALIVE = 50;
const SUBMIT_EVERY_MS = 1050; // clocks differ

export class JobSlots {
  private alive = 0;
  private nextSubmitMs = -Infinity;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Set<() => void>();

  constructor(private readonly most = MAX_ALIVE) {}

  /** Resolves with what gives the place back. Throws `cancelled`. */
  async enter(signal: AbortSignal): Promise<() => void> {
    while (this.alive >= this.most) await this.change(signal);
    signal.throwIfAborted();
    return this.occupy();
  }

  /** For a task that the service has already. */
  occupy(): () => void {
    this.alive++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.alive--;
      for (const wake of [...this.waiting]) wake();
    };
  }

  /** Waits for this submission's turn. */
  async pace(clock: JobClock, signal: AbortSignal): Promise<void> {
    const now = clock.now();
    const at = Math.max(now, this.nextSubmitMs);
    this.nextSubmitMs = at + SUBMIT_EVERY_MS;
    if (at > now) await clock.sleep(at - now, signal);
  }

  /** One submission, or search for a lost one, at a time: so that a task without a job is the one that is looked for. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.waiting.delete(settle);
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      this.waiting.add(settle);
      signal.addEventListener('abort', settle);
      if (signal.aborted) settle();
    });
  }
}

const boards = new Map<string, JobSlots>();

/** `account`: a digest of endpoint and key. */
export function slotsFor(account: string): JobSlots {
  const slots = boards.get(account) ?? new JobSlots();
  boards.set(account, slots);
  return slots;
}
