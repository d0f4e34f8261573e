// Flow control of a run: a gate that the user closes (Pause) and a bound on the texts under way, so that no worker idles and
// memory stays small whatever the sizes of the documents.
import { EngineError } from './errors.ts';

/** Open unless paused. */
export class Gate {
  private waiting: (() => void)[] = [];
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Resolves at once, or when opened. Throws `cancelled`. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.closed) await next(this.waiting, signal);
  }
}

export interface Ticket {
  resize(weight: number): void;
  /** May be called twice. */
  release(): void;
}

/** Counts texts under way. */
export class Load {
  private total = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  /** Resolves when less than the limit is under way. Throws `cancelled`. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.total >= this.limit) await next(this.waiting, signal);
  }

  take(weight: number): Ticket {
    let mine = 0;
    const resize = (to: number): void => {
      this.total += to - mine;
      mine = to;
      if (this.total < this.limit) for (const go of this.waiting.splice(0)) go();
    };
    resize(weight);
    return { resize, release: () => resize(0) };
  }
}

function next(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new EngineError('cancelled'));
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    waiting.push(() => {
      signal.removeEventListener('abort', cancel);
      resolve();
    });
  });
}
