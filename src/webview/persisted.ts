// What outlives the page (VS Code's setState): small, and checked when read, because an older version may have written it.
import { KIND_GROUPS, SINCE, type ViewFilter, type ViewTab } from '../protocol/viewApi.ts';

export interface Persisted {
  readonly tab: ViewTab;
  readonly query: string;
  readonly filters: Readonly<Record<ViewTab, ViewFilter>>;
  readonly filtersOpen: Readonly<Record<ViewTab, boolean>>;
  /** Recent queries, newest first. */
  readonly recent: readonly string[];
  /** Keys of expanded rows. */
  readonly expanded: ReadonlySet<string>;
  readonly scrollTop: Readonly<Record<ViewTab, number>>;
}

/** The JSON form of {@link Persisted}. */
export function toStored({ tab, query, filters, filtersOpen, recent, expanded, scrollTop }: Persisted): unknown {
  return { tab, query, filters, filtersOpen, recent, expanded: [...expanded], scrollTop };
}

/** Whatever of a stored value has the right shape; the rest takes its default. */
export function fromStored(value: unknown): Persisted {
  const stored = record(value);
  const scrollTop = record(stored['scrollTop']);
  const filters = record(stored['filters']);
  const filtersOpen = record(stored['filtersOpen']);
  return {
    tab: stored['tab'] === 'search' ? 'search' : 'similar',
    query: text(stored['query']),
    filters: { similar: filter(filters['similar']), search: filter(filters['search']) },
    filtersOpen: { similar: filtersOpen['similar'] === true, search: filtersOpen['search'] === true },
    recent: texts(stored['recent']),
    expanded: new Set(texts(stored['expanded'])),
    scrollTop: { similar: pixels(scrollTop['similar']), search: pixels(scrollTop['search']) },
  };
}

function filter(value: unknown): ViewFilter {
  const { paths, languageId, kind, since } = record(value);
  return {
    paths: text(paths),
    languageId: text(languageId),
    kind: KIND_GROUPS.find((known) => known === kind) ?? '',
    since: SINCE.find((known) => known === since) ?? '',
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function pixels(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}
