// All that the view shows, as one value. Invariant: `reduce` is pure; the host owns results, the view owns tab, query,
// expanded rows, selection and scroll. Cost: linear in the hits of a snapshot.
import type {
  HitTab,
  SearchView,
  SimilarTarget,
  SimilarView,
  ViewFilter,
  ViewSnapshot,
  ViewTab,
} from '../protocol/viewApi.ts';
import { hitKeys } from './hitKeys.ts';
import type { AnalysisChoices, FilesFilter, MapChoices, Persisted } from './persisted.ts';

export interface ViewState extends Persisted {
  readonly snapshot: ViewSnapshot;
  /** Keys of the rows that the user went to; undefined until then. */
  readonly selected: Readonly<Record<HitTab, string | undefined>>;
  readonly snippetsOpen: boolean;
  /** The problem that the user has put away; another one is shown again. */
  readonly dismissedProblem: string | undefined;
}

export type Action =
  | { readonly type: 'snapshot'; readonly snapshot: ViewSnapshot }
  | { readonly type: 'showTab'; readonly tab: ViewTab }
  | { readonly type: 'type'; readonly query: string }
  | { readonly type: 'filter'; readonly tab: HitTab; readonly filter: Partial<ViewFilter> }
  | { readonly type: 'toggleFilters'; readonly tab: HitTab }
  | { readonly type: 'remember' }
  | { readonly type: 'clearRecent' }
  | { readonly type: 'expand'; readonly keys: readonly string[]; readonly expanded: boolean }
  | { readonly type: 'select'; readonly tab: HitTab; readonly key: string }
  | { readonly type: 'scroll'; readonly tab: HitTab; readonly top: number }
  | { readonly type: 'files'; readonly files: FilesFilter }
  | { readonly type: 'analysis'; readonly choices: Partial<AnalysisChoices> }
  | { readonly type: 'map'; readonly map: Partial<MapChoices> }
  | { readonly type: 'toggleSnippets' }
  | { readonly type: 'dismissProblem' };

const RECENT_LIMIT = 10;
const EXPANDED_LIMIT = 200;

export function initialState(snapshot: ViewSnapshot, persisted: Persisted): ViewState {
  return {
    ...persisted,
    ...(persisted.query === '' && { query: snapshot.search.query }),
    filters: {
      similar: orElse(persisted.filters.similar, snapshot.similar.filter),
      search:
        persisted.query === '' ? orElse(persisted.filters.search, snapshot.search.filter) : persisted.filters.search,
    },
    snapshot,
    selected: { similar: undefined, search: undefined },
    snippetsOpen: false,
    dismissedProblem: undefined,
  };
}

function orElse(filter: ViewFilter, other: ViewFilter): ViewFilter {
  return filtersSet(filter) > 0 ? filter : other;
}

/** How many of its conditions are set. */
export function filtersSet({ paths, languageId, kind, since }: ViewFilter): number {
  return [paths.trim(), languageId, kind, since].filter((value) => value !== '').length;
}

export function isIndexing(snapshot: ViewSnapshot): boolean {
  return snapshot.engine !== undefined && snapshot.engine.phase !== 'idle';
}

/** How far the run came that the user stopped; undefined where nothing is left of one. */
export function stoppedAt({
  engine,
  halted,
}: ViewSnapshot): { readonly done: number; readonly total: number } | undefined {
  if (halted !== true || engine?.phase !== 'idle' || engine.waiting === undefined) return undefined;
  const { indexed, failed, skipped } = engine.coverage;
  return { done: indexed, total: indexed + failed + skipped };
}

/** What is shown is of a part of the workspace, and more of it would come. */
export function isPartial(snapshot: ViewSnapshot): boolean {
  return isIndexing(snapshot) || stoppedAt(snapshot) !== undefined;
}

export function reduce(state: ViewState, action: Action): ViewState {
  switch (action.type) {
    case 'snapshot':
      return withSnapshot(state, action.snapshot);
    case 'showTab':
      return state.tab === action.tab ? state : { ...state, tab: action.tab };
    case 'type':
      return { ...state, query: action.query };
    case 'filter': {
      const { tab, filter } = action;
      return { ...state, filters: { ...state.filters, [tab]: { ...state.filters[tab], ...filter } } };
    }
    case 'toggleFilters': {
      const { tab } = action;
      return { ...state, filtersOpen: { ...state.filtersOpen, [tab]: !state.filtersOpen[tab] } };
    }
    case 'remember':
      return { ...state, recent: remembered(state.recent, state.query.trim()) };
    case 'clearRecent':
      return { ...state, recent: [] };
    case 'expand': {
      const expanded = new Set(state.expanded);
      for (const key of action.keys) {
        expanded.delete(key); // so that the newest are last and the oldest are forgotten
        if (action.expanded) expanded.add(key);
      }
      return { ...state, expanded: new Set([...expanded].slice(-EXPANDED_LIMIT)) };
    }
    case 'select':
      return { ...state, selected: { ...state.selected, [action.tab]: action.key } };
    case 'scroll':
      return { ...state, scrollTop: { ...state.scrollTop, [action.tab]: action.top } };
    case 'files':
      return { ...state, files: action.files };
    case 'analysis':
      return { ...state, analysis: { ...state.analysis, ...action.choices } };
    case 'map':
      return { ...state, map: { ...state.map, ...action.map } };
    case 'toggleSnippets':
      return { ...state, snippetsOpen: !state.snippetsOpen };
    case 'dismissProblem':
      return { ...state, dismissedProblem: state.snapshot.problem };
  }
}

function withSnapshot(state: ViewState, snapshot: ViewSnapshot): ViewState {
  const old = state.snapshot;
  if (snapshot.revision < old.revision) return state;
  const sameTarget = targetKey(old.similar.target) === targetKey(snapshot.similar.target);
  const sameQuery = snapshot.search.query === old.search.query;
  // A search begun in the host (the command "Search by Meaning...") comes into the boxes. While the user types, the host
  // only repeats what was typed a moment ago: that must not take the newer letters away.
  const fromHost = !sameQuery && state.query.trim() === old.search.query && snapshot.search.query !== '';
  return {
    ...state,
    snapshot,
    ...(fromHost && { query: snapshot.search.query, filters: { ...state.filters, search: snapshot.search.filter } }),
    selected: {
      similar: sameTarget ? followed(state.selected.similar, old.similar, snapshot.similar) : undefined,
      search: sameQuery ? followed(state.selected.search, old.search, snapshot.search) : undefined,
    },
    scrollTop: {
      similar: sameTarget ? state.scrollTop.similar : 0,
      search: sameQuery ? state.scrollTop.search : 0,
    },
    snippetsOpen: state.snippetsOpen && snapshot.snippets.length > 0,
    dismissedProblem: snapshot.problem === state.dismissedProblem ? state.dismissedProblem : undefined,
  };
}

type ResultView = SimilarView | SearchView;

/** Keeps the selected row by its place; when it is gone (hidden, deleted), the row that took its position. */
function followed(selected: string | undefined, old: ResultView, now: ResultView): string | undefined {
  if (selected === undefined) return undefined;
  const keys = hitKeys(now.hits);
  if (keys.includes(selected)) return selected;
  const position = hitKeys(old.hits).indexOf(selected);
  return keys[Math.min(Math.max(position, 0), keys.length - 1)];
}

export function isHitTab(tab: ViewTab): tab is HitTab {
  return tab === 'similar' || tab === 'search';
}

/** Equal for two looks at the same place. */
export function targetKey(target: SimilarTarget | undefined): string {
  if (!target) return '';
  const { kind, path, startLine, endLine, excerpt } = target;
  return [kind, path, startLine, endLine, kind === 'text' ? excerpt : ''].join('\n');
}

/** Newest first; a query that goes on from the one before replaces it. */
function remembered(recent: readonly string[], query: string): readonly string[] {
  if (query === '') return recent;
  const [last] = recent;
  const others = recent.filter(
    (entry, i) => entry !== query && !(i === 0 && last !== undefined && query.startsWith(last)),
  );
  return [query, ...others].slice(0, RECENT_LIMIT);
}

/** Tells what is looked at: a space of the workspace, or of a table; '' until one is open. */
export function spaceOf({ snapshot: { engine, imported } }: ViewState): string {
  return engine?.space ? JSON.stringify([engine.space, imported]) : '';
}
