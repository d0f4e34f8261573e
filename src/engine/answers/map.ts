// The map: every place of the index in the plane. Invariant: the same index gives the same map, and a small change moves only what is new;
// a document that was deleted meanwhile is left out. Cost: the graph, its words and its layout, each once an index.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EngineRequests, MapResult } from '../../protocol/engineApi.ts';
import type { Analysed } from '../analysis/analyst.ts';
import { clusterCounts } from '../analysis/clusters/clusterCut.ts';
import type { AnalysisItems } from '../analysis/items.ts';
import { type LabelledClusters, labelPlaces } from '../analysis/layout/labelPlaces.ts';
import { jitterOf } from '../analysis/layout/seededBits.ts';
import type { AnalysisUnit, StoredChunk, VectorTable } from '../model.ts';
import type { Session } from '../session.ts';
import { labelledClusters, placeCounts, type Labelled } from './clusters.ts';
import { coverOf } from './cover.ts';

/** Copies of one text lie this far around its place: near enough to be one spot, far enough to be picked one by one. */
const COPY_SPREAD = 0.004;
/** Labels on the whole map, about; each nearer look has so many times as many. */
const FEW_LABELS = 10;
const MORE_LABELS = 4;

export async function mapOf(
  session: Session,
  query: EngineRequests['map']['params'],
  signal: AbortSignal | undefined,
): Promise<MapResult> {
  const { store, layouts } = session;
  const { of } = query;
  const clustered = await labelledClusters(session, query, signal);
  const { analysed, cut } = clustered;
  const { places } = await layouts.of(analysed, signal);
  const levels = await labelLevels(session, of, clustered, signal);
  await nextTurn();
  const items = session.analyst.now(analysed.items);
  const points = pointsOf(store.table, items);
  const { score } = analysed.structure.unusual;
  const along = (axis: 0 | 1): Float32Array => {
    const offsets = points.offsets[axis];
    return Float32Array.from(points.item, (item, i) => inside((places[2 * item + axis] ?? 0) + (offsets[i] ?? 0)));
  };
  return {
    cover: coverOf(session, items),
    of,
    x: along(0),
    y: along(1),
    paths: points.paths,
    languageIds: points.paths.map((path) => store.documents.get(path)?.languageId ?? ''),
    pathOf: points.pathOf,
    startLine: points.startLine,
    endLine: points.endLine,
    clusterOf: Int32Array.from(points.item, (item) => cut.clusterOf[item] ?? -1),
    outlierScore: Float32Array.from(points.item, (item) => score[item] ?? 0),
    clusters: cut.ids.map((id, i) => ({ id, label: clustered.labels[i]?.label ?? '', size: cut.sizes[i] ?? 0 })),
    labels: labelPlaces(places, levels),
  };
}

/** The whole map's, which are no more than those that the points are of, and those of two nearer looks. */
async function labelLevels(
  session: Session,
  of: AnalysisUnit,
  points: Labelled,
  signal: AbortSignal | undefined,
): Promise<[LabelledClusters, LabelledClusters, LabelledClusters]> {
  const { analysed, cut } = points;
  const few = Math.min(FEW_LABELS, cut.sizes.length);
  const more = Math.max(cut.sizes.length, few * MORE_LABELS);
  const level = async (wanted: number): Promise<LabelledClusters> => {
    if (wanted === cut.sizes.length) return labelled(points);
    const granularity = granularityOf(analysed, wanted);
    const found = await labelledClusters(session, { of, granularity }, signal);
    return labelled(found.analysed.structure === analysed.structure ? found : points); // the index may have changed
  };
  return [await level(few), await level(more), await level(more * MORE_LABELS)];
}

function labelled({ cut, labels }: Labelled): LabelledClusters {
  return { clusterOf: cut.clusterOf, labels: labels.map(({ label }) => label) };
}

/** That with the number of clusters nearest to the wanted one. */
function granularityOf({ structure, items }: Analysed, wanted: number): number {
  const counts = clusterCounts(structure, placeCounts(items));
  const apart = counts.map((count) => Math.abs(Math.log(Math.max(1, count) / Math.max(1, wanted))));
  return apart.indexOf(Math.min(...apart)) / (counts.length - 1);
}

/** Columns, a value a point; `paths` are those that `pathOf` numbers. */
class Points {
  readonly item: Int32Array;
  readonly pathOf: Int32Array;
  readonly startLine: Int32Array;
  readonly endLine: Int32Array;
  /** From the item's place, to the right and upwards. */
  readonly offsets: readonly [Float32Array, Float32Array];
  readonly paths: string[] = [];
  private readonly numbers = new Map<string, number>();
  private count = 0;

  constructor(length: number) {
    this.item = new Int32Array(length);
    this.pathOf = new Int32Array(length);
    this.startLine = new Int32Array(length);
    this.endLine = new Int32Array(length);
    this.offsets = [new Float32Array(length), new Float32Array(length)];
  }

  add(item: number, { path, startLine }: StoredChunk, endLine: number, copy: number): void {
    const i = this.count++;
    this.item[i] = item;
    this.pathOf[i] = this.numberOf(path);
    this.startLine[i] = startLine;
    this.endLine[i] = endLine;
    if (copy === 0) return;
    this.offsets[0][i] = COPY_SPREAD * jitterOf(2 * copy);
    this.offsets[1][i] = COPY_SPREAD * jitterOf(2 * copy + 1);
  }

  private numberOf(path: string): number {
    let number = this.numbers.get(path);
    if (number === undefined) {
      number = this.paths.push(path) - 1;
      this.numbers.set(path, number);
    }
    return number;
  }
}

/** A document is one, from its first line to its last; a text is one wherever it is. Must be called in the turn in which the items came. */
function pointsOf({ chunks }: VectorTable, { of, rows }: AnalysisItems): Points {
  const points = new Points(rows.reduce((sum, own) => sum + (of === 'chunks' ? own.length : Math.min(1, own.length)), 0)); // prettier-ignore
  for (const [item, own] of rows.entries()) {
    for (const [copy, row] of own.entries()) {
      const chunk = chunks[row];
      if (!chunk) continue;
      if (of === 'chunks') points.add(item, chunk, chunk.endLine, copy);
      else {
        points.add(item, chunk, own.reduce((last, other) => Math.max(last, chunks[other]?.endLine ?? 0), 0), 0); // prettier-ignore
        break;
      }
    }
  }
  return points;
}

function inside(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
