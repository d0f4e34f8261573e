// Checks what a webview sends. No `vscode` here. Complete by type: a request without a check does not compile.
import type { AnalysisUnit, CoverageState, SearchMode } from '../../engine/model.ts';
import {
  type CoverageAct,
  KIND_GROUPS,
  SINCE,
  type SimilarMode,
  type ViewCommand,
  type ViewRequests,
  type ViewTab,
} from '../../protocol/viewApi.ts';

type Check = (value: unknown) => boolean;

const VIEW_COMMANDS = {
  embedWorkspace: true,
  openFolder: true,
  manageTrust: true,
  pauseIndexing: true,
  resumeIndexing: true,
  stopIndexing: true,
  showIndexStatus: true,
  retryFailed: true,
  selectModel: true,
  clearIndex: true,
  restartEngine: true,
  showLog: true,
  findSimilarToFile: true,
  setKey: true,
  reviewSending: true,
  setBudget: true,
  showSpending: true,
  exportAnalysis: true,
  backToWorkspace: true,
  showMap: true,
} as const satisfies Record<ViewCommand, true>;
const VIEW_TABS = {
  similar: true,
  search: true,
  clusters: true,
  outliers: true,
  duplicates: true,
  map: true,
  coverage: true,
} as const satisfies Record<ViewTab, true>;
const UNITS = { chunks: true, documents: true } as const satisfies Record<AnalysisUnit, true>;
const SIMILAR_MODES = { similar: true, next: true } as const satisfies Record<SimilarMode, true>;
const MODES = { hybrid: true, semantic: true, keyword: true } as const satisfies Record<SearchMode, true>;
const COVERAGE_ACTS = {
  open: true,
  side: true,
  embed: true,
  rule: true,
  copyPath: true,
} as const satisfies Record<CoverageAct, true>;
const COVERAGE_STATES = { indexed: true, excluded: true, skipped: true, failed: true } as const satisfies Record<CoverageState, true>; // prettier-ignore
/** More rows than any page asks for at once. */
const MOST_ROWS = 1_000;
/** As map/mapView.ts sends at once. */
const MOST_LINKS = 5_000;
const LONGEST_QUERY = 10_000;
const LONGEST_PATH = 4_096;
const LONGEST_LANGUAGE = 100;

const tab = object({ tab: oneOf(VIEW_TABS) });
const place = object({ path: text(1, LONGEST_PATH), startLine: isLine, endLine: isLine });
const placeOnly = object({ place });
const path = object({ path: text(1, LONGEST_PATH) });
const filter = object({
  paths: text(0, LONGEST_PATH),
  languageId: text(0, LONGEST_LANGUAGE),
  kind: (value) => value === '' || KIND_GROUPS.some((kind) => kind === value),
  since: (value) => value === '' || SINCE.some((since) => since === value),
});
const of = oneOf(UNITS);
const share: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const count: Check = (value) => isLine(value) && Number(value) <= MOST_ROWS;
const LONGEST_ID = 100;
const nothing: Check = (value) => value === undefined || value === null;

const CHECKS: { readonly [K in keyof ViewRequests]: Check } = {
  ready: tab,
  showTab: tab,
  search: object({ query: text(0, LONGEST_QUERY), filter }),
  setSearchMode: object({ mode: oneOf(MODES) }),
  setSimilarMode: object({ mode: oneOf(SIMILAR_MODES) }),
  filterSimilar: object({ filter }),
  open: object({ place, mode: oneOf({ preview: true, open: true, side: true }) }),
  compare: object({ place, other: optional(place), similarity: optional(isSimilarity) }),
  copyLink: placeOnly,
  copyLinks: object({
    places: (value) => Array.isArray(value) && value.length <= MOST_LINKS && value.every(place),
  }),
  moreLikeThis: placeOnly,
  hide: placeOnly,
  unhideAll: nothing,
  pin: object({ pinned: (value) => typeof value === 'boolean' }),
  back: nothing,
  showSnippet: path,
  removeSnippet: path,
  command: object({ command: oneOf(VIEW_COMMANDS) }),
  dismissNotice: nothing,
  coverage: object({
    state: optional(oneOf(COVERAGE_STATES)),
    reason: optional(text(1, 40)),
    text: optional(text(0, LONGEST_PATH)),
    offset: isLine,
    count,
  }),
  clusters: object({ of, granularity: optional(share) }),
  nameClusters: object({ of, granularity: optional(share) }),
  clusterMembers: object({
    of,
    granularity: optional(share),
    id: optional(text(1, LONGEST_ID)),
    offset: isLine,
    count,
  }),
  outliers: object({ of, top: count }),
  duplicates: object({
    minSimilarity: optional(share),
    path: optional(text(1, LONGEST_PATH)),
    ignored: optional((value) => value === true),
  }),
  ignoreDuplicates: object({
    ids: (value) => Array.isArray(value) && value.length <= MOST_ROWS && value.every(text(1, LONGEST_ID)),
    ignored: (value) => typeof value === 'boolean',
  }),
  recommend: object({
    example: object({ path: text(1, LONGEST_PATH), startLine: optional(isLine), endLine: optional(isLine) }),
    top: count,
  }),
  map: object({ of }),
  snippetAt: place,
  coverageAct: object({ path: text(1, LONGEST_PATH), act: oneOf(COVERAGE_ACTS) }),
};

/** Why the params of a view's request are wrong, or undefined. For `RpcOptions.check`. */
export function checkViewRequest(name: string, params: unknown): string | undefined {
  if (!Object.hasOwn(CHECKS, name)) return 'unknown request';
  return CHECKS[name as keyof ViewRequests](params) ? undefined : 'wrong params';
}

function object(shape: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([key, check]) => check((value as Record<string, unknown>)[key]));
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function text(shortest: number, longest: number): Check {
  return (value) => typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

function oneOf(allowed: Readonly<Record<string, true>>): Check {
  return (value) => typeof value === 'string' && Object.hasOwn(allowed, value);
}

function isSimilarity(value: unknown): boolean {
  return typeof value === 'number' && value >= -1 && value <= 1.01; // rounding
}

function isLine(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
