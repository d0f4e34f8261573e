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
  const wide = Float64Array.from(query);
  const found = candidates(scanRows(table, query, mask), k).map((row): Found => ({
    row,
    similarity: dot(table.row(row), wide),
  }));
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

/** The rows that could be among the `k` best: all whose upper bound reaches what `k` rows surely have. */
function candidates({ scores, marginOf, maxMargin }: Scores, k: number): number[] {
  /** The `k` largest lower bounds so far. */
  const sure: number[] = [];
  let floor = -Infinity;
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score === -Infinity || score + maxMargin < floor) continue;
    rows.push(row);
    const lower = score - marginOf(row);
    if (sure.length < k) pushTo(sure, lower, isLess);
    else if (lower > floor) replaceWorst(sure, lower, isLess);
    if (sure.length === k) floor = sure[0]!;
  }
  return rows.filter((row) => scores[row]! + marginOf(row) >= floor);
}
