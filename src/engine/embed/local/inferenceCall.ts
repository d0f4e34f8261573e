// Stage 3, local: one call of the pool, cut into jobs as workers become free. Invariant: each text belongs to at most one job in
// flight, and rows land at their text's place whatever the order of answers.
import { EngineError } from '../../errors.ts';
import type { PartResult } from '../embedder.ts';
import type { LocalModel } from './localModel.ts';

/** A slice of a call's texts, as it goes to a child. */
export interface Job {
  readonly call: InferenceCall;
  readonly start: number;
  readonly end: number;
  /** How often a child died while it had this job in hand. */
  readonly deaths: number;
}

/** Texts and characters of a job at most: a child that is killed loses about 0.2 s of work. */
export const MAX_TEXTS = 16;
const MAX_CHARACTERS = 16_000;

export class InferenceCall {
  readonly #given: Job[] = [];
  #next = 0;
  #left: number;
  #vectors = new Float32Array(0);
  #tokens = 0;
  settled = false;

  constructor(
    readonly model: LocalModel,
    readonly texts: readonly string[],
    readonly urgent: boolean,
    readonly resolve: (result: PartResult) => void,
    readonly reject: (error: EngineError) => void,
  ) {
    this.#left = texts.length;
  }

  /** Texts that no child has yet. */
  get waiting(): number {
    return this.#given.reduce((sum, job) => sum + job.end - job.start, this.texts.length - this.#next);
  }

  /** The next job, of at most `most` texts (all of them for an urgent call). */
  take(most: number): Job | undefined {
    const returned = this.#given.pop();
    if (returned !== undefined) return returned;
    if (this.#next >= this.texts.length) return undefined;
    const start = this.#next;
    const limit = Math.min(this.texts.length, start + (this.urgent ? MAX_TEXTS : Math.min(most, MAX_TEXTS)));
    let characters = 0;
    let end = start;
    while (end < limit && (end === start || characters + (this.texts[end]?.length ?? 0) <= MAX_CHARACTERS)) {
      characters += this.texts[end]?.length ?? 0;
      end++;
    }
    this.#next = end;
    return { call: this, start, end, deaths: 0 };
  }

  /** Takes back the job of a child that ended. */
  giveBack(job: Job): void {
    this.#given.push(job);
  }

  /** Places a job's rows; true when the call is complete. Throws `bad-vector` when rows of another length come. */
  place(job: Job, vectors: Float32Array, tokens: number): boolean {
    const dimension = vectors.length / (job.end - job.start);
    if (this.#vectors.length === 0) this.#vectors = new Float32Array(dimension * this.texts.length);
    if (this.#vectors.length !== dimension * this.texts.length) {
      throw new EngineError('bad-vector', { model: this.model.id, reason: `a row of ${dimension} numbers` });
    }
    this.#vectors.set(vectors, job.start * dimension);
    this.#tokens += tokens;
    this.#left -= job.end - job.start;
    return this.#left === 0;
  }

  get result(): PartResult {
    return { vectors: this.#vectors, tokens: this.#tokens };
  }
}
