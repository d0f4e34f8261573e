// The Search tab's state: query, filter, hits. No `vscode` here. Invariant: an answer to a query that was replaced
// meanwhile is never shown.
import { isEngineError } from '../engine/errors.ts';
import type { Hit, SearchFilter, SearchMode } from '../engine/model.ts';
import { NO_FILTER, type SearchView, type ViewFilter } from '../protocol/viewApi.ts';
import { keyOf, type Empty, type Range } from './similarFollower.ts';
import { toSearchFilter } from './viewFilter.ts';

/** Hits, and what kept the search from finding more. */
export interface PartialAnswer {
  readonly hits: readonly Hit[];
  readonly problem: string;
}

export interface SearchPorts {
  find(query: string, filter: SearchFilter, signal: AbortSignal): Promise<readonly Hit[] | PartialAnswer | Empty>;
  mode(): SearchMode;
  explain(error: unknown): string;
  changed(): void;
}

export class SearchController {
  private state: Omit<SearchView, 'mode'> = { query: '', filter: NO_FILTER, busy: false, hits: [] };
  private running: AbortController | undefined;
  private underWay: Promise<void> | undefined;
  private readonly hidden = new Set<string>();

  constructor(private readonly ports: SearchPorts) {}

  view(): SearchView {
    const hits = this.state.hits.filter((hit) => !this.hidden.has(keyOf(hit)));
    return { ...this.state, mode: this.ports.mode(), hits, hidden: this.state.hits.length - hits.length };
  }

  /** Hides a hit until another question is asked. */
  hide(place: Range): void {
    this.hidden.add(keyOf(place));
    this.ports.changed();
  }

  unhideAll(): void {
    this.hidden.clear();
    this.ports.changed();
  }

  /** Searches; an empty query clears the results. */
  async search(query: string, filter: ViewFilter): Promise<void> {
    await this.run(query, filter, false);
  }

  private async run(query: string, filter: ViewFilter, again: boolean): Promise<void> {
    this.running?.abort();
    const asked = { query: query.trim(), filter };
    if (asked.query !== this.state.query) this.hidden.clear();
    if (asked.query === '') {
      this.set({ ...asked, busy: false, hits: [] });
      return;
    }
    const { signal } = (this.running = new AbortController());
    this.set({ ...this.state, ...asked, busy: true });
    const asking = this.ask(asked, signal, again);
    this.underWay = asking;
    await asking;
    if (this.underWay === asking) this.underWay = undefined;
  }

  private async ask(
    asked: { readonly query: string; readonly filter: ViewFilter },
    signal: AbortSignal,
    again: boolean,
  ): Promise<void> {
    try {
      const found = await this.ports.find(asked.query, toSearchFilter(asked.filter, new Date()), signal);
      if (signal.aborted) return;
      if ('empty' in found) this.set({ ...asked, busy: false, hits: [], empty: found.empty });
      else if ('problem' in found) this.set({ ...asked, busy: false, ...found });
      else this.set({ ...asked, busy: false, hits: found, ...(found.length === 0 && { empty: 'no-hits' as const }) });
    } catch (error) {
      if (signal.aborted) return;
      // The answer that is shown cost money; the page says across its width that there is no more of that.
      const keeps = again && this.state.hits.length > 0 && isEngineError(error, 'budget-reached');
      if (keeps) this.set({ ...this.state, busy: false });
      else this.set({ ...asked, busy: false, hits: [], problem: this.ports.explain(error) });
    }
  }

  /** Asks the same question again, e.g. once there is an index; after the one under way, whose answer somebody awaits. */
  async refresh(): Promise<void> {
    while (this.underWay) await this.underWay;
    if (this.state.query !== '') await this.run(this.state.query, this.state.filter, true);
  }

  dispose(): void {
    this.running?.abort();
  }

  private set(state: Omit<SearchView, 'mode'>): void {
    this.state = state;
    this.ports.changed();
  }
}
