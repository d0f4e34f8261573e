// A question about the whole index. Invariant: an answer to a question that was replaced or stopped is never shown; the newest
// answer stays until a newer one comes. Cost: one request a question; the engine keeps what answers share.
import { isCancelled, isEngineError } from '../../engine/errors.ts';
import type { ViewRequests, WholeIndexRequest } from '../../protocol/viewApi.ts';
import type { ViewContext } from '../viewContext.ts';

/** Why there is no newer answer. */
export type Halt =
  { readonly kind: 'stopped' | 'nothing-indexed' } | { readonly kind: 'failed'; readonly sentence?: string };

export class Question<K extends WholeIndexRequest> {
  answer: ViewRequests[K]['result'] | undefined;
  /** What `answer` is to. */
  answered: ViewRequests[K]['params'] | undefined;
  halt: Halt | undefined;
  /** What the newest answer, or the question under way, is to. */
  asked = '';
  private running: AbortController | undefined;

  /** `changed`: the answer came, or it will not. */
  constructor(
    private readonly context: ViewContext,
    private readonly name: K,
    private readonly changed: () => void,
  ) {}

  get isAsking(): boolean {
    return this.running !== undefined;
  }

  /** Replaces a question under way. `key` names the question. */
  ask(key: string, params: ViewRequests[K]['params']): void {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.asked = key;
    void this.wait(params, running);
  }

  stop(): void {
    if (!this.running) return;
    this.running.abort();
    this.running = undefined;
    this.halt = { kind: 'stopped' };
    this.changed();
  }

  /** Forgets the answer: it is of another index. */
  forget(): void {
    this.running?.abort();
    this.running = undefined;
    this.answer = undefined;
    this.halt = undefined;
    this.asked = '';
  }

  private async wait(params: ViewRequests[K]['params'], running: AbortController): Promise<void> {
    const isReplaced = (): boolean => this.running !== running;
    try {
      const answer = await this.context.ask(this.name, params, running.signal);
      if (isReplaced()) return;
      this.answer = answer;
      this.answered = params;
      this.halt = undefined;
    } catch (error) {
      if (isReplaced()) return;
      this.halt = haltOf(error);
      if (this.halt.kind === 'nothing-indexed') this.answer = undefined;
    }
    this.running = undefined;
    this.changed();
  }
}

function haltOf(error: unknown): Halt {
  if (isCancelled(error)) return { kind: 'stopped' }; // an index run ended it, say
  if (isEngineError(error, 'index-empty')) return { kind: 'nothing-indexed' };
  const sentence = isEngineError(error) ? error.details['sentence'] : undefined;
  return { kind: 'failed', ...(typeof sentence === 'string' && { sentence }) };
}
