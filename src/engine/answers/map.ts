// The map: every place of the index in the plane. Invariant: the same index gives the same map, and a small change moves only what is new;
// a document that was deleted meanwhile is left out. Cost: the graph, and its layout the first time.
import type { EngineRequests, MapResult } from '../../protocol/engineApi.ts';
import type { NeighbourGraph } from '../analysis/graph/neighbourGraph.ts';
import { chunksOf } from '../analysis/itemChunks.ts';
import { type AnalysisItems, vectorsOf } from '../analysis/items.ts';
import { type ItemLayout, type LaidOut, layoutItems, needsVectors } from '../analysis/layout/itemLayout.ts';
import { itemId, jitterOf } from '../analysis/layout/seededBits.ts';
import { outlierScoresOf } from '../analysis/outliers/outlierScores.ts';
import { throwIfAborted } from '../errors.ts';
import type { StoredChunk, VectorTable } from '../model.ts';
import type { Session } from '../session.ts';
import { coverOf } from './cover.ts';

/** Copies of one text lie this far around its place: near enough to be one spot, far enough to be picked one by one. */
const COPY_SPREAD = 0.004;

export async function mapOf(
  session: Session,
  { of }: EngineRequests['map']['params'],
  signal: AbortSignal | undefined,
): Promise<MapResult> {
  const { analyst, store, layouts } = session;
  const earlier = await layouts.last(of);
  const { items, graph } = await analyst.graph(of, signal);
  const chunks = chunksOf(store.table, items);
  const cover = coverOf(session, items);
  throwIfAborted(signal);
  const { layout, places } = layItOut(store.table, items, graph, earlier, signal);
  if (!isSame(layout.ids, earlier?.ids)) await layouts.keep(of, layout);
  const isShown = ({ path }: StoredChunk): boolean => {
    const document = store.documents.get(path);
    return document !== undefined && document.kept === undefined;
  };
  const points = pointsOf(
    items,
    chunks.map((own) => own.filter(isShown)),
  );
  const paths = [...new Set(points.map(({ path }) => path))];
  const numberOf = new Map(paths.map((path, number) => [path, number]));
  const { score } = outlierScoresOf(graph);
  return {
    cover,
    of,
    x: Float32Array.from(points, ({ item, dx }) => inside((places[2 * item] ?? 0) + dx)),
    y: Float32Array.from(points, ({ item, dy }) => inside((places[2 * item + 1] ?? 0) + dy)),
    paths,
    languageIds: paths.map((path) => store.documents.get(path)?.languageId ?? ''),
    pathOf: Int32Array.from(points, ({ path }) => numberOf.get(path) ?? -1),
    startLine: Int32Array.from(points, ({ startLine }) => startLine),
    endLine: Int32Array.from(points, ({ endLine }) => endLine),
    clusterOf: new Int32Array(points.length).fill(-1),
    outlierScore: Float32Array.from(points, ({ item }) => score[item] ?? 0),
    clusters: [],
    labels: [],
  };
}

function layItOut(
  table: VectorTable,
  items: AnalysisItems,
  graph: NeighbourGraph,
  earlier: ItemLayout | undefined,
  signal: AbortSignal | undefined,
): LaidOut {
  const ids = Float64Array.from(items.keys, itemId);
  const { dimension } = table;
  const vectors = needsVectors(ids, earlier) ? { values: vectorsOf(table, items), dimension } : undefined;
  return layoutItems({ ids, graph, vectors, earlier }, () => throwIfAborted(signal));
}

function isSame(ids: Float64Array, others: Float64Array | undefined): boolean {
  return ids.length === others?.length && ids.every((id, i) => id === others[i]);
}

interface Point extends Pick<StoredChunk, 'path' | 'startLine' | 'endLine'> {
  readonly item: number;
  /** From the item's place. */
  readonly dx: number;
  readonly dy: number;
}

/** A document is one, from its first line to its last; a text is one wherever it is. */
function pointsOf({ of }: AnalysisItems, chunks: readonly (readonly StoredChunk[])[]): Point[] {
  return chunks.flatMap((own, item): Point[] => {
    const [first] = own;
    if (!first) return [];
    if (of === 'documents') {
      const endLine = own.reduce((last, chunk) => Math.max(last, chunk.endLine), first.endLine);
      return [{ item, path: first.path, startLine: first.startLine, endLine, dx: 0, dy: 0 }];
    }
    return own.map(({ path, startLine, endLine }, copy) => ({
      item,
      path,
      startLine,
      endLine,
      dx: copy === 0 ? 0 : COPY_SPREAD * jitterOf(2 * copy),
      dy: copy === 0 ? 0 : COPY_SPREAD * jitterOf(2 * copy + 1),
    }));
  });
}

function inside(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
