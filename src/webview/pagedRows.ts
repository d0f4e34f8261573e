// The rows of a long list, fetched page by page as they come into sight. Invariant: what is shown belongs to the newest
// question; a page that is fetched again keeps its old rows meanwhile. Cost: a request for 200 rows.
import { isCancelled } from '../engine/errors.ts';
import type { CoverageRow, CoverageView } from '../protocol/viewApi.ts';

export const PAGE_ROWS = 200;

export interface PagedRowsOptions {
  readonly fetch: (offset: number, count: number, signal: AbortSignal) => Promise<CoverageView>;
  /** After each page: `view` is the newest answer. */
  readonly arrived: (view: CoverageView) => void;
  readonly failed: () => void;
}

export class PagedRows {
  total = 0;
  private readonly pages = new Map<number, readonly CoverageRow[]>();
  private readonly asked = new Set<number>();
  private running = new AbortController();

  constructor(private readonly options: PagedRowsOptions) {}

  row(index: number): CoverageRow | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Another question (`isNew`), or the same over what has changed: the pages of these rows are fetched. */
  ask(first: number, last: number, isNew: boolean): void {
    this.running.abort();
    this.running = new AbortController();
    this.asked.clear();
    if (isNew) this.pages.clear();
    this.need(first, last);
  }

  /** Rows came into sight. */
  need(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page++) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      void this.fetch(page, this.running.signal);
    }
  }

  private async fetch(page: number, signal: AbortSignal): Promise<void> {
    try {
      const view = await this.options.fetch(page * PAGE_ROWS, PAGE_ROWS, signal);
      if (signal.aborted) return;
      this.total = view.total;
      this.pages.set(page, view.rows);
      for (const known of this.pages.keys()) if (known * PAGE_ROWS >= view.total) this.pages.delete(known);
      this.options.arrived(view);
    } catch (error) {
      this.asked.delete(page);
      if (!isCancelled(error) && !signal.aborted) this.options.failed();
    }
  }
}
