// Stage 3, remote: rows -> vectors, whatever the service refuses. Invariant: every row ends with its own vector or its own
// error; nothing is lost, swapped or sent again once its vector is there. Cost: the requests; refusals add log2(rows) of them.
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { EngineError, throwIfAborted } from '../../errors.ts';
import type { EmbedInput, SparseVector, VectorOutput } from '../../model.ts';
import { isMedia } from '../media.ts';
import { sleep, type Pacer } from './pacer.ts';
import { packRows, reckonTokens } from './packRows.ts';
import { concernsOneRow, engineErrorOf, RemoteFailure, type FailureFacts, type FailureKind } from './remoteFailure.ts';
import { estimateTokens, halve, splitByEstimate } from './tokenEstimate.ts';
import { unitLength } from './unitLength.ts';
import type { Wire, WireLimits, WireVector } from './wire.ts';

export type Purpose = 'document' | 'query';

export interface RowVector {
  /** Unit length. */
  readonly dense?: Float32Array;
  readonly sparse?: SparseVector;
  /** Parts that a row too long for the model was split into; its vector is their mean. */
  readonly parts: number;
}

export interface Sent {
  readonly rows: readonly (RowVector | EngineError)[];
  readonly tokens: number;
}

/** What a request takes. */
export interface Taken {
  /** Of texts. */
  readonly tokens: number;
  /** Of images and videos. */
  readonly mediaTokens: number;
  readonly images: number;
}

export type Link = 'ok' | 'limited' | 'offline';

export interface SenderOptions {
  readonly wire: Wire;
  readonly model: string;
  readonly limits: WireLimits;
  readonly pacer: Pacer;
  /** Vectors of another length are refused. Undefined: learned from the first answer. */
  readonly dimension?: number;
  /** Requests under way at most. */
  readonly concurrency: number;
  /** The first pause before trying again; it doubles. Tests pass a shorter one. */
  readonly firstDelayMs?: number;
  /** Before each request, with what it will take by the estimate. Throws `consent-needed`, `budget-reached`. */
  readonly permit: (reckoned: Taken) => void;
  /** After each permitted request: what the service counts (else the estimate), or undefined when it failed. */
  readonly onAnswer: (reckoned: Taken, taken: Taken | undefined) => void;
  readonly onLink: (link: Link) => void;
}

const SERVER_ATTEMPTS = 5;
/** A question does not wait longer than this for the rate limit. */
const QUERY_WAIT_MS = 20_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Lost connections are tried this often before the endpoint was reached once; later they are waited for. */
const UNREACHED_ATTEMPTS = 3;
/** The service may count a little more than the running mean. */
const COUNT_MARGIN = 1.05;

export class RowSender {
  private rowsPerRequest: number;
  private dimension: number | undefined;
  private reached = false;
  /** Tokens that the service counts for one that is estimated, a running mean: the estimate is an upper one. */
  private countRatio = 1;
  private readonly slots: ReturnType<typeof pLimit>;
  private readonly closing = new AbortController();

  constructor(private readonly options: SenderOptions) {
    this.slots = pLimit(options.concurrency);
    this.rowsPerRequest = options.limits.rowsPerRequest;
    this.dimension = options.dimension;
  }

  get limits(): WireLimits {
    return this.options.limits;
  }

  /** Most rows that a request takes, as far as is known. */
  get rows(): number {
    return this.rowsPerRequest;
  }

  /** Undefined before the first answer, when it was not given. */
  get knownDimension(): number | undefined {
    return this.dimension;
  }

  /**
   * Sends texts, none of them blank, in as many requests as needed. A row that the service refuses is an error in its place;
   * throws what concerns all rows: `cancelled` (also for what is no longer wanted when its turn comes), `key-refused`,
   * `billing-stopped`, `consent-needed` ...
   */
  async send(
    texts: readonly EmbedInput[],
    purpose: Purpose,
    output: VectorOutput,
    signal?: AbortSignal,
    isWanted: () => boolean = () => true,
  ): Promise<Sent> {
    let tokens = 0;
    const stop = new AbortController();
    const either = AbortSignal.any([stop.signal, this.closing.signal, ...(signal ? [signal] : [])]);
    setMaxListeners(0, either); // one for each request under way is no leak
    const request: Request = {
      purpose,
      output,
      signal: either,
      isWanted,
      count: (answered) => {
        tokens += answered;
      },
    };
    const { tokensPerRow } = this.options.limits;
    const isLong = (row: EmbedInput): row is string => !isMedia(row) && estimateTokens(row) > tokensPerRow;
    try {
      const short = this.batches(texts.filter((text) => !isLong(text))).map((batch) => this.sendBatch(batch, request));
      const long = texts.filter(isLong).map((text) => this.sendParts(splitByEstimate(text, tokensPerRow), request));
      const [shortRows, longRows] = await Promise.all([
        Promise.all(short).then((rows) => rows.flat()),
        Promise.all(long),
      ]);
      const next = { short: shortRows.values(), long: longRows.values() };
      const rows = texts.map(
        (text) => next[isLong(text) ? 'long' : 'short'].next().value ?? unanswered(this.options.wire.origin),
      );
      return { rows, tokens };
    } catch (error) {
      stop.abort(); // what concerns all rows: the other requests would be paid for nothing
      throw error;
    }
  }

  /** What is under way rejects with `cancelled`, and so does what comes later. */
  close(): void {
    this.closing.abort();
  }

  /** Groups of rows that fit one request each, in order. */
  batches(rows: readonly EmbedInput[]): EmbedInput[][] {
    return packRows(rows, this.options.limits, this.rowsPerRequest);
  }

  private async sendBatch(texts: readonly EmbedInput[], request: Request): Promise<(RowVector | EngineError)[]> {
    if (texts.length > this.rowsPerRequest) return this.sendBatches(this.batches(texts), request);
    try {
      return (await this.sendOnce(texts, request)).map((vector) => normalised(vector, 1));
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      return this.withoutCause(texts, request, error);
    }
  }

  private async sendBatches(batches: readonly EmbedInput[][], request: Request): Promise<(RowVector | EngineError)[]> {
    const rows = [];
    for (const batch of batches) rows.push(...(await this.sendBatch(batch, request)));
    return rows;
  }

  /** Sends again what a refusal does not concern: fewer rows, parts of a row, or halves until the one bad row is found. */
  private async withoutCause(
    texts: readonly EmbedInput[],
    request: Request,
    failure: RemoteFailure,
  ): Promise<(RowVector | EngineError)[]> {
    const { kind, limit, reason } = failure.facts;
    const { wire, model } = this.options;
    if (kind !== 'rows' && kind !== 'size' && kind !== 'length' && kind !== 'refused') {
      throw engineErrorOf(failure, wire.origin, model);
    }
    const [only, ...others] = texts;
    if (kind === 'rows' && texts.length > 1) {
      // Requests under way together are refused one after the other: a later refusal must not raise what an earlier one taught.
      const fewer = Math.min(limit ?? Math.floor(texts.length / 2), texts.length - 1);
      this.rowsPerRequest = Math.max(1, Math.min(this.rowsPerRequest, fewer));
      return this.sendBatches(this.batches(texts), request);
    }
    if (only !== undefined && others.length === 0) {
      if (kind === 'refused' || kind === 'rows') {
        // With no row embedded yet it may be the request itself: a wrong parameter concerns every row.
        if (!this.reached && !concernsOneRow(failure)) throw engineErrorOf(failure, wire.origin, model);
        return [new EngineError('row-refused', { reason })];
      }
      const parts = isMedia(only) ? undefined : halve(only);
      return [parts ? await this.sendParts(parts, request) : new EngineError('row-refused', { reason })];
    }
    const middle = Math.ceil(texts.length / 2);
    const first = await this.sendBatch(texts.slice(0, middle), request).catch((error: unknown) => {
      // The first half alone can't tell a bad row from a bad request.
      if (error instanceof EngineError && error.code === 'request-refused') return undefined;
      throw error;
    });
    const second = await this.sendBatch(texts.slice(middle), request);
    return [...(first ?? (await this.sendBatch(texts.slice(0, middle), request))), ...second];
  }

  /** One vector for a text that was split: the mean of its parts, each as much as its tokens. */
  private async sendParts(parts: readonly string[], request: Request): Promise<RowVector | EngineError> {
    const inked = parts.filter((part) => part.trim() !== '');
    const rows = await this.sendBatches(this.batches(inked), request);
    const vectors: { row: RowVector; weight: number }[] = [];
    for (const [i, row] of rows.entries()) {
      if (row instanceof EngineError) return row;
      vectors.push({ row, weight: estimateTokens(inked[i] ?? '') });
    }
    const dense = vectors[0]?.row.dense && new Float32Array(vectors[0].row.dense.length);
    const sparse = new Map<number, number>();
    for (const { row, weight } of vectors) {
      row.dense?.forEach((x, i) => {
        if (dense) dense[i] = (dense[i] ?? 0) + x * weight;
      });
      row.sparse?.indices.forEach((index, i) =>
        sparse.set(index, Math.max(sparse.get(index) ?? 0, row.sparse?.values[i] ?? 0)),
      );
    }
    const indices = [...sparse.keys()].sort((a, b) => a - b);
    const merged = { indices, values: indices.map((index) => sparse.get(index) ?? 0) };
    const count = vectors.reduce((sum, { row }) => sum + row.parts, 0);
    return normalised({ ...(dense && { dense }), ...(sparse.size > 0 && { sparse: merged }) }, count);
  }

  /** One request, again and again while waiting helps. Throws {@link RemoteFailure} when it does not. */
  private async sendOnce(texts: readonly EmbedInput[], request: Request): Promise<readonly WireVector[]> {
    const attempts = async (): Promise<readonly WireVector[]> => {
      if (!request.isWanted()) throw new EngineError('cancelled');
      return this.attempt(texts, request);
    };
    // A question does not wait behind documents: only for the rate limits.
    return request.purpose === 'query' ? attempts() : this.slots(attempts);
  }

  private async attempt(rows: readonly EmbedInput[], request: Request): Promise<readonly WireVector[]> {
    const { wire, pacer, permit, onAnswer, onLink } = this.options;
    const { purpose, output, signal } = request;
    const media = rows.filter(isMedia);
    const forMedia = reckonTokens(media, this.options.limits);
    const estimate = reckonTokens(rows, this.options.limits);
    const startedMs = performance.now();
    // Each kind by itself: an error after a long wait for the network or the rate is still the first of its kind.
    const failures = new Map<FailureKind, number>();
    for (;;) {
      throwIfAborted(signal);
      let pauseMs = 0;
      const forTexts = (estimate - forMedia) * this.countRatio;
      const reckoned: Taken = { tokens: forTexts, mediaTokens: forMedia, images: media.length };
      const start = await pacer.take(forTexts + forMedia, signal);
      permit(reckoned);
      let taken: Taken | undefined;
      try {
        const answer = await wire.embed({ rows, purpose, output }, signal);
        taken = {
          tokens: answer.tokens ?? estimate - forMedia,
          mediaTokens: answer.mediaTokens ?? forMedia,
          images: media.length,
        };
        const tokens = taken.tokens + taken.mediaTokens;
        request.count(tokens);
        this.checkDimension(answer.vectors);
        this.reached = true;
        onLink('ok');
        pacer.settle(start, tokens);
        if (estimate > forMedia) {
          const ratio = taken.tokens / (estimate - forMedia);
          this.countRatio = this.countRatio * 0.9 + 0.1 * COUNT_MARGIN * ratio;
        }
        return answer.vectors;
      } catch (error) {
        if (!(error instanceof RemoteFailure)) throw error;
        const { kind, status } = error.facts;
        // An answer of no use was charged for all the same, as far as anybody knows.
        if (kind === 'answer' && status === 200) taken ??= reckoned;
        const count = (failures.get(kind) ?? 0) + 1;
        failures.set(kind, count);
        const delayMs = this.delayBefore(error.facts, count, purpose, performance.now() - startedMs);
        if (delayMs === undefined) throw error;
        if (kind === 'rate') {
          onLink('limited');
          pacer.holdBack(delayMs);
        } else {
          if (kind === 'network') onLink('offline');
          pauseMs = delayMs;
        }
      } finally {
        onAnswer(reckoned, taken);
      }
      if (pauseMs > 0) await sleep(pauseMs, signal);
    }
  }

  /** How long to wait after failure number `count` of this kind; undefined when there should be no other attempt. */
  private delayBefore(
    { kind, retryAfterMs }: FailureFacts,
    count: number,
    purpose: Purpose,
    waitedMs: number,
  ): number | undefined {
    const { firstDelayMs = FIRST_DELAY_MS } = this.options;
    // Exponential with full jitter, but at least half of it.
    const backoff = Math.min(LONGEST_DELAY_MS, firstDelayMs * 2 ** (count - 1)) * (0.5 + Math.random() / 2);
    // "At once" would be a flood where a service says it again and again.
    const delayMs = retryAfterMs === undefined ? backoff : Math.max(retryAfterMs, firstDelayMs / 2);
    const asks = purpose === 'query';
    switch (kind) {
      case 'rate':
        return asks && waitedMs + delayMs > QUERY_WAIT_MS ? undefined : delayMs;
      case 'server':
      case 'answer':
        return count < (asks ? 3 : SERVER_ATTEMPTS) ? delayMs : undefined;
      case 'network':
        return count < UNREACHED_ATTEMPTS || (this.reached && !asks) ? delayMs : undefined;
      default:
        return undefined;
    }
  }

  private checkDimension(vectors: readonly WireVector[]): void {
    for (const { dense } of vectors) {
      if (!dense) continue;
      this.dimension ??= dense.length;
      if (dense.length !== this.dimension) {
        const reason = `${dense.length} numbers instead of ${this.dimension}`;
        throw new RemoteFailure({ kind: 'answer', status: 200, reason });
      }
    }
  }
}

interface Request {
  readonly purpose: Purpose;
  readonly output: VectorOutput;
  readonly signal: AbortSignal;
  isWanted(): boolean;
  /** Adds up what the answers took. */
  count(tokens: number): void;
}

function normalised({ dense, sparse }: WireVector, parts: number): RowVector {
  return { parts, ...(dense && { dense: unitLength(dense) }), ...(sparse && { sparse }) };
}

function unanswered(origin: string): EngineError {
  return new EngineError('bad-answer', { origin, reason: 'a row without a vector' });
}
