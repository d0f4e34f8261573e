// Stage 1: a thread that looks at files while the walk goes through rules and folders. Invariant: it is a help and no need: once it
// failed, the walk looks for itself. Cost: a start of about 40 ms beside the walk, one message for some thousand files.
import { Worker } from 'node:worker_threads';

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
  private hasFailed = false;
  private readonly asked = new Map<number, (answer: StatAnswer | undefined) => void>();
  private nextId = 0;

  /** `entry`: dist/stat.js. Starts nothing. */
  constructor(private readonly entry: string) {}

  /** It can be asked, and answers once it runs. */
  get isStarted(): boolean {
    return this.worker !== undefined && !this.hasFailed;
  }

  /** May be called again. */
  start(): void {
    if (this.worker) return;
    this.worker = new Worker(this.entry);
    this.worker.on('error', () => this.fail());
    this.worker.on('exit', () => this.fail());
    this.worker.on('message', (answer: StatAnswer) => {
      this.asked.get(answer.id)?.(answer);
      this.asked.delete(answer.id);
    });
  }

  /** Undefined when the thread failed. */
  look(files: readonly string[]): Promise<StatAnswer | undefined> {
    const { worker } = this;
    if (!worker || this.hasFailed) return Promise.resolve(undefined);
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
    this.hasFailed = true;
    for (const settle of this.asked.values()) settle(undefined);
    this.asked.clear();
  }
}
