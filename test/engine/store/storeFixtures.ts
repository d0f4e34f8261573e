// Documents with seeded vectors for the store's tests, and a comparison of what two stores hold.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CoverageEntry, DocumentRecord, EmbeddingSpace, StoredChunk } from '../../../src/engine/model.ts';
import type { FileSystem } from '../../../src/engine/store/durableFiles.ts';
import { faultyFileSystem } from './faultyFileSystem.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';

export const DIMENSION = 16;

export function spaceOf(dimension = DIMENSION): EmbeddingSpace {
  return { provider: 'local', model: 'test-model', dimension, output: 'dense', prompt: 'none-1', chunkerVersion: 1 };
}

/** Mulberry32: a seeded generator of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function unitVector(random: () => number, dimension = DIMENSION): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => random() - 0.5);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

export interface TestDocument {
  readonly document: DocumentRecord;
  readonly chunks: StoredChunk[];
  readonly vectors: Float32Array;
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A document whose texts and vectors depend on path and version alone. */
export function makeDocument(
  documentPath: string,
  version: number,
  count: number,
  dimension = DIMENSION,
): TestDocument {
  const chunks = Array.from({ length: count }, (_, i): StoredChunk => {
    const text = `${documentPath} v${version} 第${i}块 "quoted" \\ \u{1f600}`;
    return {
      path: documentPath,
      startLine: i * 10 + 1,
      endLine: i * 10 + 10,
      text,
      kind: i % 2 === 0 ? 'function' : 'lines',
      ...(i % 3 === 0 && { symbol: `symbol${i}` }),
      ...(i % 4 === 0 && { context: `class C${i}` }),
      hash: sha(text),
    };
  });
  const vectors = new Float32Array(count * dimension);
  chunks.forEach((chunk, i) => vectors.set(vectorOfHash(chunk.hash, dimension), i * dimension));
  const document = {
    path: documentPath,
    languageId: 'typescript',
    hash: sha(`${documentPath} ${version}`),
    size: 100 + version,
    mtimeMs: 1_700_000_000_000 + version,
    cjkLetters: count,
  };
  return { document, chunks, vectors };
}

export function vectorOfHash(hash: string, dimension = DIMENSION): Float32Array {
  return unitVector(seeded(parseInt(hash.slice(0, 8), 16)), dimension);
}

export async function put(store: VectorStore, { document, chunks, vectors }: TestDocument): Promise<void> {
  await store.replaceDocument(document, chunks, vectors);
}

/** In the place of all that the store holds. */
export async function putAll(
  store: VectorStore,
  { document, chunks, vectors }: TestDocument,
  signal?: AbortSignal,
): Promise<void> {
  await store.replaceAll(document, chunks, vectors, signal);
}

/** All that a store answers, in a form that two stores can be compared by. */
export interface Snapshot {
  readonly documents: Record<string, { record: DocumentRecord; chunks: (StoredChunk & { vector: string })[] }>;
  readonly coverage: CoverageEntry[];
}

export function snapshotOf(store: VectorStore): Snapshot {
  const { table } = store;
  const documents: Snapshot['documents'] = {};
  for (const documentPath of [...store.documents.keys()].sort()) {
    const chunks = store.rowsOf(documentPath).map((row) => {
      return { ...table.chunks[row]!, vector: Buffer.from(table.row(row).buffer).toString('hex') };
    });
    documents[documentPath] = { record: store.documents.get(documentPath)!, chunks };
  }
  return { documents, coverage: store.coverage() };
}

/** Flushes nothing unless a file system is given: tests end processes, not the power. */
export function openTestStore(
  folder: string,
  fs: FileSystem = faultyFileSystem().fs,
  now: () => number = Date.now,
  vectorMemoryBytes?: number,
): Promise<VectorStore> {
  const space = spaceOf();
  const memory = vectorMemoryBytes === undefined ? {} : { vectorMemoryBytes };
  return openStore({ folder, space, partDimensions: [space.dimension], fs, now, ...memory });
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'vectorscope-store-'));
}

export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** A copy of an index without its lock, as after a kill and a reboot. */
export function copyIndex(from: string, to: string): void {
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true, filter: (file) => !file.includes('writer.lock') });
}
