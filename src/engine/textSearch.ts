// A question in words to one session: by meaning, by words, or by both. Invariant: a keyword search makes no vector and sends
// nothing; a filter holds for both. Cost: one scan of the matrix, the places of the query's words, and embedding the question.
import type { EngineRequests, SearchResult } from '../protocol/engineApi.ts';
import { EngineError, type ErrorCode } from './errors.ts';
import type { Hit, Reasons, SearchFilter, SparseVector, VectorTable } from './model.ts';
import { SPARE } from './queries.ts';
import { dot } from './search/dot.ts';
import { maskRows, type RowMask } from './search/filter.ts';
import { foldOverlaps } from './search/foldOverlaps.ts';
import { toHits } from './search/hits.ts';
import { type Found, topRows } from './search/topRows.ts';
import { scanRows, topK } from './search/vectorSearch.ts';
import { blend, mostWords, type RowScores, wordShareFor } from './search/words/blend.ts';
import { sharedWords } from './search/words/sharedWords.ts';
import type { Session } from './session.ts';

/** A service can't be asked now; words can. Anything else is a mistake that the user must hear of. */
const OUT_OF_REACH: ReadonlySet<ErrorCode> = new Set([
  'no-model',
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
  const [vector = {}] = await Promise.all([
    mode === 'keyword' ? undefined : queryVectors(session, query, mode === 'hybrid', signal),
    mode === 'semantic' ? undefined : session.words.catchUp(signal),
  ]);
  const asked = { query, top, filter };
  if (vector instanceof EngineError) {
    const { code, details } = vector;
    return { query, mode: 'keyword', hits: rank(session, { ...asked, byWords: true }), wordsOnly: { code, details } };
  }
  const byWords = mode !== 'semantic';
  if (byWords && vector.sparse) await session.sparse.prepare(session.overlay.searched().table, signal);
  return { query, mode, hits: rank(session, { ...asked, byWords, ...vector }) };
}

/** A query's vectors. */
interface Vectors {
  readonly vector?: Float32Array;
  /** The service's weights of its words, in a space that has them. */
  readonly sparse?: SparseVector;
}

interface Asked extends Vectors {
  readonly query: string;
  readonly byWords: boolean;
  readonly top: number;
  readonly filter: SearchFilter | undefined;
}

/** The query's vectors, or why a hybrid search must do without. */
async function queryVectors(
  { embedder }: Session,
  query: string,
  canDoWithout: boolean,
  signal: AbortSignal | undefined,
): Promise<Vectors | EngineError> {
  try {
    const vector = await embedder.embedQuery(query, signal);
    if (embedder.space.output !== 'dense+sparse' || !embedder.sparseQuery) return { vector };
    return { vector, sparse: await embedder.sparseQuery(query, signal) };
  } catch (error) {
    if (canDoWithout && error instanceof EngineError && OUT_OF_REACH.has(error.code)) return error;
    throw error;
  }
}

/** A row with what orders the hits, and its exact similarity where vectors were compared. */
interface Ranked extends Found {
  readonly score: number;
}

/** All in one turn of the event loop: rows stay where they are. */
function rank(session: Session, { query, vector, sparse, byWords, top, filter }: Asked): Hit[] {
  const { table, documents, mask: current } = session.overlay.searched();
  const mask = maskRows(filter, table, documents) ?? current;
  const k = top * SPARE;
  const counted = byWords && !sparse ? session.overlay.score(query) : undefined;
  const words = sparse && byWords ? session.sparse.score(table, sparse) : counted;
  const ranked = vector
    ? words
      ? byBoth(table, query, vector, words, k, mask)
      : topK(table, vector, k, mask).map((found): Ranked => ({ ...found, score: found.similarity }))
    : byWordsAlone(table, words, k, mask);
  const percentileOf = (similarity: number): number | undefined =>
    vector ? session.reference.percentileOf(session.store.table, similarity, query) : 0;
  const weights = counted?.weights ?? session.overlay.weigh(query);
  const hits = toHits(table, documents, ranked, percentileOf);
  const explained = hits.map((hit, i): Hit => {
    const chunk = table.chunks[ranked[i]?.row ?? -1];
    const why: Reasons = {
      ...(vector && { similarity: hit.similarity, percentile: hit.percentile }),
      words: chunk ? sharedWords(chunk, query, weights) : [],
    };
    return { ...hit, score: ranked[i]?.score ?? 0, why };
  });
  return foldOverlaps(explained).slice(0, top);
}

/** Blends what the codes say with the words; the rows found are then compared in full. */
function byBoth(
  table: VectorTable,
  query: string,
  vector: Float32Array,
  words: RowScores,
  k: number,
  mask: RowMask | undefined,
): Ranked[] {
  const { scores } = scanRows(table, vector, mask);
  const blended = blend(table, scores, words, { share: wordShareFor(query), k, mask });
  const wide = Float64Array.from(vector);
  return topRows(table, blended, k).map(({ row, similarity }) => ({
    row,
    similarity: dot(table.row(row), wide),
    score: similarity,
  }));
}

/** Scaled so that the best is 1; rows that share no word are not found. */
function byWordsAlone(
  table: VectorTable,
  words: RowScores | undefined,
  k: number,
  mask: RowMask | undefined,
): Ranked[] {
  if (!words) return [];
  const { rows, most } = mostWords(words, mask);
  const scores = new Float64Array(table.count).fill(-Infinity);
  for (const row of rows) scores[row] = (words.byRow[row] ?? 0) / most;
  return topRows(table, scores, k).map(({ row, similarity }) => ({ row, similarity: 0, score: similarity }));
}
