// A session over given texts, for answers about a whole index: vectors by their words, no model, no disk.
import { createHash } from 'node:crypto';
import { Analyst } from '../../src/engine/analysis/analyst.ts';
import { TASKS, type RunTask } from '../../src/engine/analysis/tasks.ts';
import { throwIfAborted } from '../../src/engine/errors.ts';
import type { ChunkKind, DocumentRecord, StoredChunk, VectorTable } from '../../src/engine/model.ts';
import { Overlay } from '../../src/engine/overlay.ts';
import { createReference } from '../../src/engine/search/percentile.ts';
import type { Session } from '../../src/engine/session.ts';
import { SessionLayouts } from '../../src/engine/sessionLayouts.ts';
import { SessionWords } from '../../src/engine/sessionWords.ts';
import { meaningVector, textFeatures } from './meaningVectors.ts';
import { vectorTable } from './vectorTable.ts';

export interface TextAt {
  readonly path: string;
  readonly text: string;
  /** The line after the document's last one by default. */
  readonly startLine?: number;
  readonly kind?: ChunkKind;
  readonly context?: string;
  readonly kept?: true;
}

export const DIMENSION = 256;

/** `sidecars`: the files beside the index, which outlive the session. */
export function analysisSession(
  texts: readonly TextAt[],
  sidecars = new Map<string, Buffer>(),
  run: RunTask = runHere,
): Session {
  const lastLine = new Map<string, number>();
  const chunks = texts.map(({ path, text, startLine = (lastLine.get(path) ?? 0) + 1, kind = 'paragraph', context }) => {
    const endLine = startLine + text.split('\n').length - 1;
    lastLine.set(path, endLine);
    const hash = hashOf(`${context ?? ''}\n${text}`);
    return { path, startLine, endLine, text, kind, hash, ...(context !== undefined && { context }) };
  });
  const vectors = new Float32Array(chunks.length * DIMENSION);
  chunks.forEach(({ text }, i) => vectors.set(vectorOf(text), i * DIMENSION));
  const table = vectorTable(DIMENSION, vectors, chunks);
  const documents = new Map(texts.map((text) => [text.path, recordOf(text, chunks)]));
  return sessionOver(table, documents, sidecars, run);
}

/** The same over any table. */
export function sessionOver(
  table: VectorTable,
  documents: ReadonlyMap<string, DocumentRecord>,
  sidecars = new Map<string, Buffer>(),
  run: RunTask = runHere,
): Session {
  const rowOfHash = new Map(table.chunks.map(({ hash }, row) => [hash, row]));
  const store = {
    table,
    documents,
    rowsOf: (path: string) => table.rowsOf(path),
    counts: () => ({ indexed: documents.size, excluded: 0, skipped: 0, failed: 0 }),
    readSidecar: (name: string) => Promise.resolve(sidecars.get(name)),
    writeSidecar: (name: string, parts: readonly Buffer[]) => {
      sidecars.set(name, Buffer.concat(parts));
      return Promise.resolve();
    },
    findVector: (hash: string) => {
      const row = rowOfHash.get(hash);
      return row === undefined ? undefined : table.row(row);
    },
  };
  const analyst = new Analyst(store, run);
  const words = new SessionWords(store as unknown as Session['store']);
  const embedder = {
    parts: [{ space: { dimension: table.dimension }, offset: 0 }],
    exampleQuery: (row: Float32Array) => row,
  };
  return {
    store,
    embedder,
    analyst,
    layouts: new SessionLayouts(store, analyst),
    reference: createReference((row) => row),
    words,
    overlay: new Overlay(store as unknown as Session['store'], words),
  } as unknown as Session;
}

/** In this thread. */
const runHere: RunTask = (name, input, signal, progress) => {
  throwIfAborted(signal);
  return Promise.resolve(TASKS[name](input, progress));
};

function vectorOf(text: string): number[] {
  return meaningVector(textFeatures(text), text, { space: 'test', dimension: DIMENSION, unitLength: true });
}

function recordOf({ path, kept }: TextAt, chunks: readonly StoredChunk[]): DocumentRecord {
  const own = chunks.filter((chunk) => chunk.path === path);
  return {
    path,
    languageId: 'plaintext',
    hash: hashOf(own.map(({ text }) => text).join('\n')),
    size: 1,
    mtimeMs: 1,
    cjkLetters: 0,
    ...(kept && { kept: { sourcePath: 'source.md', startLine: 1, endLine: 1 } }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
