// Stage 6, work that several wait for at once. Invariant: it is done once, and ends early when the last of them gives up. Cost: none.
import { EngineError } from '../errors.ts';

export class SharedWork<T> {
  private readonly stop = new AbortController();
  private readonly result: Promise<T>;
  private waiting = 0;
  private isSettled = false;

  constructor(make: (signal: AbortSignal) => Promise<T>) {
    this.result = make(this.stop.signal);
    const settle = (): void => void (this.isSettled = true);
    this.result.then(settle, settle); // what went wrong is told to those who wait
  }

  /** Rejects with `cancelled` when the signal does, and with what the work rejects with. */
  async join(signal?: AbortSignal): Promise<T> {
    this.waiting++;
    try {
      return await untilAborted(this.result, signal);
    } finally {
      if (--this.waiting === 0 && !this.isSettled) this.end();
    }
  }

  /** It ended early: whoever comes now needs new work. */
  get isGivenUp(): boolean {
    return this.stop.signal.aborted;
  }

  end(): void {
    this.stop.abort();
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new EngineError('cancelled'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const settled = (): void => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(settled);
  });
}
