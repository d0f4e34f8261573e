// The map: every place of the index in the plane. Invariant: the same index gives the same map, and a small change moves only what is new;
// a document that was deleted meanwhile is left out. Cost: the graph, its words and its layout, each once an index.
import type { EngineRequests, MapResult } from '../../protocol/engineApi.ts';
import type { Analysed } from '../analysis/analyst.ts';
import { clusterCounts } from '../analysis/clusters/clusterCut.ts';
import type { AnalysisItems } from '../analysis/items.ts';
import { type LabelledClusters, labelPlaces } from '../analysis/layout/labelPlaces.ts';
import { jitterOf } from '../analysis/layout/seededBits.ts';
import { outlierScoresOf } from '../analysis/outliers/outlierScores.ts';
import type { AnalysisUnit, VectorTable } from '../model.ts';
import type { Session } from '../session.ts';
import { labelledClusters, type Labelled } from './clusters.ts';
import { coverOf } from './cover.ts';

/** Copies of one text lie this far around its place: near enough to be one spot, far enough to be picked one by one. */
const COPY_SPREAD = 0.004;
/** Labels on the whole map, about; each nearer look has so many times as many. */
const FEW_LABELS = 10;
const MORE_LABELS = 4;

export async function mapOf(
  session: Session,
  { of }: EngineRequests['map']['params'],
  signal: AbortSignal | undefined,
): Promise<MapResult> {
  const { store, layouts } = session;
  const automatic = await labelledClusters(session, { of }, signal);
  const { analysed, cut } = automatic;
  const { places } = await layouts.of(analysed, signal);
  const levels = await labelLevels(session, of, automatic, signal);
  const items = session.analyst.now(analysed.items);
  const points = pointsOf(store.table, items);
  const paths = [...new Set(points.map(({ path }) => path))];
  const numberOf = new Map(paths.map((path, number) => [path, number]));
  const { score } = outlierScoresOf(analysed.graph);
  return {
    cover: coverOf(session, items),
    of,
    x: Float32Array.from(points, ({ item, dx }) => inside((places[2 * item] ?? 0) + dx)),
    y: Float32Array.from(points, ({ item, dy }) => inside((places[2 * item + 1] ?? 0) + dy)),
    paths,
    languageIds: paths.map((path) => store.documents.get(path)?.languageId ?? ''),
    pathOf: Int32Array.from(points, ({ path }) => numberOf.get(path) ?? -1),
    startLine: Int32Array.from(points, ({ startLine }) => startLine),
    endLine: Int32Array.from(points, ({ endLine }) => endLine),
    clusterOf: Int32Array.from(points, ({ item }) => cut.clusterOf[item] ?? -1),
    outlierScore: Float32Array.from(points, ({ item }) => score[item] ?? 0),
    clusters: cut.ids.map((id, i) => ({ id, label: automatic.labels[i]?.label ?? '', size: cut.sizes[i] ?? 0 })),
    labels: labelPlaces(places, levels),
  };
}

/** The whole map's, which are no more than the automatic clusters, and those of two nearer looks. */
async function labelLevels(
  session: Session,
  of: AnalysisUnit,
  automatic: Labelled,
  signal: AbortSignal | undefined,
): Promise<[LabelledClusters, LabelledClusters, LabelledClusters]> {
  const { analysed, cut } = automatic;
  const few = Math.min(FEW_LABELS, cut.sizes.length);
  const more = Math.max(cut.sizes.length, few * MORE_LABELS);
  const level = async (wanted: number): Promise<LabelledClusters> => {
    if (wanted === cut.sizes.length) return labelled(automatic);
    const granularity = granularityOf(analysed, wanted);
    const found = await labelledClusters(session, { of, granularity }, signal);
    return labelled(found.analysed.structure === analysed.structure ? found : automatic); // the index may have changed
  };
  return [await level(few), await level(more), await level(more * MORE_LABELS)];
}

function labelled({ cut, labels }: Labelled): LabelledClusters {
  return { clusterOf: cut.clusterOf, labels: labels.map(({ label }) => label) };
}

/** That with the number of clusters nearest to the wanted one. */
function granularityOf({ structure, items }: Analysed, wanted: number): number {
  const counts = clusterCounts(structure, items.rows.map((own) => own.length)); // prettier-ignore
  const apart = counts.map((count) => Math.abs(Math.log(Math.max(1, count) / Math.max(1, wanted))));
  return apart.indexOf(Math.min(...apart)) / (counts.length - 1);
}

interface Point {
  readonly item: number;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** From the item's place. */
  readonly dx: number;
  readonly dy: number;
}

/** A document is one, from its first line to its last; a text is one wherever it is. */
function pointsOf({ chunks }: VectorTable, { of, rows }: AnalysisItems): Point[] {
  return rows.flatMap((own, item): Point[] => {
    const places = own.flatMap((row) => chunks[row] ?? []);
    const [first] = places;
    if (!first) return [];
    if (of === 'documents') {
      const endLine = places.reduce((last, chunk) => Math.max(last, chunk.endLine), first.endLine);
      return [{ item, path: first.path, startLine: first.startLine, endLine, dx: 0, dy: 0 }];
    }
    return places.map(({ path, startLine, endLine }, copy) => {
      const spread = copy === 0 ? 0 : COPY_SPREAD;
      return { item, path, startLine, endLine, dx: spread * jitterOf(2 * copy), dy: spread * jitterOf(2 * copy + 1) };
    });
  });
}

function inside(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
