// What crosses the boundary webview <-> host. Types only. The host owns results; the view keeps tab, query and scroll.
import type { ErrorCode, ErrorDetails } from '../engine/errors.ts';
import type { Hit, Place } from '../engine/model.ts';
import type { EngineStatus, KeptSnippetInfo } from './engineApi.ts';

/** What the Similar tab looks at. */
export interface SimilarTarget {
  readonly kind: 'selection' | 'symbol' | 'file' | 'snippet' | 'text';
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Name of the symbol, for `symbol`. */
  readonly symbol?: string;
  /** First words, for the tooltip. */
  readonly excerpt: string;
}

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
  | 'engine-down';

export interface SimilarView {
  readonly target?: SimilarTarget;
  readonly pinned: boolean;
  readonly canGoBack: boolean;
  readonly busy: boolean;
  readonly hits: readonly Hit[];
  readonly empty?: EmptyState;
  /** For `file-left-out`: the sentence that says why. */
  readonly emptyDetail?: string;
  /** A sentence in the user's language. */
  readonly problem?: string;
}

export interface SearchView {
  readonly query: string;
  readonly paths: string;
  readonly busy: boolean;
  readonly hits: readonly Hit[];
  readonly empty?: EmptyState;
  readonly problem?: string;
}

/** Everything the view shows; sent whole, with a growing revision. */
export interface ViewSnapshot {
  readonly revision: number;
  readonly hasFolder: boolean;
  readonly trusted: boolean;
  /** The user said yes to indexing this workspace. */
  readonly optedIn: boolean;
  /** Undefined while the engine was not needed yet. */
  readonly engine?: EngineStatus;
  /** `starting`, `running`, `restarting` (it died and comes back), `down` (it died too often). */
  readonly engineState: 'idle' | 'starting' | 'running' | 'restarting' | 'down';
  /** A sentence about something that happened by itself (engine restarted, shard set aside); dismissable. */
  readonly notice?: string;
  /** A sentence about why the last indexing run ended early. */
  readonly problem?: string;
  readonly similar: SimilarView;
  readonly search: SearchView;
  readonly snippets: readonly KeptSnippetInfo[];
  /** Shown model name and badge. */
  readonly modelLabel: string;
  readonly remote: boolean;
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
  | 'selectModel'
  | 'clearIndex'
  | 'restartEngine'
  | 'showLog'
  | 'findSimilarToFile';

export type OpenMode = 'preview' | 'open' | 'side';

/** Requests that the host answers; every param is validated there. */
export type ViewRequests = {
  /** The view is ready to hear; the host answers with the newest snapshot and the strings. */
  ready: {
    params: { readonly tab: ViewTab };
    result: { readonly snapshot: ViewSnapshot; readonly strings: ViewStrings; readonly language: string };
  };
  showTab: { params: { readonly tab: ViewTab }; result: undefined };
  search: { params: { readonly query: string; readonly paths: string }; result: undefined };
  open: {
    params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'>; readonly mode: OpenMode };
    result: undefined;
  };
  compare: { params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'> }; result: undefined };
  copyLink: { params: { readonly place: Pick<Place, 'path' | 'startLine' | 'endLine'> }; result: undefined };
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
};

export type ViewTab = 'similar' | 'search';

/** Events from host to view. */
export type HostEvents = {
  snapshot: ViewSnapshot;
  /** Shows a tab and puts the focus where the user goes on (search box, first hit). */
  reveal: { readonly tab: ViewTab; readonly focus: boolean };
  /** F4 and Shift+F4: steps through the hits of the tab shown. */
  step: { readonly by: 1 | -1 };
};

export type ViewEvents = Record<never, never>;

/** The view's words, made by `vscode.l10n.t` in the host (host/sidebar/viewStrings.ts). `{0}` stand for values. */
export type ViewStrings = Readonly<Record<ViewStringKey, string>>;

export const VIEW_STRING_KEYS = [
  'tab.similar',
  'tab.search',
  'similar.heading',
  'similar.pin',
  'similar.unpin',
  'similar.back',
  'similar.snippets',
  'similar.removeSnippet',
  'target.selection',
  'target.symbol',
  'target.file',
  'target.snippet',
  'target.text',
  'target.lines',
  'target.line',
  'search.placeholder',
  'search.paths',
  'search.run',
  'search.clear',
  'row.open',
  'row.openSide',
  'row.compare',
  'row.copyLink',
  'row.hide',
  'row.moreLikeThis',
  'row.expand',
  'row.collapse',
  'row.similarity',
  'row.percentile',
  'row.lines',
  'row.kept',
  'row.menu',
  'hits.count',
  'hits.partial',
  'hits.hidden',
  'hits.unhideAll',
  'hits.expandAll',
  'hits.collapseAll',
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
  'empty.fileLeftOut.action',
  'empty.engineDown',
  'empty.engineDown.action',
  'empty.search',
  'progress.scanning',
  'progress.embedding',
  'progress.paused',
  'progress.stopping',
  'progress.timeLeft.seconds',
  'progress.timeLeft.minutes',
  'progress.timeLeft.hours',
  'progress.estimating',
  'action.pause',
  'action.resume',
  'action.stop',
  'action.dismiss',
  'action.showLog',
  'footer.local',
  'footer.remote',
  'footer.model',
  'footer.coverage',
  'footer.readOnly',
  'footer.wasm',
  'footer.notIndexed',
  'engine.starting',
  'engine.restarting',
] as const;
export type ViewStringKey = (typeof VIEW_STRING_KEYS)[number];
