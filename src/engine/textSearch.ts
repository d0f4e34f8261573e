// A question in words to one session: by meaning, by words, or by both. Invariant: a keyword search makes no vector and sends
// nothing; a filter holds for both. Cost: one scan of the matrix, the places of the query's words, and embedding the question.
import type { EngineRequests, SearchResult } from '../protocol/engineApi.ts';
import { EngineError, type ErrorCode } from './errors.ts';
import type { Hit, Reasons, StoredChunk } from './model.ts';
import { SPARE } from './queries.ts';
import { dotProducts } from './search/dotProducts.ts';
import { createFilter } from './search/filter.ts';
import { foldOverlaps } from './search/foldOverlaps.ts';
import { toHits } from './search/hits.ts';
import { topRows } from './search/topRows.ts';
import { blend, mostWords, wordShareFor } from './search/words/blend.ts';
import { sharedWords } from './search/words/sharedWords.ts';
import type { WordScores } from './search/words/wordIndex.ts';
import type { Session } from './session.ts';

/** A service can't be asked now; words can. Anything else is a mistake that the user must hear of. */
const OUT_OF_REACH: ReadonlySet<ErrorCode> = new Set([
  'consent-needed',
  'key-missing',
  'network-failed',
  'rate-limited',
  'server-failed',
  'budget-reached',
  'billing-stopped',
]);

/** Throws `no-text`, and in `semantic` what embedding the query throws. */
export async function searchByText(
  session: Session,
  { query, top, filter, mode = 'hybrid' }: EngineRequests['search']['params'],
  signal: AbortSignal | undefined,
): Promise<SearchResult> {
  if (query.trim() === '') throw new EngineError('no-text', { path: '' });
  // The vector is made in another process or far away: meanwhile this one has time for the words.
  const [vector] = await Promise.all([
    mode === 'keyword' ? undefined : queryVector(session, query, mode === 'hybrid', signal),
    mode === 'semantic' ? undefined : session.words.catchUp(signal),
  ]);
  const accept = createFilter(filter, session.store.documents);
  if (vector instanceof EngineError) {
    const { code, details } = vector;
    return {
      query,
      mode: 'keyword',
      hits: rank(session, query, undefined, true, top, accept),
      wordsOnly: { code, details },
    };
  }
  return { query, mode, hits: rank(session, query, vector, mode !== 'semantic', top, accept) };
}

/** The query's vector, or why a hybrid search must do without one. */
async function queryVector(
  { embedder }: Session,
  query: string,
  canDoWithout: boolean,
  signal: AbortSignal | undefined,
): Promise<Float32Array | EngineError> {
  try {
    return await embedder.embedQuery(query, signal);
  } catch (error) {
    if (canDoWithout && error instanceof EngineError && OUT_OF_REACH.has(error.code)) return error;
    throw error;
  }
}

/** All in one turn of the event loop: rows stay where they are. */
function rank(
  { store, words, reference }: Session,
  query: string,
  vector: Float32Array | undefined,
  byWords: boolean,
  top: number,
  accept: ((chunk: StoredChunk) => boolean) | undefined,
): Hit[] {
  const { table, documents } = store;
  const similarities = vector && dotProducts(table, vector);
  const k = top * SPARE;
  const scored = byWords ? words.score(query) : undefined;
  const scores =
    scored === undefined
      ? (similarities ?? new Float64Array(table.count))
      : similarities === undefined
        ? onlyWords(table, scored, accept)
        : blend(table, similarities, scored, { share: wordShareFor(query), k, ...(accept && { accept }) });
  const found = topRows(table, scores, k, accept);
  const percentileOf = (similarity: number): number | undefined => reference.percentileOf(table, similarity, query);
  const compared = found.map(({ row }) => ({ row, similarity: similarities?.[row] ?? 0 }));
  const weights = scored?.weights ?? words.weigh(query);
  const hits = toHits(table, documents, compared, similarities ? percentileOf : () => 0);
  const explained = hits.map((hit, i): Hit => {
    const chunk = table.chunks[found[i]?.row ?? -1];
    const why: Reasons = {
      ...(similarities && { similarity: hit.similarity, percentile: hit.percentile }),
      words: chunk ? sharedWords(chunk, query, weights) : [],
    };
    return { ...hit, score: found[i]?.similarity ?? 0, why };
  });
  return foldOverlaps(explained).slice(0, top);
}

/** Scaled so that the best is 1; rows that share no word are not found. */
function onlyWords(
  table: Session['store']['table'],
  scored: WordScores,
  accept: ((chunk: StoredChunk) => boolean) | undefined,
): Float64Array {
  const { rows, most } = mostWords(table, scored, accept);
  const scores = new Float64Array(table.count).fill(-Infinity);
  for (const row of rows) scores[row] = (scored.byRow[row] ?? 0) / most;
  return scores;
}
