// What stands apart: the items whose nearest neighbours are farther than is usual. Invariant: what is too short, boilerplate or there
// several times is not called unusual; a document that was deleted meanwhile is left out. Cost: the graph, and the words of every text.
import type { EngineRequests, OutlierResult } from '../../protocol/engineApi.ts';
import { chunksOf } from '../analysis/itemChunks.ts';
import { outlierScoresOf } from '../analysis/outliers/outlierScores.ts';
import { inSlices } from '../slices.ts';
import { countWords, leastWordsOf, substanceOf } from '../analysis/substance.ts';
import type { Outlier, StoredChunk } from '../model.ts';
import type { Session } from '../session.ts';
import { coverOf } from './cover.ts';
import { placesOf } from './places.ts';

/** So near is only a document of the same text. */
const COPY = 0.9999;
/** With fewer there is nothing usual to stand apart from. */
const FEWEST = 3;

export async function findOutliers(
  session: Session,
  { of, top }: EngineRequests['outliers']['params'],
  signal: AbortSignal | undefined,
): Promise<OutlierResult> {
  const { analyst, store } = session;
  const { items, graph } = await analyst.graph(of, signal);
  const chunks = chunksOf(store.table, items);
  const cover = coverOf(session, items);
  if (items.count < FEWEST) return { cover, outliers: [], leftOut: 0 };
  const words = new Array<number>(items.count).fill(0);
  await inSlices(items.count, (item) => (words[item] = wordsIn(chunks[item] ?? [])), signal);
  const least = leastWordsOf(words);
  const { score, similarity, usual } = outlierScoresOf(graph);
  const isSlight = (item: number): boolean => (words[item] ?? 0) < least;
  const isRepeated = (item: number): boolean =>
    of === 'chunks' ? (chunks[item]?.length ?? 0) > 1 : (graph.similarities[item * graph.k] ?? 0) >= COPY;
  const order = [...items.keys.keys()]
    .filter((item) => !isSlight(item) && !isRepeated(item))
    .sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || (similarity[a] ?? 0) - (similarity[b] ?? 0) || a - b);
  const outliers = order.slice(0, top).flatMap((item): Outlier[] => {
    const [place] = placesOf(of, chunks[item] ?? []);
    if (!place) return [];
    const [nearest] = placesOf(of, chunks[graph.neighbours[item * graph.k] ?? -1] ?? []);
    return [
      {
        ...place,
        score: score[item] ?? 0,
        similarity: similarity[item] ?? 0,
        usual,
        ...(nearest && { nearest: { ...nearest, similarity: graph.similarities[item * graph.k] ?? 0 } }),
      },
    ];
  });
  return {
    cover,
    outliers,
    leftOut: words.filter((count, item) => count < least && chunks[item]?.length !== 0).length,
  };
}

/** An image has no words and is no fragment. */
function wordsIn(chunks: readonly StoredChunk[]): number {
  if (chunks[0]?.kind === 'image') return Infinity;
  const distinct = new Map(chunks.map((chunk) => [chunk.hash, chunk]));
  return [...distinct.values()].reduce((sum, chunk) => sum + countWords(substanceOf(chunk)), 0);
}
