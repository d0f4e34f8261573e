// Stage 3, local: spreads texts over a few inference children. Invariant: every call settles exactly once; a child that dies takes
// no call with it unless the same job meets death twice. Cost: about 3 % over running the model alone (bench "embedding").
import { EngineError } from '../../errors.ts';
import type { PartResult } from '../embedder.ts';
import { InferenceCall, type Job, MAX_TEXTS } from './inferenceCall.ts';
import { type InferenceChild, startInferenceChild } from './inferenceChild.ts';
import type { FromChild, Runtime } from './inferenceProtocol.ts';
import type { LocalModel } from './localModel.ts';

export interface PoolOptions {
  /** dist/inference.js, with the runtimes in runtime/ beside it. */
  readonly entry: string;
  readonly maxChildren: number;
  /** Asked with each job: only one child is given work now. */
  readonly isGentle?: () => boolean;
  /** Children get what the processor has left over from other programs. */
  readonly lowPriority?: boolean;
  /** Children without work leave after this time. */
  readonly idleMs: number;
}

export interface EmbedOptions {
  readonly urgent: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Jobs that a child may hold: one in work and one at hand, so that it never waits for the engine. */
const JOBS_PER_CHILD = 2;

interface Worker {
  readonly child: InferenceChild;
  /** By id, in the order in which they were given. */
  readonly jobs: Map<number, Job>;
}

export class InferencePool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  /** Children on their way out: no longer given work, but waited for by `close`. */
  readonly #leaving = new Set<InferenceChild>();
  #calls: InferenceCall[] = [];
  #nextJobId = 1;
  #idleTimer: NodeJS.Timeout | undefined;
  #closed = false;
  runtime: Runtime | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Texts worth having in flight at once: every child has its jobs, and some more wait so that none runs dry. */
  get textsInFlight(): number {
    return this.#options.maxChildren * (JOBS_PER_CHILD + 1) * MAX_TEXTS;
  }

  /** Embeds texts in order. Urgent calls go before all others. See Embedder.embedPart for what is thrown. */
  embed(model: LocalModel, texts: readonly string[], { urgent, signal }: EmbedOptions): Promise<PartResult> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(new EngineError('cancelled'));
    if (texts.length === 0) return Promise.resolve({ vectors: new Float32Array(0), tokens: 0 });
    const { promise, resolve, reject } = settleable<PartResult>();
    const call = new InferenceCall(model, texts, urgent, resolve, reject);
    const abort = (): void => this.#settle(call, new EngineError('cancelled'));
    signal?.addEventListener('abort', abort, { once: true });
    this.#calls.push(call);
    this.#dispatch();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Ends the children; pending calls reject with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    for (const call of this.#pendingCalls()) this.#settle(call, new EngineError('cancelled'));
    await Promise.all(
      [...[...this.#workers].map((worker) => worker.child), ...this.#leaving].map((child) => child.kill()),
    );
  }

  #dispatch(): void {
    clearTimeout(this.#idleTimer);
    this.#giveOut(this.#calls.filter((call) => call.urgent));
    this.#giveOut(this.#calls.filter((call) => !call.urgent));
    this.#calls = this.#calls.filter((call) => call.waiting > 0);
    if (this.#calls.length === 0 && [...this.#workers].every((worker) => worker.jobs.size === 0)) this.#startIdling();
  }

  /** Large jobs while much waits, small ones at the end, so that all children finish together. */
  #giveOut(calls: readonly InferenceCall[]): void {
    let waiting = calls.reduce((sum, call) => sum + call.waiting, 0);
    for (const call of calls) {
      while (call.waiting > 0) {
        const worker = this.#freeWorker(call.urgent);
        if (worker === undefined) return;
        const job = call.take(Math.ceil(waiting / (JOBS_PER_CHILD * this.#options.maxChildren)));
        if (job === undefined) return;
        waiting -= job.end - job.start;
        this.#give(worker, job);
      }
    }
  }

  /** An idle child, else a new one, else one with room. Urgent jobs go to any child rather than wait for a new one. */
  #freeWorker(urgent: boolean): Worker | undefined {
    const most = this.#options.isGentle?.() ? 1 : this.#options.maxChildren;
    const least = [...this.#workers].slice(0, most).sort((a, b) => a.jobs.size - b.jobs.size)[0];
    if (least !== undefined && (least.jobs.size === 0 || urgent)) return least;
    if (this.#workers.size < most) return this.#start();
    return least !== undefined && least.jobs.size < JOBS_PER_CHILD ? least : undefined;
  }

  #give(worker: Worker, job: Job): void {
    const id = this.#nextJobId++;
    const { model, urgent, texts } = job.call;
    worker.jobs.set(id, job);
    worker.child.setBusy(true);
    worker.child.send({ type: 'embed', id, model, texts: texts.slice(job.start, job.end), urgent });
  }

  #start(): Worker {
    const worker: Worker = {
      jobs: new Map(),
      child: startInferenceChild(this.#options.entry, this.#options.lowPriority === true, {
        onAnswer: (answer) => this.#receive(worker, answer),
        onExit: (code, signal) => this.#bury(worker, code, signal),
      }),
    };
    this.#workers.add(worker);
    return worker;
  }

  #receive(worker: Worker, answer: FromChild): void {
    const job = worker.jobs.get(answer.id);
    worker.jobs.delete(answer.id);
    if (worker.jobs.size === 0) worker.child.setBusy(false);
    if (answer.type === 'done') this.runtime = answer.runtime;
    if (job !== undefined && !job.call.settled) this.#apply(job, answer);
    this.#dispatch();
  }

  #apply(job: Job, answer: FromChild): void {
    if (answer.type === 'cancelled') return;
    if (answer.type === 'failed') {
      this.#settle(job.call, new EngineError(answer.code, answer.details));
      return;
    }
    try {
      if (job.call.place(job, answer.vectors, answer.tokens)) this.#settle(job.call);
    } catch (error) {
      this.#settle(job.call, error instanceof EngineError ? error : new EngineError('internal', {}, { cause: error }));
    }
  }

  /** A child is gone: its jobs are given out again, but the one it worked on only once. */
  #bury(worker: Worker, code: number, signal: string): void {
    this.#workers.delete(worker);
    this.#leaving.delete(worker.child);
    const jobs = [...worker.jobs.values()].filter((job) => !job.call.settled);
    worker.jobs.clear(); // an answer that is still in the pipe comes too late: the job is given out again
    const suspects = new Set([...jobs.filter((job) => job.call.urgent), ...jobs.slice(0, 1)]);
    for (const job of jobs) {
      const deaths = job.deaths + (suspects.has(job) ? 1 : 0);
      if (deaths > 1) {
        this.#settle(job.call, new EngineError('child-died', { code, signal }));
        continue;
      }
      job.call.giveBack({ ...job, deaths });
      if (!this.#calls.includes(job.call)) this.#calls.unshift(job.call);
    }
    if (!this.#closed) this.#dispatch();
  }

  /** Ends a call, with an error or its result, and takes its other jobs from the children. */
  #settle(call: InferenceCall, error?: EngineError): void {
    if (call.settled) return;
    call.settled = true;
    this.#calls = this.#calls.filter((other) => other !== call);
    for (const { child, jobs } of this.#workers) {
      for (const [id, job] of jobs) if (job.call === call) child.send({ type: 'cancel', id });
    }
    if (error === undefined) call.resolve(call.result);
    else call.reject(error);
  }

  #pendingCalls(): Set<InferenceCall> {
    return new Set([
      ...this.#calls,
      ...[...this.#workers].flatMap(({ jobs }) => [...jobs.values()].map((job) => job.call)),
    ]);
  }

  #startIdling(): void {
    this.#idleTimer = setTimeout(() => {
      for (const worker of this.#workers) {
        this.#workers.delete(worker);
        this.#leaving.add(worker.child);
        worker.child.retire();
      }
    }, this.#options.idleMs).unref();
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function settleable<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResult, onError) => {
    resolve = onResult;
    reject = onError;
  });
  return { promise, resolve, reject };
}
