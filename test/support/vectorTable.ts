// A VectorTable of given rows in a given order, as a store keeps them.
import { CodeMatrix } from '../../src/engine/matrix/codeMatrix.ts';
import type { StoredChunk, VectorTable } from '../../src/engine/model.ts';

export interface RowTable extends VectorTable {
  readonly vectors: Float32Array;
}

/** `vectors` is chunks.length x dimension. */
export function vectorTable(dimension: number, vectors: Float32Array, chunks: readonly StoredChunk[]): RowTable {
  const matrix = new CodeMatrix(dimension);
  const view = (row: number): Float32Array => vectors.subarray(row * dimension, (row + 1) * dimension);
  const rows = new Map<string, number[]>();
  matrix.reserve(chunks.length);
  for (const [row, { path }] of chunks.entries()) {
    matrix.set(row, view(row));
    const known = rows.get(path);
    if (known) known.push(row);
    else rows.set(path, [row]);
  }
  return {
    dimension,
    count: chunks.length,
    vectors,
    chunks,
    revision: 1,
    rowsOf: (path) => rows.get(path) ?? [],
    scan: (query, listed) => (listed ? matrix.scanListed(query, listed) : matrix.scan(query, chunks.length)),
    row: (row) => view(row).slice(),
    roughRow: (row) => matrix.decode(row),
  };
}
