// Questions to one session by example, two texts against each other; by text: textSearch.ts. Invariant: an example never finds itself.
// Cost: one scan of the matrix a question (a file as example: one per sampled chunk), plus embedding what is not stored.
import type { EmbedResult, EngineRequests, Example, SimilarResult } from '../protocol/engineApi.ts';
import { EngineError, type ErrorCode, type ErrorDetails } from './errors.ts';
import { throwRefused, vectorsOf } from './indexer.ts';
import { mediaAt } from './embed/media.ts';
import type { Chunk, EmbedInput, Hit, LeftOutReason, Place, SearchFilter, VectorOutput } from './model.ts';
import type { Searched } from './overlay.ts';
import { overlaySources } from './partSources.ts';
import type { Session } from './session.ts';
import type { Source } from './source/source.ts';
import { bestPerDocument, rowsNow } from './search/documentSearch.ts';
import { maskRows, type RowMask } from './search/filter.ts';
import { foldOverlaps } from './search/foldOverlaps.ts';
import { toHits } from './search/hits.ts';
import { meanOfRows } from './search/meanVector.ts';
import type { Found } from './search/topRows.ts';
import { topK } from './search/vectorSearch.ts';
import { createVectorReuse } from './vectorReuse.ts';

/** Chunks of an example that are looked at; a longer one is sampled evenly. */
const MAX_EXAMPLE_CHUNKS = 24;
/** Found beyond what was asked for, because overlapping hits of a file are folded. */
export const SPARE = 3;

/** Throws `no-text`, `file-unreadable`, `file-not-found` for an example that holds nothing to compare. */
export async function similarTo(
  session: Session,
  source: Source,
  example: Example,
  top: number,
  filter: SearchFilter | undefined,
  signal: AbortSignal | undefined,
): Promise<SimilarResult> {
  const { embedder, overlay } = session;
  const { parts, from } = await partsOf(session, source, example, signal);
  const maskNow = (): RowMask | undefined => {
    const { table, documents, mask } = overlay.searched();
    return maskExample({ table, documents }, example, maskRows(filter, table, documents) ?? mask?.slice());
  };
  const text = parts.map((part) => part.chunk.text).join('\n');
  const vectors = parts.map(({ vector }) => vector);
  const wholeFile = example.startLine === undefined && example.text === undefined;
  let found: readonly Found[];
  if (wholeFile) {
    const queries = vectors.map((vector) => embedder.exampleQuery(vector, text));
    const compared = { table: () => overlay.searched().table, mask: maskNow };
    const documents = await bestPerDocument(compared, queries, top, signal);
    found = rowsNow(overlay.searched().table, documents);
  } else {
    const query = embedder.exampleQuery(meanOfRows(vectors, partDimensions(session)), text);
    found = topK(overlay.searched().table, query, top * SPARE, maskNow());
  }
  return { example: placeOf(example, parts), from, hits: hitsOf(session, found, text, top) };
}

/** Cosine of two texts, each as a whole; the percentile is among random pairs of this workspace. */
export async function compareTexts(
  session: Session,
  source: Source,
  a: string,
  b: string,
  signal: AbortSignal | undefined,
): Promise<EngineRequests['compare']['result']> {
  const { embedder } = session;
  const [left, right] = await Promise.all(
    [a, b].map(async (text) => {
      const parts = await embedParts(session, source, { path: 'text', text }, signal);
      return meanOfRows(parts.map(({ vector }) => vector), partDimensions(session)); // prettier-ignore
    }),
  );
  if (!left || !right) throw new EngineError('no-text', { path: '' });
  // Both texts decide the query rule, so that the answer does not depend on their order.
  const both = `${a}\n${b}`;
  const query = embedder.exampleQuery(left, both);
  const similarity = query.reduce((sum, x, i) => sum + x * (right[i] ?? 0), 0);
  const percentile = session.reference.percentileOf(session.store.table, similarity, both);
  return { similarity, ...(percentile !== undefined && { percentile }) };
}

/** One vector a text; a blank one is refused with `no-text`. */
export async function embedTexts(
  { embedder }: Session,
  texts: readonly string[],
  output: VectorOutput,
  signal: AbortSignal | undefined,
): Promise<EmbedResult> {
  const inked = texts.flatMap((text, i) => (text.trim() === '' ? [] : [i]));
  // To a multimodal model the address of an image or a video is what it leads to.
  const inputOf = (text: string): EmbedInput => (embedder.multimodal ? mediaAt(text) : undefined) ?? text;
  const inputs = inked.map((i) => inputOf(texts[i] ?? ''));
  const { rows, tokens } = await embedder.embedTexts(inputs, output, signal);
  const answers = new Map(inked.map((i, k) => [i, rows[k]]));
  const parts: Record<number, number> = {};
  const refused: Record<number, { code: ErrorCode; details: ErrorDetails }> = {};
  const vectors = texts.map((_, i) => {
    const row = answers.get(i) ?? new EngineError('no-text', { path: '' });
    if (row instanceof EngineError) refused[i] = { code: row.code, details: row.details };
    else if (row.parts > 1) parts[i] = row.parts;
    return row instanceof EngineError ? undefined : row;
  });
  return {
    space: embedder.space,
    vectors: vectors.map((row) => row?.dense),
    ...(output !== 'dense' && { sparse: vectors.map((row) => row?.sparse) }),
    tokens,
    parts,
    refused,
  };
}

// ---- the example ------------------------------------------------------------------------------------------------------

export interface Part {
  readonly chunk: Pick<Chunk, 'text' | 'startLine' | 'endLine' | 'symbol'>;
  readonly vector: Float32Array;
}

/** What of an example is compared, from the index or embedded now. Throws as {@link similarTo} does. */
export async function partsOf(
  session: Session,
  source: Source,
  example: Example,
  signal: AbortSignal | undefined,
): Promise<{ readonly parts: readonly Part[]; readonly from: SimilarResult['from'] }> {
  const rows = example.text === undefined ? storedRows(session, example) : [];
  if (rows.length > 0) return { parts: storedParts(session, rows), from: 'stored' };
  return { parts: await embedParts(session, source, example, signal), from: 'embedded' };
}

/** Rows of the example's file that its lines touch; all of them for a whole file. */
export function storedRows({ overlay }: Session, { path, startLine = 1, endLine = Infinity }: Example): number[] {
  const { table } = overlay.searched();
  return table.rowsOf(path).filter((row) => {
    const chunk = table.chunks[row];
    return chunk !== undefined && chunk.startLine <= endLine && chunk.endLine >= startLine;
  });
}

function storedParts({ overlay }: Session, rows: readonly number[]): Part[] {
  const { table } = overlay.searched();
  return sample(rows).flatMap((row) => {
    const chunk = table.chunks[row];
    return chunk ? [{ chunk, vector: table.row(row) }] : [];
  });
}

async function embedParts(
  session: Session,
  source: Source,
  example: Example,
  signal: AbortSignal | undefined,
): Promise<Part[]> {
  const { chunker, embedder, store } = session;
  const read =
    example.text === undefined
      ? await source.read(example.path, { ruled: true })
      : source.fromText(example.path, example.text, example.languageId);
  if ('leftOut' in read) {
    const { path, reason, detail = '' } = read.leftOut;
    if (reason === 'image-too-large') throw notTaken(session, `image (${detail})`);
    if (reason === 'image-type') throw notTaken(session, detail);
    throw leftOutError(path, reason, detail);
  }
  const { chunks } = await chunker.chunk(read.document);
  const { startLine = 1, endLine = Infinity, text } = example;
  // Lines of a given text count from the example's first line; lines of a file from 1.
  const moved =
    text === undefined ? chunks.filter((chunk) => chunk.startLine <= endLine && chunk.endLine >= startLine) : chunks;
  if (moved.length === 0) throw new EngineError('no-text', { path: example.path });
  const taken = sample(moved);
  const { vectors, refused } = await vectorsOf(
    taken,
    embedder,
    createVectorReuse(store, embedder.parts, overlaySources(session)),
    signal,
  );
  throwRefused(refused);
  const { dimension } = embedder.space;
  return taken.map((chunk, i) => ({ chunk, vector: vectors.subarray(i * dimension, (i + 1) * dimension) }));
}

function notTaken({ embedder }: Session, feature: string): EngineError {
  return new EngineError('not-supported', { model: embedder.space.model, feature });
}

function leftOutError(path: string, reason: LeftOutReason, detail = ''): EngineError {
  if (reason === 'vanished') return new EngineError('file-not-found', { path });
  if (reason === 'unreadable') return new EngineError('file-unreadable', { path, reason: detail });
  if (reason === 'security') return new EngineError('security-file', { path, rule: detail });
  return new EngineError('no-text', { path });
}

function sample<T>(items: readonly T[]): T[] {
  if (items.length <= MAX_EXAMPLE_CHUNKS) return [...items];
  return Array.from(
    { length: MAX_EXAMPLE_CHUNKS },
    (_, i) => items[Math.floor((i * items.length) / MAX_EXAMPLE_CHUNKS)],
  ).filter((item) => item !== undefined);
}

export function placeOf({ path, startLine, endLine, text }: Example, parts: readonly Part[]): Place {
  const first = parts[0]?.chunk;
  const symbol = parts.length === 1 ? first?.symbol : undefined;
  return {
    path,
    startLine: startLine ?? first?.startLine ?? 1,
    endLine: endLine ?? parts.at(-1)?.chunk.endLine ?? 1,
    text: text ?? parts.map(({ chunk }) => chunk.text).join('\n'),
    ...(symbol !== undefined && { symbol }),
  };
}

/** Takes out of the mask the chunks that are (part of) the example itself, also through a kept snippet of it. */
export function maskExample(
  { documents, table }: Pick<Searched, 'documents' | 'table'>,
  example: Example,
  mask: RowMask | undefined,
): RowMask | undefined {
  // A kept snippet stands for the place that it was taken from.
  const own = documents.get(example.path)?.kept;
  const { path, startLine = 1, endLine = Infinity } = own ? { ...own, path: own.sourcePath } : example;
  let left = mask;
  for (const document of documents.values()) {
    if ((document.kept?.sourcePath ?? document.path) !== path) continue;
    for (const row of table.rowsOf(document.path)) {
      const chunk = table.chunks[row];
      if (!chunk || chunk.startLine > endLine || chunk.endLine < startLine) continue;
      left ??= new Uint8Array(table.count).fill(1);
      left[row] = 0;
    }
  }
  return left;
}

export function partDimensions({ embedder }: Session): number[] {
  return embedder.parts.map(({ space }) => space.dimension);
}

function hitsOf({ store, overlay, reference }: Session, found: readonly Found[], text: string, top: number): Hit[] {
  const { table, documents } = overlay.searched();
  const hits = toHits(table, documents, found, (similarity) => reference.percentileOf(store.table, similarity, text));
  return foldOverlaps(hits).slice(0, top);
}
