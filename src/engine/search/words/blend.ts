// Stage 5, hybrid: similarity and words as one score. Invariant: 1 for a row that is best in both; the same for any order of the
// rows. Cost: one pass over the rows that share a word.
import type { ChunkRows } from '../../model.ts';
import type { RowMask } from '../filter.ts';
import { topRows } from '../topRows.ts';
import type { WordScores } from './wordIndex.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Similarities are scaled between the best and this rank: what is far below says nothing about this query. */
const RANKS = 1_000;

/** What the words count for, measured on public data (README). Whoever types a name wants that name. */
const WORD_SHARE = 0.225;
const WORD_SHARE_OF_NAMES = 0.5;
/** `fooBar`, `foo_bar`, `foo.bar`, `foo::bar`, `foo(`. */
const NAME = /[a-z\d][A-Z]|[A-Za-z\d]_[A-Za-z\d]|\w(?:\.|::|->)[A-Za-z_]|\w\(/;

export function wordShareFor(query: string): number {
  return NAME.test(query) ? WORD_SHARE_OF_NAMES : WORD_SHARE;
}

/** A query's words by row, and the rows that share one. */
export type RowScores = Pick<WordScores, 'byRow' | 'rows'>;

/**
 * By row: (1 - share) * (similarity - that of rank RANKS, at least 0) / (best - that of rank RANKS) + share * words / most words; -Infinity for
 * rows that are neither among the nearest nor share a word, and outside the mask, where `similarities` is that already. At least
 * `k` rows are scored where there are.
 */
export function blend(
  table: ChunkRows,
  similarities: Float64Array | Float32Array,
  words: RowScores,
  { share, k, mask }: { readonly share: number; readonly k: number; readonly mask?: RowMask | undefined },
): Float64Array {
  const nearest = topRows(table, similarities, Math.max(k, RANKS));
  const best = nearest[0]?.similarity ?? 0;
  const low = nearest[Math.min(nearest.length, RANKS) - 1]?.similarity ?? 0;
  const span = best - low;
  const { rows, most } = mostWords(words, mask);
  const { byRow } = words;
  const blended = new Float64Array(table.count).fill(-Infinity);
  const scored = [Uint32Array.from(nearest, ({ row }) => row), rows];
  for (const some of scored) {
    for (let i = 0; i < some.length; i++) {
      const row = some[i]!;
      const similarity = similarities[row]!;
      // A row beyond that rank is as far as one at it: its words may still be all that the query names.
      const near = span > 0 ? Math.max(0, (similarity - low) / span) : Number(similarity >= best);
      const shared = most > 0 ? byRow[row]! / most : 0;
      blended[row] = (1 - share) * near + share * shared;
    }
  }
  return blended;
}

/** Rows that share a word and pass, and the most that one of them scores. */
export function mostWords(
  { byRow, rows }: RowScores,
  mask?: RowMask,
): { readonly rows: Uint32Array; readonly most: number } {
  const passing = mask ? rows.filter((row) => mask[row] !== 0) : rows;
  let most = 0;
  for (let i = 0; i < passing.length; i++) most = Math.max(most, byRow[passing[i]!]!);
  return { rows: passing, most };
}
