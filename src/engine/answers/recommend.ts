// What to read next: documents that resemble an example as wholes, each with its best place; or rows of tables for a row. Invariant:
// neither the example nor a copy of it, and no two copies. Cost: a scan for each sampled chunk of the example, and the vectors of the
// POOL nearest documents, in slices.
import type { EngineRequests, Example, RecommendResult } from '../../protocol/engineApi.ts';
import { bare } from '../analysis/duplicates/passages.ts';
import { sharedShare, shinglesOf } from '../analysis/duplicates/shingles.ts';
import { diversify } from '../analysis/recommend/diversify.ts';
import { EngineError } from '../errors.ts';
import type { Recommendation, StoredChunk } from '../model.ts';
import type { Searched } from '../overlay.ts';
import { maskExample, partDimensions, partsOf, placeOf, storedRows, type Part } from '../queries.ts';
import { bestPerDocument, rowsNow, type FoundDocument } from '../search/documentSearch.ts';
import { dot } from '../search/dot.ts';
import type { RowMask } from '../search/filter.ts';
import { toHits } from '../search/hits.ts';
import { meanOfRows } from '../search/meanVector.ts';
import { topK } from '../search/vectorSearch.ts';
import { sharedWords } from '../search/words/sharedWords.ts';
import type { Session } from '../session.ts';
import { breather } from '../slices.ts';
import type { Source } from '../source/source.ts';
import { coverOf } from './cover.ts';

/** Among so many of the nearest the diverse ones are chosen. */
const POOL = 60;
/** Runs of words that copies share. */
const COPY_SHARE = 0.9;
/** A document so near as a whole is the same one but for white space. */
const COPY_SIMILARITY = 0.995;

/** Throws what `similar` throws. */
export async function recommend(
  session: Session,
  source: Source,
  { example, top }: EngineRequests['recommend']['params'],
  signal: AbortSignal | undefined,
): Promise<RecommendResult> {
  const { parts } = await partsOf(session, source, example, signal);
  if (parts.length === 0) throw new EngineError('no-text', { path: example.path });
  const text = parts.map((part) => part.chunk.text).join('\n');
  const query = session.embedder.exampleQuery(
    meanOfRows(parts.map(({ vector }) => vector), partDimensions(session)), // prettier-ignore
    text,
  );
  const of = isRow(session, example) ? 'rows' : 'documents';
  const candidates =
    of === 'rows'
      ? rowsLike(session, example, query, text, POOL + top)
      : await documentsLike(session, example, parts, query, text, POOL + top, signal);
  const vectors = candidates.map(({ vector }) => vector);
  const weight = session.embedder.parts.length;
  const order = diversify(
    candidates.map(({ similarity }) => similarity),
    (a, b) => dot(vectors[a] ?? query, Float64Array.from(vectors[b] ?? query)) / weight,
    top,
  );
  const chosen = order.flatMap((i) => candidates[i] ?? []);
  const { revision } = session.store.table;
  const cover = coverOf(session, { count: countOf(session, of), revision });
  return { cover, of, example: placeOf(example, parts), hits: explain(session, chosen, parts, text) };
}

/** So many were compared, the example among them. */
function countOf({ overlay }: Session, of: RecommendResult['of']): number {
  const { table, documents, mask } = overlay.searched();
  if (of === 'documents') return [...documents.values()].filter(({ kept }) => !kept).length;
  return table.chunks.filter(({ kind }, row) => kind === 'row' && mask?.[row] !== 0).length;
}

interface Candidate extends FoundDocument {
  readonly vector: Float32Array;
}

/** A line of a table, whose neighbours are rows. */
function isRow(session: Session, example: Example): boolean {
  if (example.startLine === undefined) return false;
  const rows = storedRows(session, example);
  return rows.length > 0 && rows.every((row) => session.overlay.searched().table.chunks[row]?.kind === 'row');
}

function rowsLike(session: Session, example: Example, query: Float32Array, text: string, count: number): Candidate[] {
  const searched = session.overlay.searched();
  const { table } = searched;
  const mask = Uint8Array.from(table.chunks, ({ kind }, row) => (kind === 'row' ? (searched.mask?.[row] ?? 1) : 0));
  const own = storedRows(session, example).flatMap((row) => table.chunks[row] ?? []);
  const copies = new CopyFilter([...own, { hash: '', text }]);
  return topK(table, query, count, maskExample(searched, example, mask)).flatMap(({ row, similarity }): Candidate[] => {
    const chunk = table.chunks[row];
    return chunk && copies.admits(chunk) ? [{ chunk, similarity, vector: table.row(row) }] : [];
  });
}

async function documentsLike(
  session: Session,
  { path }: Example,
  parts: readonly Part[],
  query: Float32Array,
  text: string,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Candidate[]> {
  const { embedder, overlay } = session;
  const queries = parts.map(({ vector }) => embedder.exampleQuery(vector, text));
  const wide = Float64Array.from(query);
  const compared = {
    table: () => overlay.searched().table,
    mask: () => {
      const searched = overlay.searched();
      return withoutSnippets(searched, maskExample(searched, { path }, searched.mask?.slice()));
    },
  };
  const nearest = await bestPerDocument(compared, queries, count, signal);
  // Copies of one document are as good as one.
  const hashes = new Set([overlay.searched().documents.get(path)?.hash]);
  const breathe = breather(signal);
  const candidates: Candidate[] = [];
  for (const { chunk } of nearest) {
    await breathe();
    const { table, documents } = overlay.searched();
    const document = documents.get(chunk.path);
    if (!document || hashes.has(document.hash)) continue;
    hashes.add(document.hash);
    const rows = table.rowsOf(document.path).map((row) => table.row(row));
    const vector = meanOfRows(rows, partDimensions(session));
    candidates.push({ chunk, similarity: dot(vector, wide), vector });
  }
  return candidates
    .filter(({ similarity }) => similarity < COPY_SIMILARITY)
    .sort((a, b) => b.similarity - a.similarity);
}

/** Kept snippets are pieces of documents, none to read next. */
function withoutSnippets({ table, documents }: Searched, mask: RowMask | undefined): RowMask {
  const left = mask ?? new Uint8Array(table.count).fill(1);
  for (const { path, kept } of documents.values()) {
    if (kept) for (const row of table.rowsOf(path)) left[row] = 0;
  }
  return left;
}

/** Lets each text through once, and the example's never. */
class CopyFilter {
  private readonly hashes = new Set<string>();
  private readonly texts = new Set<string>();
  private readonly words: Uint32Array[] = [];

  constructor(examples: readonly Pick<StoredChunk, 'hash' | 'text'>[]) {
    for (const example of examples) this.admits(example);
  }

  admits(chunk: Pick<StoredChunk, 'hash' | 'text'> | undefined): boolean {
    if (!chunk || this.hashes.has(chunk.hash) || this.texts.has(bare(chunk.text))) return false;
    const words = shinglesOf(chunk.text);
    if (this.words.some((other) => sharedShare(other, words) >= COPY_SHARE)) return false;
    this.hashes.add(chunk.hash);
    this.texts.add(bare(chunk.text));
    this.words.push(words);
    return true;
  }
}

/** Which part of the example each is nearest to, and the words that it shares with it. */
function explain(
  { store, overlay, reference, words, embedder }: Session,
  candidates: readonly Candidate[],
  parts: readonly Part[],
  text: string,
): Recommendation[] {
  const { table, documents } = overlay.searched();
  const chosen = rowsNow(table, candidates);
  const hits = toHits(table, documents, chosen, (similarity) => reference.percentileOf(store.table, similarity, text));
  const queries = parts.map(({ vector }) => Float64Array.from(embedder.exampleQuery(vector, text)));
  return hits.flatMap((hit, i) => {
    const row = chosen[i]?.row ?? -1;
    const chunk = table.chunks[row];
    const vector = table.row(row);
    const nearness = queries.map((query) => dot(vector, query));
    const near = parts[nearness.indexOf(Math.max(...nearness))]?.chunk;
    if (!chunk || !near) return [];
    const { startLine, endLine, symbol } = near;
    const { similarity, percentile } = hit;
    const why = { similarity, percentile, words: sharedWords(chunk, near.text, words.weigh(near.text)) };
    return [{ ...hit, why, near: { startLine, endLine, ...(symbol !== undefined && { symbol }) } }];
  });
}
