// source -> chunk -> embed -> store for the documents of a plan. Invariant: a document counts as done only once its vectors
// are on disk; what was finished before an abort stays. Cost: the embedding; reading, chunking and storing run beside it.
import { setMaxListeners } from 'node:events';
import { Gate, Load } from './flow.ts';
import type { Chunker } from './chunk/chunker.ts';
import type { Embedder } from './embed/embedder.ts';
import { EngineError, isCancelled, throwIfAborted, toEngineError, type ErrorCode } from './errors.ts';
import type { IndexPlan, PendingDocument } from './indexPlan.ts';
import {
  embedInputOf,
  type Asked,
  type Chunk,
  type DocumentRecord,
  type LeftOut,
  type SourceDocument,
  type StoredChunk,
} from './model.ts';
import { countCjkLetters } from './cjk.ts';
import { sparseToText } from './search/sparse/sparseText.ts';
import type { Source } from './source/source.ts';
import type { VectorStore } from './store/store.ts';
import type { VectorReuse } from './vectorReuse.ts';

export interface IndexerParts {
  readonly source: Source;
  readonly chunker: Chunker;
  readonly embedder: Embedder;
  readonly store: VectorStore;
  readonly reuse: VectorReuse;
}

export interface IndexCounts {
  documentsDone: number;
  bytesDone: number;
  embedded: number;
  reused: number;
  tokens: number;
  currentPath: string | undefined;
}

export interface IndexerHooks {
  readonly signal: AbortSignal;
  /** Closed while the user paused. */
  readonly gate: Gate;
  /** Called after each change of `counts`; cheap work only. */
  onProgress(counts: Readonly<IndexCounts>): void;
  onIndexed(path: string): void;
}

/** These make every further document fail too, so the run ends. */
const FATAL: ReadonlySet<ErrorCode> = new Set([
  'weights-missing', 'weights-corrupt', 'runtime-unavailable', 'storage-failed', 'index-locked', 'index-read-only', 'unknown-model', 'dimension-not-allowed',
  'key-missing', 'key-refused', 'access-denied', 'billing-stopped', 'network-failed', 'request-refused', 'bad-endpoint', 'consent-needed',
  'budget-reached', 'not-supported',
]); // prettier-ignore

/** So many retired vectors a store keeps whatever their dimension (up to 4,096); of more, some would be lost. */
const MANY_ROWS = 4_000;

/** A model that fails this often in a row is broken, not the documents. */
const MAX_FAILURES_IN_A_ROW = 5;

/**
 * Carries out a plan. Resolves with what failed, document by document; throws `cancelled` or the first fatal error once
 * everything under way has settled.
 */
export async function runIndexer(
  parts: IndexerParts,
  plan: IndexPlan,
  counts: IndexCounts,
  hooks: IndexerHooks,
): Promise<LeftOut[]> {
  const { store, embedder } = parts;
  for (const file of plan.touched) store.touchDocument(file.path, file.size, file.mtimeMs);
  // Where much is gone, most of it has moved (a folder's new name): its vectors stay at hand until they have been found again.
  const isMove = plan.pending.length > 0 && rowsOf(store, plan.removed) > MANY_ROWS;
  if (!isMove) await remove(store, plan.removed);
  store.recordLeftOut(plan.leftOut, plan.whole);
  // A run that is stopped leaves behind what it did not come to, so that the share of what is indexed stays true.
  const notYet = plan.pending.filter(({ path }) => (store.documents.get(path)?.hash ?? UNFINISHED) === UNFINISHED);
  store.recordLeftOut(
    notYet.map(({ path, asked }) => ({ path, reason: 'not-indexed-yet', ...(asked && { asked }) })),
    false,
  );

  const failed: LeftOut[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([hooks.signal, stop.signal]);
  setMaxListeners(0, signal); // one for each text under way is no leak
  const load = new Load(embedder.preferredInFlight);
  const running = new Set<Promise<void>>();
  let fatal: EngineError | undefined;
  let failuresInARow = 0;

  const finish = (pending: PendingDocument, error: unknown): void => {
    const coded = error === undefined ? undefined : toEngineError(error);
    if (coded?.code === 'cancelled') return;
    counts.documentsDone++;
    counts.bytesDone += pending.size;
    const isBroken = coded !== undefined && coded.code !== 'row-refused';
    failuresInARow = isBroken ? failuresInARow + 1 : 0;
    if (coded && (FATAL.has(coded.code) || failuresInARow >= MAX_FAILURES_IN_A_ROW)) {
      fatal ??= coded;
      // What is under way then was paid for: it is waited for.
      if (coded.code !== 'budget-reached') stop.abort();
    } else if (coded) {
      const { path, asked } = pending;
      const leftOut: LeftOut = { path, reason: 'embedding-failed', detail: detailOf(coded), ...(asked && { asked }) };
      failed.push(leftOut);
      store.recordLeftOut([leftOut], false);
    }
    hooks.onProgress(counts);
  };

  for (const pending of plan.pending) {
    if (fatal) break;
    try {
      await hooks.gate.passed(signal);
      await load.room(signal);
    } catch (error) {
      if (isCancelled(error)) break;
      throw error;
    }
    const job = indexDocument(parts, pending, counts, { ...hooks, signal }, load).then(
      () => finish(pending, undefined),
      (error: unknown) => finish(pending, error),
    );
    running.add(job);
    void job.finally(() => running.delete(job));
  }
  await Promise.all(running);
  if (isMove && fatal?.code !== 'storage-failed') await remove(store, plan.removed);
  if (fatal) throw fatal;
  throwIfAborted(hooks.signal);
  return failed;
}

async function remove(store: VectorStore, paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await store.removeDocuments(paths);
}

function rowsOf(store: VectorStore, paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + store.rowsOf(path).length, 0);
}

function detailOf({ code, details }: EngineError): string {
  return code === 'row-refused' ? `${code}: ${String(details['reason'])}` : code;
}

async function indexDocument(
  { source, chunker, embedder, store, reuse }: IndexerParts,
  pending: PendingDocument,
  counts: IndexCounts,
  hooks: IndexerHooks,
  load: Load,
): Promise<void> {
  const ticket = load.take(1); // until the chunks are known
  try {
    const result = await source.read(pending.path, { ruled: true, insist: pending.asked === 'insisted' });
    throwIfAborted(hooks.signal);
    if ('leftOut' in result) {
      await leaveOut(store, result.leftOut);
      return;
    }
    counts.currentPath = pending.path;
    const { chunks } = await chunker.chunk(result.document);
    if (chunks.length === 0) {
      await leaveOut(store, noText(result.document));
      return;
    }
    const found = await vectorsOf(chunks, embedder, reuse, hooks.signal, {
      urgent: false,
      onMissing: (texts) => ticket.resize(texts),
    });
    ticket.release();
    const { kept, vectors } = withoutRefused(chunks, found, embedder.space.dimension);
    counts.tokens += found.tokens;
    const failure = failureIn(found.refused);
    if (failure && found.embedded === 0) throw failure;
    if (kept.length > 0) {
      const whole = recordOf(result.document, pending.asked);
      // What a service was paid for is kept: the next run reads the document again and sends only the rest.
      const record = failure ? { ...whole, hash: UNFINISHED, mtimeMs: -1 } : whole;
      await store.replaceDocument(record, storedChunks(record.path, kept, found.sparse), vectors);
      counts.embedded += found.embedded;
      counts.reused += kept.length - found.embedded;
      hooks.onIndexed(pending.path);
    }
    if (failure) {
      store.recordLeftOut([{ path: pending.path, reason: 'not-indexed-yet' }], false);
      throw failure;
    }
    if (kept.length < chunks.length) throw refusal(chunks, found.refused);
  } finally {
    ticket.release();
  }
}

/** Removing takes a path's line away: it comes first. */
async function leaveOut(store: VectorStore, leftOut: LeftOut): Promise<void> {
  if (store.documents.has(leftOut.path)) await store.removeDocuments([leftOut.path]);
  store.recordLeftOut([leftOut], false);
}

/** In place of the hash of a document whose vectors are not all there: no text has it. */
const UNFINISHED = '';

export interface FoundVectors {
  /** chunks.length x dimension. */
  readonly vectors: Float32Array;
  readonly embedded: number;
  readonly tokens: number;
  /** Text hash -> why there is no vector for it (see `PartResult.refused`): its rows are zero. */
  readonly refused: ReadonlyMap<string, EngineError>;
  /** Text hash -> sparse vector, as it is stored; in a space that has them. */
  readonly sparse: ReadonlyMap<string, string>;
}

/**
 * One vector a chunk: reused by text hash where the space (or, for one half, the space of that half alone) has it,
 * otherwise embedded; equal texts of the document are embedded once. `urgent`: not behind what a run embeds, as somebody waits.
 */
export async function vectorsOf(
  chunks: readonly Chunk[],
  embedder: Embedder,
  reuse: VectorReuse,
  signal: AbortSignal | undefined,
  { urgent = true, onMissing }: { readonly urgent?: boolean; readonly onMissing?: (texts: number) => void } = {},
): Promise<FoundVectors> {
  const { dimension } = embedder.space;
  const first = new Map<string, number>();
  chunks.forEach(({ hash }, i) => {
    if (!first.has(hash)) first.set(hash, i);
  });
  const vectors = new Float32Array(chunks.length * dimension);
  const embeddedHashes = new Set<string>();
  const refused = new Map<string, EngineError>();
  const sparse = new Map<string, string>();
  const isSparse = embedder.space.output === 'dense+sparse';
  let tokens = 0;
  const missingByPart = embedder.parts.map((part, p) =>
    [...first].filter(([hash, row]) => {
      const known = reuse.find(p, hash);
      const knownSparse = isSparse ? reuse.findSparse(hash) : undefined;
      if (!known || (isSparse && knownSparse === undefined)) return true;
      vectors.set(known, row * dimension + part.offset);
      if (knownSparse !== undefined) sparse.set(hash, knownSparse);
      return false;
    }),
  );
  onMissing?.(missingByPart.reduce((sum, missing) => sum + missing.length, 0));
  await Promise.all(
    missingByPart.map(async (missing, p) => {
      const part = embedder.parts[p];
      if (part === undefined || missing.length === 0) return;
      const inputs = missing.flatMap(([, row]) => chunks.slice(row, row + 1).map(embedInputOf));
      const result = await embedder.embedPart(p, inputs, signal, urgent);
      tokens += result.tokens;
      missing.forEach(([hash, row], i) => {
        const refusal = result.refused?.get(i);
        if (refusal) {
          refused.set(hash, refusal);
          return;
        }
        embeddedHashes.add(hash);
        const own = result.sparse?.[i];
        if (own) sparse.set(hash, sparseToText(own));
        const width = part.space.dimension;
        vectors.set(result.vectors.subarray(i * width, (i + 1) * width), row * dimension + part.offset);
      });
    }),
  );
  chunks.forEach(({ hash }, row) => {
    const original = first.get(hash) ?? row;
    if (original !== row) vectors.copyWithin(row * dimension, original * dimension, (original + 1) * dimension);
  });
  return { vectors, embedded: embeddedHashes.size, tokens, refused, sparse };
}

/** For an example of the user: without a vector for each of its pieces there is no answer. */
export function throwRefused(refused: ReadonlyMap<string, EngineError>): void {
  const [first] = refused.values();
  if (first) throw failureIn(refused) ?? first;
}

/** What failed besides single texts: the cause, rather than what was not sent because of it. */
function failureIn(refused: ReadonlyMap<string, EngineError>): EngineError | undefined {
  const failures = [...refused.values()].filter(({ code }) => code !== 'row-refused');
  return failures.find(({ code }) => code !== 'cancelled') ?? failures[0];
}

/** The chunks that have a vector, with their rows. */
function withoutRefused(
  chunks: readonly Chunk[],
  { vectors, refused }: FoundVectors,
  dimension: number,
): { kept: readonly Chunk[]; vectors: Float32Array } {
  if (refused.size === 0) return { kept: chunks, vectors };
  const rows = chunks.flatMap(({ hash }, row) => (refused.has(hash) ? [] : [row]));
  const kept = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => kept.set(vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return { kept: rows.flatMap((row) => chunks.slice(row, row + 1)), vectors: kept };
}

/** Says which lines of a document the service refused, and why; the rest of it is in the index. */
function refusal(chunks: readonly Chunk[], refused: ReadonlyMap<string, EngineError>): EngineError {
  const [first, ...others] = chunks.filter(({ hash }) => refused.has(hash));
  const why = first && refused.get(first.hash);
  if (first?.image) return why ?? new EngineError('row-refused', { reason: '' });
  const lines = first ? `${first.startLine}-${first.endLine}${others.length > 0 ? ` +${others.length}` : ''}` : '';
  return new EngineError('row-refused', {
    reason: `${String(why?.details['reason'] ?? why?.code ?? '')}, lines ${lines}`,
  });
}

export function recordOf(document: SourceDocument, asked?: Asked): DocumentRecord {
  const { path, languageId, hash, size, mtimeMs, truncatedAtBytes } = document;
  return {
    path,
    languageId,
    hash,
    size,
    mtimeMs,
    cjkLetters: countCjkLetters(document.text),
    ...(truncatedAtBytes !== undefined && { truncatedAtBytes }),
    ...(asked && { asked }),
  };
}

export function storedChunks(
  path: string,
  chunks: readonly Chunk[],
  sparse: ReadonlyMap<string, string>,
): StoredChunk[] {
  return chunks.map(({ startLine, endLine, text, kind, symbol, context, hash }) => ({
    path,
    startLine,
    endLine,
    text,
    kind,
    hash,
    ...(symbol !== undefined && { symbol }),
    ...(context !== undefined && { context }),
    ...withSparse(sparse.get(hash)),
  }));
}

function withSparse(sparse: string | undefined): Pick<StoredChunk, 'sparse'> {
  return sparse === undefined ? {} : { sparse };
}

function noText({ path, size, mtimeMs }: SourceDocument): LeftOut {
  return { path, reason: 'no-text', size, mtimeMs };
}
