// What outlives the page (VS Code's setState): small, and checked when read, because an older version may have written it.
import type { AnalysisUnit, CoverageState, DuplicateTier, LeftOutReason, Place } from '../engine/model.ts';
import type { ClusterQuery } from '../protocol/engineApi.ts';
import { type Camera, clamped, WHOLE_MAP } from './map/camera.ts';
import { COLOUR_WAYS, type ColourWay } from './map/groups.ts';
import { type HitTab, KIND_GROUPS, SINCE, type ViewFilter, type ViewTab } from '../protocol/viewApi.ts';

/** Which files the Coverage tab lists. */
export interface FilesFilter {
  readonly text: string;
  readonly state?: CoverageState;
  readonly reason?: LeftOutReason;
}

/** What the tabs about the whole index ask. */
export interface AnalysisChoices {
  readonly clusters: ClusterQuery;
  readonly outliers: AnalysisUnit;
  readonly duplicates: {
    /** As in a DuplicateQuery. */
    readonly minSimilarity?: number | undefined;
    /** Undefined: all. */
    readonly tier?: DuplicateTier | undefined;
    readonly thisFile: boolean;
    readonly ignored: boolean;
  };
}

/** What the map shows, and how. */
export interface MapChoices {
  readonly of: AnalysisUnit;
  readonly colour: ColourWay;
  readonly camera: Camera;
  /** Not kept, and another object each time. */
  readonly cluster?: ClusterToShow;
}

/** A cluster of the answer to a query. */
export interface ClusterToShow {
  readonly id: string;
  readonly query: ClusterQuery;
  readonly representative: Pick<Place, 'path'>;
}

export interface Persisted {
  readonly tab: ViewTab;
  readonly query: string;
  readonly filters: Readonly<Record<HitTab, ViewFilter>>;
  readonly filtersOpen: Readonly<Record<HitTab, boolean>>;
  /** Recent queries, newest first. */
  readonly recent: readonly string[];
  /** Keys of expanded rows. */
  readonly expanded: ReadonlySet<string>;
  readonly scrollTop: Readonly<Record<HitTab, number>>;
  readonly files: FilesFilter;
  readonly analysis: AnalysisChoices;
  readonly map: MapChoices;
}

export const VIEW_TABS: readonly ViewTab[] = [
  'similar',
  'search',
  'clusters',
  'outliers',
  'duplicates',
  'map',
  'coverage',
];
const TIERS: readonly DuplicateTier[] = ['exact', 'near', 'meaning'];
const STATES: readonly CoverageState[] = ['indexed', 'excluded', 'skipped', 'failed'];

/** The JSON form of {@link Persisted}. */
export function toStored(state: Persisted): unknown {
  const { tab, query, filters, filtersOpen, recent, expanded, scrollTop, files, analysis, map } = state;
  return { tab, query, filters, filtersOpen, recent, expanded: [...expanded], scrollTop, files, analysis, map };
}

/** Whatever of a stored value has the right shape; the rest takes its default. */
export function fromStored(value: unknown): Persisted {
  const stored = record(value);
  const scrollTop = record(stored['scrollTop']);
  const filters = record(stored['filters']);
  const filtersOpen = record(stored['filtersOpen']);
  return {
    tab: VIEW_TABS.find((tab) => tab === stored['tab']) ?? 'similar',
    query: text(stored['query']),
    filters: { similar: filter(filters['similar']), search: filter(filters['search']) },
    filtersOpen: { similar: filtersOpen['similar'] === true, search: filtersOpen['search'] === true },
    recent: texts(stored['recent']),
    expanded: new Set(texts(stored['expanded'])),
    scrollTop: { similar: pixels(scrollTop['similar']), search: pixels(scrollTop['search']) },
    files: filesFilter(record(stored['files'])),
    analysis: analysisChoices(record(stored['analysis'])),
    map: mapChoices(record(stored['map'])),
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

function filesFilter(stored: Record<string, unknown>): FilesFilter {
  const state = STATES.find((each) => each === stored['state']);
  // A reason of another version only finds nothing, and the chip that takes it back is shown.
  const reason = typeof stored['reason'] === 'string' ? (stored['reason'] as LeftOutReason) : undefined;
  return { text: text(stored['text']), ...(state && { state }), ...(reason && { reason }) };
}

function analysisChoices(stored: Record<string, unknown>): AnalysisChoices {
  const clusters = record(stored['clusters']);
  const duplicates = record(stored['duplicates']);
  const granularity = share(clusters['granularity']);
  const minSimilarity = share(duplicates['minSimilarity']);
  const tier = TIERS.find((known) => known === duplicates['tier']);
  return {
    clusters: { of: unit(clusters['of']), ...(granularity !== undefined && { granularity }) },
    outliers: unit(stored['outliers']),
    duplicates: {
      ...(tier && { tier }),
      ...(minSimilarity !== undefined && { minSimilarity }),
      thisFile: duplicates['thisFile'] === true,
      ignored: duplicates['ignored'] === true,
    },
  };
}

function mapChoices(stored: Record<string, unknown>): MapChoices {
  const { x, y, zoom } = record(stored['camera']);
  const isCamera = [x, y, zoom].every((value) => typeof value === 'number' && Number.isFinite(value));
  return {
    of: unit(stored['of']),
    colour: COLOUR_WAYS.find((way) => way === stored['colour']) ?? 'cluster',
    camera: isCamera ? clamped({ x: Number(x), y: Number(y), zoom: Number(zoom) }) : WHOLE_MAP,
  };
}

function unit(value: unknown): AnalysisUnit {
  return value === 'documents' ? 'documents' : 'chunks';
}

function share(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined;
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
