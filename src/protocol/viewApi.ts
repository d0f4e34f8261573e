// What crosses the boundary webview <-> host. Types only. The host owns results; the view keeps tab, query and scroll.
import type { ErrorCode, ErrorDetails } from '../engine/errors.ts';
import type { CoverageState, Hit, LeftOutReason, Place, Recommendation, SearchMode } from '../engine/model.ts';
import type {
  AnalysisCover,
  ClusterQuery,
  CoveragePage,
  CoverageQuery,
  EngineRequests,
  EngineStatus,
  KeptSnippetInfo,
} from './engineApi.ts';

/** What the Similar tab looks at. */
export interface SimilarTarget {
  readonly kind: 'selection' | 'symbol' | 'file' | 'row' | 'snippet' | 'text';
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Name of the symbol, for `symbol`. */
  readonly symbol?: string;
  /** First words, for the tooltip. */
  readonly excerpt: string;
}

/** Kinds of chunks as a user tells them apart. */
export const KIND_GROUPS = ['functions', 'classes', 'code', 'text', 'rows', 'snippets', 'images'] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

export const SINCE = ['today', 'week', 'month', 'year'] as const;
export type Since = (typeof SINCE)[number];

/** What a hit must be; '' stands for anything. */
export interface ViewFilter {
  /** As typed, see host/pathsFilter.ts. */
  readonly paths: string;
  readonly languageId: string;
  readonly kind: KindGroup | '';
  /** When its file changed last. */
  readonly since: Since | '';
}

export const NO_FILTER: ViewFilter = { paths: '', languageId: '', kind: '', since: '' };

/** What the Similar tab shows of its target: places like it, or documents (rows, for a row of a table) to read next. */
export type SimilarMode = 'similar' | 'next';

export type ViewProblem = { readonly code: ErrorCode; readonly details: ErrorDetails };

/** Why there is nothing to show, each with a cure the view offers as a button. */
export type EmptyState =
  | 'no-folder'
  | 'untrusted'
  | 'not-indexed'
  | 'indexing'
  | 'nothing-selected'
  | 'too-short'
  | 'no-hits'
  | 'file-left-out'
  /** The answer needs a service that nothing may be sent to yet. */
  | 'consent-needed'
  | 'key-missing'
  | 'engine-down';

export interface SimilarView {
  readonly mode: SimilarMode;
  readonly target?: SimilarTarget;
  readonly pinned: boolean;
  readonly canGoBack: boolean;
  readonly busy: boolean;
  /** With `next` they are recommendations. */
  readonly hits: readonly (Hit & Partial<Pick<Recommendation, 'near'>>)[];
  /** Of recommendations. */
  readonly cover?: AnalysisCover;
  readonly empty?: EmptyState;
  /** For `file-left-out`: the sentence that says why. */
  readonly emptyDetail?: string;
  readonly filter: ViewFilter;
  /** A sentence in the user's language. */
  readonly problem?: string;
  /** How many hits the user has hidden for this target; `unhideAll` shows them again. */
  readonly hidden?: number;
}

export interface SearchView {
  readonly query: string;
  readonly filter: ViewFilter;
  /** What is compared: the setting, or what the tab chose for this workspace. */
  readonly mode: SearchMode;
  readonly busy: boolean;
  readonly hits: readonly Hit[];
  readonly empty?: EmptyState;
  readonly problem?: string;
  /** How many hits the user has hidden for this query. */
  readonly hidden?: number;
}

/** A folder of the workspace as an address of the page: paths that start with `prefix` lie below it. */
export interface ImageRoot {
  readonly prefix: string;
  readonly uri: string;
}

/** Everything the view shows; sent whole, with a growing revision. */
export interface ViewSnapshot {
  readonly revision: number;
  readonly hasFolder: boolean;
  readonly trusted: boolean;
  /** The user said yes to indexing this workspace. */
  readonly optedIn: boolean;
  /** The table whose ready vectors are looked at instead of the workspace. */
  readonly imported?: ImportedTable;
  /** Undefined while the engine was not needed yet. */
  readonly engine?: EngineStatus;
  /** `starting`, `running`, `restarting` (it died and comes back), `down` (it died too often). */
  readonly engineState: 'idle' | 'starting' | 'running' | 'restarting' | 'down';
  /** A sentence about something that happened by itself (engine restarted, shard set aside); dismissable. */
  readonly notice?: string;
  /** Why the last indexing run ended early, or why none begins. */
  readonly problem?: string;
  /** What cures that; without it the page offers the log. */
  readonly problemAction?: ProblemAction;
  readonly similar: SimilarView;
  readonly search: SearchView;
  readonly snippets: readonly KeptSnippetInfo[];
  /** The document of the active editor, as the index calls it. */
  readonly currentPath?: string;
  /** The user stopped the run: what is not indexed waits until he asks again. */
  readonly halted?: boolean;
  /** A language model of VS Code's could name clusters. */
  readonly canNameClusters?: boolean;
  /** A growing number for each of the files whose chunks changed last, so that an answer can tell how many changed since. */
  readonly changes?: readonly number[];
  /** Where the page finds images of the workspace. */
  readonly imageRoots?: readonly ImageRoot[];
  /** Shown model name and badge. */
  readonly modelLabel: string;
  readonly remote: boolean;
  /** Host and port that texts go to. */
  readonly remoteHost?: string;
}

export interface ImportedTable {
  readonly name: string;
  /** The window's first import, its second ... */
  readonly nth: number;
}

export interface ProblemAction {
  /** In the user's language. */
  readonly title: string;
  readonly command: ViewCommand;
}

/** Buttons of the view that run a command of the extension. */
export type ViewCommand =
  | 'embedWorkspace'
  | 'openFolder'
  | 'manageTrust'
  | 'pauseIndexing'
  | 'resumeIndexing'
  | 'stopIndexing'
  | 'showIndexStatus'
  | 'retryFailed'
  | 'selectModel'
  | 'clearIndex'
  | 'restartEngine'
  | 'showLog'
  | 'findSimilarToFile'
  | 'setKey'
  | 'reviewSending'
  | 'setBudget'
  | 'showSpending'
  | 'exportAnalysis'
  | 'backToWorkspace'
  | 'showMap';

/** A file, or a whole excluded folder (its path ends in '/'), as the Coverage tab shows it. */
export interface CoverageRow {
  readonly path: string;
  readonly state: CoverageState;
  readonly reason?: LeftOutReason;
  /** In the user's language: `ignored by Git (.gitignore: *.log)`, `12 chunks`. */
  readonly sentence: string;
}

export interface CoverageView extends Pick<CoveragePage, 'counts' | 'total'> {
  /** With a few words in the user's language. */
  readonly reasons: readonly (CoveragePage['reasons'][number] & { readonly label: string })[];
  readonly rows: readonly CoverageRow[];
}

export type CoverageAct = 'open' | 'side' | 'embed' | 'rule' | 'copyPath';

export type OpenMode = 'preview' | 'open' | 'side';

/** Requests that the host answers; every param is validated there. */
export type ViewRequests = {
  /** The view is ready to hear; the host answers with the newest snapshot and the strings. */
  ready: {
    params: { readonly tab: ViewTab };
    result: { readonly snapshot: ViewSnapshot; readonly strings: ViewStrings; readonly language: string };
  };
  showTab: { params: { readonly tab: ViewTab }; result: undefined };
  search: { params: { readonly query: string; readonly filter: ViewFilter }; result: undefined };
  setSearchMode: { params: { readonly mode: SearchMode }; result: undefined };
  setSimilarMode: { params: { readonly mode: SimilarMode }; result: undefined };
  filterSimilar: { params: { readonly filter: ViewFilter }; result: undefined };
  open: {
    params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'>; readonly mode: OpenMode };
    result: undefined;
  };
  /** With another place, else with what the tab shown was asked. `similarity`: what is known of the two. */
  compare: {
    params: {
      readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'>;
      readonly other?: Pick<Place, 'path' | 'startLine' | 'endLine'>;
      readonly similarity?: number;
    };
    result: undefined;
  };
  copyLink: { params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'> }; result: undefined };
  /** Of several places, a line each. */
  copyLinks: {
    params: { readonly places: readonly Pick<Place, 'path' | 'startLine' | 'endLine'>[] };
    result: undefined;
  };
  moreLikeThis: { params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'> }; result: undefined };
  /** Hides a hit for as long as the target stays. */
  hide: { params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'> }; result: undefined };
  unhideAll: { params: undefined; result: undefined };
  pin: { params: { readonly pinned: boolean }; result: undefined };
  back: { params: undefined; result: undefined };
  showSnippet: { params: { readonly path: string }; result: undefined };
  removeSnippet: { params: { readonly path: string }; result: undefined };
  command: { params: { readonly command: ViewCommand }; result: undefined };
  dismissNotice: { params: undefined; result: undefined };
  /** A page of the coverage ledger. The page waits for this and the answers about the whole index: they are no part of a snapshot. */
  coverage: { params: CoverageQuery; result: CoverageView };
  /** Names by cluster id, by a language model, after the user agreed; none when not. */
  nameClusters: { params: ClusterQuery; result: Readonly<Record<string, string>> };
  coverageAct: { params: { readonly path: string; readonly act: CoverageAct }; result: undefined };
} & Pick<EngineRequests, WholeIndexRequest>;

/** What the host hands on to the engine and back as it is. */
export const WHOLE_INDEX_REQUESTS = [
  'clusters',
  'clusterMembers',
  'outliers',
  'duplicates',
  'ignoreDuplicates',
  'recommend',
  'map',
  'snippetAt',
] as const;
export type WholeIndexRequest = (typeof WHOLE_INDEX_REQUESTS)[number];

/** Tabs of hits. */
export type HitTab = 'similar' | 'search';
export type ViewTab = HitTab | 'clusters' | 'outliers' | 'duplicates' | 'map' | 'coverage';

/** Events from host to view. */
export type HostEvents = {
  snapshot: ViewSnapshot;
  /** Shows a tab and puts the focus where the user goes on (search box, first hit). */
  reveal: {
    readonly tab: ViewTab;
    readonly focus: boolean;
    /** Of the Coverage tab: shows only files whose path holds this. */
    readonly files?: string;
    /** Of the Duplicates tab: shows only those of the current file. */
    readonly thisFile?: true;
  };
  /** F4 and Shift+F4: steps through the hits of the tab shown. */
  step: { readonly by: 1 | -1 };
};

export type ViewEvents = Record<string, never>;

/** The view's words, made by `vscode.l10n.t` in the host (host/sidebar/viewStrings.ts). `{0}` stand for values. */
export type ViewStrings = Readonly<Record<ViewStringKey, string>>;

/** Where it helps, the comment says the English words and what the values are; all values arrive formatted. */
export const VIEW_STRING_KEYS = [
  'tab.similar',
  'tab.search',
  'tab.clusters',
  'tab.outliers',
  'tab.duplicates',
  'tab.map',
  'tab.coverage',
  'imported.banner', // {0} a table
  'imported.back',
  'similar.heading', // Similar to (before the target)
  'similar.mode', // Show (before the two)
  'similar.mode.similar', // Similar
  'similar.mode.similar.detail',
  'similar.mode.next', // Read Next
  'similar.mode.next.detail',
  'similar.pin',
  'similar.unpin',
  'similar.back',
  'similar.snippets', // Kept Snippets ({0})
  'similar.removeSnippet', // Remove the snippet {0}
  'similar.goToTarget', // Go to This Place (the header, a button)
  'target.selection',
  'target.symbol',
  'target.file',
  'target.row',
  'target.snippet',
  'target.text',
  'target.lines', // lines {0}–{1}
  'target.line', // line {0}
  'search.placeholder', // Search by meaning
  'search.paths', // Files to include or exclude, e.g. src/**, !test/**
  'search.run',
  'search.mode', // Compare (before the three ways)
  'search.mode.hybrid', // Both
  'search.mode.hybrid.detail',
  'search.mode.semantic', // Meaning
  'search.mode.semantic.detail',
  'search.mode.keyword', // Words
  'search.mode.keyword.detail',
  'filter.show', // Filters (a button that shows them)
  'filter.active', // Filters ({0} set)
  'filter.clear', // Clear Filters
  'filter.language', // Language
  'filter.language.any',
  'filter.kind',
  'filter.kind.any',
  'filter.kind.functions',
  'filter.kind.classes',
  'filter.kind.code',
  'filter.kind.text',
  'filter.kind.rows',
  'filter.kind.snippets',
  'filter.kind.images',
  'filter.since', // Modified
  'filter.since.any',
  'filter.since.today',
  'filter.since.week',
  'filter.since.month',
  'filter.since.year',
  'search.clear',
  'search.recent', // Recent searches
  'search.clearRecent', // Clear Recent Searches
  'row.open',
  'row.openSide',
  'row.compare',
  'row.copyLink',
  'row.hide',
  'row.moreLikeThis',
  'row.expand',
  'row.collapse',
  'row.similarity', // Similarity {0}
  'row.shared', // Shared words: {0}
  'row.percentile', // More similar than {0} of random pairs in this workspace ({0} is "99.2%")
  'row.lines', // lines {0}–{1}, for screen readers
  'row.kept', // Kept snippet from {0}
  'row.image', // Image {0} (what a screen reader says of a thumbnail; {0} is the file's name)
  'row.near', // Near {0} (of the open document; {0} is a symbol or lines)
  'row.menu', // More Actions…
  'hits.count', // {0} results
  'hits.partial', // partial (a badge: indexing is under way)
  'hits.hidden', // {0} hidden
  'hits.unhideAll',
  'hits.expandAll',
  'hits.collapseAll',
  'hits.one', // 1 result
  'empty.noFolder',
  'empty.noFolder.action',
  'empty.untrusted',
  'empty.untrusted.action',
  'empty.notIndexed',
  'empty.notIndexed.detail',
  'empty.notIndexed.action',
  'empty.indexing',
  'empty.nothingSelected',
  'empty.tooShort',
  'empty.noHits',
  'empty.fileLeftOut',
  'empty.fileLeftOut.action', // Compare It Anyway (runs findSimilarToFile)
  'empty.notIndexed.remote', // Vectorscope sends … to {0} … before that you see what it costs.
  'empty.consentNeeded', // Nothing is sent to {0} before you agree.
  'empty.consentNeeded.detail',
  'empty.consentNeeded.action', // Review and Send…
  'empty.keyMissing', // There is no key for {0} yet.
  'empty.keyMissing.action', // Set API Key…
  'empty.engineDown',
  'empty.engineDown.action',
  'empty.search', // Describe what you are looking for, in your own words.
  'empty.nothingSelected.action', // Search by Meaning (goes to the Search tab)
  'empty.noHits.action', // Show What Is Indexed
  'coverage.filter', // Filter by path
  'coverage.states', // By state (names the group of chips)
  'coverage.reasons', // By reason
  'coverage.indexed', // Indexed
  'coverage.excluded',
  'coverage.skipped',
  'coverage.failed',
  'coverage.chip', // {0}: {1} files (what a screen reader says of a chip)
  'coverage.one', // 1 file
  'coverage.count', // {0} files
  'coverage.none', // No file matches.
  'coverage.showAll', // Show All
  'coverage.retry', // Retry Failed
  'coverage.list', // Files and the index
  'coverage.reveal', // Reveal in Explorer
  'coverage.embed', // Embed Anyway
  'coverage.rule', // Go to the Rule
  'coverage.copyPath', // Copy Path
  'coverage.problem', // The list could not be read.
  'analysis.of', // Compare (names the choice of the unit)
  'analysis.of.chunks', // Snippets
  'analysis.of.documents', // Documents
  'analysis.cover', // {0} of {1} files compared
  'analysis.coverOne',
  'analysis.coverAll', // All {0} files compared
  'analysis.coverDetail', // {0} indexed, {1} skipped, {2} failed, {3} excluded by rules
  'analysis.changed', // {0} files changed since
  'analysis.changedOne', // 1 file changed since
  'analysis.refresh', // Refresh
  'analysis.working', // Working (before the engine says at what)
  'analysis.vectors',
  'analysis.graph',
  'analysis.labels',
  'analysis.layout',
  'analysis.outliers',
  'analysis.duplicates',
  'analysis.stopped',
  'analysis.failed',
  'analysis.again', // Try Again
  'analysis.partial', // Indexing is under way: …
  'analysis.export', // Export…
  'clusters.list', // Clusters
  'clusters.few', // Few
  'clusters.many', // Many
  'clusters.granularity', // How many clusters
  'clusters.automatic', // Automatic
  'clusters.count', // {0} clusters
  'clusters.one', // 1 cluster
  'clusters.grouped', // {0} of {1} grouped
  'clusters.unclustered', // Unclustered
  'clusters.unclusteredDetail',
  'clusters.cohesion', // Cohesion {0}: …
  'clusters.centrality', // Similarity to the middle of its cluster: {0}
  'clusters.typical', // most typical
  'clusters.more', // {0} of {1}: more…
  'clusters.none',
  'clusters.showOnMap', // Show on Map
  'clusters.name', // Name With a Language Model… (a toggle)
  'clusters.words', // Show the Words Again
  'clusters.stopNaming', // Stop Naming (while the model is asked)
  'unit.snippets', // {0} snippets
  'unit.snippet', // 1 snippet
  'unit.documents', // {0} documents
  'unit.document', // 1 document
  'outliers.list',
  'outliers.count', // The {0} most unusual of {1}
  'outliers.reason', // Its neighbours are only {0} similar on average; {1} is usual here.
  'outliers.rank', // More unusual than {0} of the rest
  'outliers.nearest', // Nearest relative
  'outliers.nearestSpoken', // nearest relative {0}, similarity {1}
  'outliers.openNearest', // Open the Nearest Relative
  'outliers.compareNearest', // Compare With the Nearest Relative
  'outliers.leftOut', // {0} fragments left out
  'outliers.leftOutDetail',
  'outliers.none',
  'outliers.noneDetail',
  'duplicates.list',
  'duplicates.tiers', // By kind
  'duplicates.exact', // Exact
  'duplicates.near', // Near
  'duplicates.meaning', // Same meaning
  'duplicates.exact.detail',
  'duplicates.near.detail',
  'duplicates.meaning.detail',
  'duplicates.chip', // {0}: {1} groups
  'duplicates.thisFile', // This File Only
  'duplicates.minSimilarity', // Same meaning from
  'duplicates.count', // {0} groups
  'duplicates.one', // 1 group
  'duplicates.places', // {0} places
  'duplicates.lines', // {0} lines repeated
  'duplicates.line', // 1 line repeated
  'duplicates.alike', // {0} lines alike
  'duplicates.alikeOne', // 1 line alike
  'duplicates.similarity', // Lowest similarity of its members: {0}
  'duplicates.compare', // Compare
  'duplicates.select', // Select for Compare
  'duplicates.compareSelected', // Compare With {0}
  'duplicates.ignore', // Ignore
  'duplicates.unignore', // Show Again
  'duplicates.ignored', // {0} ignored
  'duplicates.showIgnored', // Show
  'duplicates.hideIgnored', // Hide
  'duplicates.ignoredOne', // ignored (a badge, and for screen readers)
  'duplicates.none',
  'duplicates.noneHere', // None in {0}
  'duplicates.noneOfKind',
  'duplicates.showAll', // Show All
  'duplicates.noFile', // Open a file to see its duplicates
  'map.label', // {0} is "1,204 snippets"
  'map.keys', // Arrow keys move the map, plus and minus zoom, 0 shows all of
  'map.list', // What the map shows, by cluster
  'map.colourBy', // before the ways
  'map.colour.cluster', // Cluster
  'map.colour.folder', // Folder
  'map.colour.language', // Language
  'map.colour.outlier', // Outlier score
  'map.topFolder', // (top folder)
  'map.others', // Other
  'map.legend', // Colours
  'map.drag', // names the choice
  'map.drag.pan', // Drag: Move the Map
  'map.drag.rect', // Drag: Select a Rectangle (Shift)
  'map.drag.lasso', // Drag: Select With a Lasso (Ctrl+Shift)
  'map.zoomIn', // Zoom In
  'map.zoomOut', // Zoom Out
  'map.fit', // Show All of the Map
  'map.centre', // Centre on the Current File
  'map.editor', // Open Map in Editor
  'map.inSight', // {0} in sight
  'map.selected', // {0} selected
  'map.clear', // Clear Selection
  'map.copyLinks', // Copy as Markdown Links
  'map.selectInSight', // Select What Is in Sight
  'map.selectGroup', // Select Its Cluster
  'map.frame', // Show on the Map
  'map.inFile', // {0} a file, {1} how many points are of it
  'map.gone', // It is no longer in the index.
  'progress.scanning', // Looking for documents: {0} so far
  'progress.embedding', // Embedding {0} / {1} documents
  'progress.paused', // Paused at {0} / {1} documents
  'progress.onBattery', // Waiting for the mains: {0} / {1} documents
  'progress.gentle', // on battery: one process
  'progress.stopping',
  'progress.stopped', // Stopped at {0} / {1} documents
  'progress.timeLeft.seconds', // {0} s left
  'progress.timeLeft.minutes', // {0} min left
  'progress.timeLeft.hours', // {0} h left
  'progress.estimating',
  'action.pause',
  'action.resume',
  'action.stop',
  'action.dismiss',
  'action.showLog',
  'footer.local', // local
  'footer.remote', // remote
  'footer.model', // Model: {0} (a button that selects another)
  'footer.coverage', // Coverage: {0} of {1} documents indexed (a button that shows the status)
  'footer.readOnly', // read-only
  'footer.wasm', // WASM
  'footer.notIndexed', // not indexed
  'footer.failed', // {0} failed
  'footer.coverageDetail', // {0} documents indexed, {1} skipped, {2} failed, {3} excluded by rules
  'footer.localDetail', // Texts are embedded on this computer; nothing leaves it.
  'footer.remoteDetail', // Texts are sent to {0} to be embedded.
  'footer.noConsent', // Nothing is sent before you agree.
  'footer.tokens', // {0} tokens (where no price is known)
  'footer.spend', // Spent from this workspace: {0} (a button that shows the table)
  'footer.budget', // Budget: {0}
  'footer.limited', // waiting for the rate limit
  'footer.offline', // no network: waiting
  'footer.readOnlyDetail', // Another window (process {0}) writes this index; this one only reads it.
  'footer.readOnlyFolderDetail', // The folder of this index can’t be written to ({0}), so it is only read.
  'footer.wasmDetail', // The model runs as WebAssembly, more slowly than natively.
  'engine.starting',
  'engine.restarting',
] as const;
export type ViewStringKey = (typeof VIEW_STRING_KEYS)[number];
