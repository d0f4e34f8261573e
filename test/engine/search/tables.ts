// Seeded tables for the tests of search.
import type { ChunkKind, DocumentRecord, StoredChunk } from '../../../src/engine/model.ts';
import { type RowTable, vectorTable } from '../../support/vectorTable.ts';
import { seeded, unitVector } from '../store/storeFixtures.ts';

export function chunkOf(path: string, line: number, more: Partial<StoredChunk> = {}): StoredChunk {
  const text = `text ${path} ${line}`;
  return { path, startLine: line, endLine: line + 4, text, kind: 'lines', hash: text, ...more };
}

/** `perFile` chunks a file, vectors at random. */
export function makeTable(count: number, dimension: number, seed: number, perFile = 5): RowTable {
  const random = seeded(seed);
  const vectors = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) vectors.set(unitVector(random, dimension), row * dimension);
  const kinds: readonly ChunkKind[] = ['function', 'class', 'lines'];
  const chunks = Array.from({ length: count }, (_, row) =>
    chunkOf(`src/f${Math.floor(row / perFile)}.ts`, (row % perFile) * 5 + 1, { kind: kinds[row % 3]! }),
  );
  return vectorTable(dimension, vectors, chunks);
}

/** The same rows in another order. */
export function shuffled(table: RowTable, seed: number): RowTable {
  const random = seeded(seed);
  const rows = Array.from({ length: table.count }, (_, row) => row);
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  const { dimension } = table;
  const vectors = new Float32Array(table.vectors.length);
  rows.forEach((row, i) => vectors.set(table.vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return vectorTable(dimension, vectors, rows.map((row) => table.chunks[row]!)); // prettier-ignore
}

export function documentsOf(entries: Readonly<Record<string, Partial<DocumentRecord>>>): Map<string, DocumentRecord> {
  return new Map(
    Object.entries(entries).map(([path, more]) => [
      path,
      { path, languageId: 'plaintext', hash: path, size: 1, mtimeMs: 1, cjkLetters: 0, ...more },
    ]),
  );
}
