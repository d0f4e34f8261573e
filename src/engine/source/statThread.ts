// Stage 1: a thread that looks at files while the walk goes through rules and folders. Invariant: it is a help and no need: until it
// runs, and once it failed, the walk looks for itself. Cost: a start of about 40 ms beside the walk, one message for some thousand files.
import { Worker } from 'node:worker_threads';

/** The thread's first word. */
export const READY = 'ready';

export interface StatQuestion {
  readonly id: number;
  /** Absolute, with a NUL between them, which no path holds: one text crosses in no time. */
  readonly paths: string;
}

export interface StatAnswer {
  readonly id: number;
  /** Size and mtimeMs of each file. */
  readonly facts: Float64Array<ArrayBuffer>;
  /** Which of them could not be looked at, and the errno. */
  readonly failures: readonly (readonly [number, string])[];
}

export class StatThread {
  private worker: Worker | undefined;
  private isRunning = false;
  private readonly asked = new Map<number, (answer: StatAnswer | undefined) => void>();
  private nextId = 0;

  /** `entry`: dist/stat.js. Starts nothing. */
  constructor(private readonly entry: string) {}

  /** It can be asked. */
  get isReady(): boolean {
    return this.isRunning;
  }

  /** May be called again. Resolves when it runs, or never will. */
  start(): Promise<void> {
    if (this.worker) return Promise.resolve();
    const worker = (this.worker = new Worker(this.entry));
    worker.on('error', () => this.fail());
    worker.on('exit', () => this.fail());
    return new Promise((resolve) => {
      worker.once('exit', () => resolve());
      worker.on('message', (said: StatAnswer | typeof READY) => {
        if (said === READY) {
          this.isRunning = true;
          resolve();
        } else {
          this.asked.get(said.id)?.(said);
          this.asked.delete(said.id);
        }
      });
    });
  }

  /** Undefined when the thread failed. */
  look(files: readonly string[]): Promise<StatAnswer | undefined> {
    const { worker } = this;
    if (!worker || !this.isRunning) return Promise.resolve(undefined);
    const question: StatQuestion = { id: this.nextId++, paths: files.join('\0') };
    return new Promise((resolve) => {
      this.asked.set(question.id, resolve);
      worker.postMessage(question);
    });
  }

  async close(): Promise<void> {
    this.fail();
    await this.worker?.terminate();
  }

  private fail(): void {
    this.isRunning = false;
    for (const settle of this.asked.values()) settle(undefined);
    this.asked.clear();
  }
}
