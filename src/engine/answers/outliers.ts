// What stands apart: the items whose nearest neighbours are farther than is usual. Invariant: what is too short, boilerplate or there
// several times is not called unusual; a document that was deleted meanwhile is left out. Cost: the graph, and the words of every text in
// a thread.
import type { EngineRequests, OutlierResult } from '../../protocol/engineApi.ts';
import { chunksOf } from '../analysis/itemChunks.ts';
import { packChunks } from '../analysis/packedChunks.ts';
import type { Outlier } from '../model.ts';
import type { Session } from '../session.ts';
import { coverOf } from './cover.ts';
import { placesOf } from './places.ts';

/** With fewer there is nothing usual to stand apart from. */
const FEWEST = 3;

export async function findOutliers(
  session: Session,
  { of, top }: EngineRequests['outliers']['params'],
  signal: AbortSignal | undefined,
): Promise<OutlierResult> {
  const { analyst, store } = session;
  const { items, graph, structure } = await analyst.graph(of, signal);
  const { unusual } = structure;
  const chunks = chunksOf(store.table, items);
  const cover = coverOf(session, items);
  const nearestTo = (item: number): number => graph.similarities[item * graph.k] ?? 0;
  if (items.count < FEWEST) return { cover, outliers: [], leftOut: 0 };
  const packed = await packChunks(chunks, signal);
  const nearest = of === 'documents' ? Float32Array.from(items.keys, (_, item) => nearestTo(item)) : undefined;
  const task = { unusual, chunks: packed, ...(nearest && { nearest }) };
  const { order, leftOut } = await analyst.run('outliers', task, signal);
  const outliers = Array.from(order.subarray(0, top)).flatMap((item): Outlier[] => {
    const [place] = placesOf(of, chunks[item] ?? []);
    if (!place) return [];
    const [relative] = placesOf(of, chunks[graph.neighbours[item * graph.k] ?? -1] ?? []);
    return [
      {
        ...place,
        score: unusual.score[item] ?? 0,
        similarity: unusual.similarity[item] ?? 0,
        usual: unusual.usual,
        ...(relative && { nearest: { ...relative, similarity: nearestTo(item) } }),
      },
    ];
  });
  return { cover, outliers, leftOut };
}
