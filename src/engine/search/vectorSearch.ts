// Stage 5, the scan: exact dot products of one query with every row. Invariant: the same table and query give the same rows in
// the same order, whatever the rows' order. Cost: see dotProducts.ts; the filter is asked only about rows that would be
// among the best.
import type { StoredChunk, VectorTable } from '../model.ts';
import { dotProducts } from './dotProducts.ts';
import { topRows, type Found } from './topRows.ts';

/** The `k` best rows that `accept` lets through, best first; ties by path, line and text. Throws `internal` for a query of another length. */
export function topK(
  table: VectorTable,
  query: Float32Array,
  k: number,
  accept?: (chunk: StoredChunk, row: number) => boolean,
): Found[] {
  return topRows(table, dotProducts(table, query), k, accept);
}
