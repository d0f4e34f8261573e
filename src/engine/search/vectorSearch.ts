// Stage 5, the scan: the rows nearest to a query. Invariant: exactly those that a comparison of all float32 vectors would find, in
// the same order whatever the rows' order: a score of the codes comes with a bound on its error, and every row that could be among
// the best by it is compared in full. Cost: one pass over the codes, and some dozens of exact products.
import type { Scores, VectorTable } from '../model.ts';
import { dot } from './dot.ts';
import type { RowMask } from './filter.ts';
import { pushTo, replaceWorst } from './heap.ts';
import { byScore, type Found } from './topRows.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** The `k` nearest rows among those of the mask, best first; ties by path, line and text. Throws `internal` for a query of another length. */
export function topK(table: VectorTable, query: Float32Array, k: number, mask?: RowMask): Found[] {
  if (k <= 0) return [];
  const { scores, marginOf, maxMargin } = scanRows(table, query, mask);
  const floor = sureFloor(scores, marginOf, k);
  const wide = Float64Array.from(query);
  const found: Found[] = [];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score === -Infinity || score + maxMargin < floor || score + marginOf(row) < floor) continue;
    found.push({ row, similarity: dot(table.row(row), wide) });
  }
  return found.sort(byScore(table.chunks)).slice(0, k);
}

/** Approximate similarities by row; -Infinity outside the mask. */
export function scanRows(table: VectorTable, query: Float32Array, mask?: RowMask): Scores {
  if (!mask) return table.scan(query);
  const rows = rowsOf(mask);
  if (2 * rows.length > table.count) {
    const scan = table.scan(query);
    for (let row = 0; row < mask.length; row++) if (mask[row] === 0) scan.scores[row] = -Infinity;
    return scan;
  }
  const listed = table.scan(query, rows);
  const scores = new Float32Array(table.count).fill(-Infinity);
  for (let i = 0; i < rows.length; i++) scores[rows[i]!] = listed.scores[i]!;
  return { ...listed, scores };
}

function rowsOf(mask: RowMask): Uint32Array {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] !== 0) rows[count++] = row;
  return rows.subarray(0, count);
}

const isLess = (a: number, b: number): boolean => a < b;

/** What `k` rows surely reach: the k-th largest lower bound; -Infinity with fewer rows. */
function sureFloor(scores: Float32Array, marginOf: Scores['marginOf'], k: number): number {
  const heap: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score === -Infinity || (heap.length === k && score <= heap[0]!)) continue;
    const lower = score - marginOf(row);
    if (heap.length < k) pushTo(heap, lower, isLess);
    else if (lower > heap[0]!) replaceWorst(heap, lower, isLess);
  }
  return heap.length === k ? heap[0]! : -Infinity;
}
