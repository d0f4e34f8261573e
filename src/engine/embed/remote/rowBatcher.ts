// Stage 3, remote: rows of many documents -> full requests. Invariant: each row is answered to whoever asked for it; rows of
// different calls share a request only when the same signal stops them; what was answered is never thrown away because another
// request of the call failed. Cost: a row waits for its request to fill a moment at most.
import { EngineError, toEngineError } from '../../errors.ts';
import type { EmbedInput, VectorOutput } from '../../model.ts';
import { reckonTokens } from './packRows.ts';
import type { RowSender, RowVector } from './rowSender.ts';

/** A row, or why it has none, with its share of the tokens that its request took. */
export interface BatchedRow {
  readonly row: RowVector | EngineError;
  readonly tokens: number;
}

interface Waiting {
  readonly input: EmbedInput;
  readonly call: Call;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (row: BatchedRow) => void;
}

interface Call {
  /** A request of it failed: those that have not begun are not sent. */
  isOver: boolean;
}

/** Documents are read and chunked faster than this. */
const LINGER_MS = 25;

export class RowBatcher {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sender: RowSender,
    private readonly output: VectorOutput = 'dense',
  ) {}

  /** Rows as documents. What fails a request is the error of each of its rows; those that were not sent are `cancelled`. */
  embed(inputs: readonly EmbedInput[], signal?: AbortSignal): Promise<BatchedRow[]> {
    const call: Call = { isOver: false };
    const rows = inputs.map(
      (input) => new Promise<BatchedRow>((resolve) => this.waiting.push({ input, call, signal, resolve })),
    );
    this.sendFull();
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.sendRest(), LINGER_MS);
    return Promise.all(rows);
  }

  close(): void {
    clearTimeout(this.timer);
    fail(this.waiting.splice(0), new EngineError('cancelled'));
  }

  /** Sends what fills a request; the last, incomplete one waits. */
  private sendFull(): void {
    const groups = this.groups();
    const last = groups.at(-1);
    if (!last || this.waiting.length < this.sender.rows) return;
    this.waiting = last.length >= this.sender.rows ? [] : last;
    for (const group of this.waiting.length > 0 ? groups.slice(0, -1) : groups) void this.send(group);
  }

  private sendRest(): void {
    this.timer = undefined;
    const groups = this.groups();
    this.waiting = [];
    for (const group of groups) void this.send(group);
  }

  /** In order, each of one signal and one request's size. */
  private groups(): Waiting[][] {
    const bySignal = groupBySignal(this.waiting);
    return [...bySignal.values()].flatMap((rows) => {
      const left = rows.values();
      return this.sender
        .batches(rows.map(({ input }) => input))
        .map((batch) => batch.flatMap(() => left.next().value ?? []));
    });
  }

  private async send(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    try {
      const { rows, tokens } = await this.sender.send(
        group.map(({ input }) => input),
        'document',
        this.output,
        first.signal,
        () => group.some(({ call }) => !call.isOver),
      );
      const estimates = group.map(({ input }) => reckonTokens([input], this.sender.limits));
      const all = estimates.reduce((sum, estimate) => sum + estimate, 0);
      group.forEach(({ resolve }, i) =>
        resolve({
          row: rows[i] ?? new EngineError('internal', { reason: 'a row without an answer' }),
          tokens: all > 0 ? (tokens * (estimates[i] ?? 0)) / all : 0,
        }),
      );
    } catch (error) {
      fail(group, toEngineError(error));
    }
  }
}

function fail(rows: readonly Waiting[], error: EngineError): void {
  for (const { call, resolve } of rows) {
    call.isOver = true;
    resolve({ row: error, tokens: 0 });
  }
}

function groupBySignal(waiting: readonly Waiting[]): Map<AbortSignal | undefined, Waiting[]> {
  const groups = new Map<AbortSignal | undefined, Waiting[]>();
  for (const row of waiting) {
    const group = groups.get(row.signal);
    if (group) group.push(row);
    else groups.set(row.signal, [row]);
  }
  return groups;
}
