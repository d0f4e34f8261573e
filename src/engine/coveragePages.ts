// The coverage ledger, page by page: what a list of 50,000 documents shows without ever being sent as a whole. Invariant: all
// pages of one revision and question come from the same list. Cost: listing and sorting once a revision (0.1 s at 50,000
// lines), one look at each path once a question; a page then costs its own lines.
import type { CoveragePage, CoverageQuery } from '../protocol/engineApi.ts';
import type { CoverageEntry, CoverageState } from './model.ts';
import type { VectorStore } from './store/store.ts';

/** What is not in order comes first. */
const ORDER: Readonly<Record<CoverageState, number>> = { failed: 0, skipped: 1, excluded: 2, indexed: 3 };

interface Listed {
  readonly store: VectorStore;
  readonly revision: number;
  readonly entries: readonly CoverageEntry[];
  readonly counts: CoveragePage['counts'];
  readonly reasons: CoveragePage['reasons'];
}

export class CoveragePages {
  private listed: Listed | undefined;
  private matching:
    { readonly of: Listed; readonly question: string; readonly entries: readonly CoverageEntry[] } | undefined;

  page(store: VectorStore, { offset, count, ...query }: CoverageQuery): CoveragePage {
    const { listed } = this;
    const current =
      listed?.store === store && listed.revision === store.revision ? listed : (this.listed = list(store));
    const question = JSON.stringify([query.state, query.reason, query.text]);
    if (this.matching?.of !== current || this.matching.question !== question) {
      this.matching = { of: current, question, entries: match(current.entries, query) };
    }
    const { entries } = this.matching;
    const { counts, reasons } = current;
    return { counts, reasons, total: entries.length, entries: entries.slice(offset, offset + count) };
  }
}

function list(store: VectorStore): Listed {
  const counts: Record<CoverageState, number> = { indexed: 0, excluded: 0, skipped: 0, failed: 0 };
  const reasons = new Map<string, { -readonly [K in keyof CoveragePage['reasons'][number]]: CoveragePage['reasons'][number][K] }>(); // prettier-ignore
  const entries = store.coverage(); // in path order, and sorting keeps it
  for (const { state, reason } of entries) {
    counts[state]++;
    if (reason === undefined) continue;
    const counted = reasons.get(reason);
    if (counted) counted.count++;
    else reasons.set(reason, { reason, state, count: 1 });
  }
  return {
    store,
    revision: store.revision,
    entries: entries.sort((a, b) => ORDER[a.state] - ORDER[b.state]),
    counts,
    reasons: [...reasons.values()].sort((a, b) => b.count - a.count),
  };
}

function match(
  entries: readonly CoverageEntry[],
  { state, reason, text = '' }: Omit<CoverageQuery, 'offset' | 'count'>,
) {
  const wanted = text.trim().toLowerCase();
  if (state === undefined && reason === undefined && wanted === '') return entries;
  return entries.filter(
    (entry) =>
      (state === undefined || entry.state === state) &&
      (reason === undefined || entry.reason === reason) &&
      (wanted === '' || entry.path.toLowerCase().includes(wanted)),
  );
}
