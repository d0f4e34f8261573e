// Stage 5, hybrid: similarity and words as one score. Invariant: 1 for a row that is best in both; the same for any order of the
// rows. Cost: one pass over the rows.
import type { ChunkRows } from '../../model.ts';
import type { RowMask } from '../filter.ts';
import { topRows } from '../topRows.ts';

/** Similarities are scaled between the best and this rank: what is far below says nothing about this query. */
const RANKS = 200;

/** What the words count for, measured on public data (README). Whoever types a name wants that name. */
const WORD_SHARE = 0.3;
const WORD_SHARE_OF_NAMES = 0.5;
/** `fooBar`, `foo_bar`, `foo.bar`, `foo::bar`, `foo(`. */
const NAME = /[a-z\d][A-Z]|[A-Za-z\d]_[A-Za-z\d]|\w(?:\.|::|->)[A-Za-z_]|\w\(/;

export function wordShareFor(query: string): number {
  return NAME.test(query) ? WORD_SHARE_OF_NAMES : WORD_SHARE;
}

/**
 * By row: (1 - share) * (similarity - that of rank 200) / (best - that of rank 200) + share * words / most words; -Infinity for
 * rows that are neither among the nearest nor share a word, and outside the mask, where `similarities` is that already. At least
 * `k` rows are scored where there are.
 */
export function blend(
  table: ChunkRows,
  similarities: Float64Array | Float32Array,
  words: Float64Array,
  { share, k, mask }: { readonly share: number; readonly k: number; readonly mask?: RowMask | undefined },
): Float64Array {
  const nearest = topRows(table, similarities, Math.max(k, RANKS));
  const best = nearest[0]?.similarity ?? 0;
  const low = nearest[Math.min(nearest.length, RANKS) - 1]?.similarity ?? 0;
  const span = best - low;
  const passing = mostWords(table, words, mask);
  const blended = new Float64Array(table.count).fill(-Infinity);
  const put = (row: number): void => {
    const similarity = similarities[row] ?? 0;
    const near = span > 0 ? (similarity - low) / span : Number(similarity >= best);
    const shared = passing.most > 0 ? (words[row] ?? 0) / passing.most : 0;
    blended[row] = (1 - share) * near + share * shared;
  };
  for (const { row } of nearest) put(row);
  for (const row of passing.rows) put(row);
  return blended;
}

/** Rows that share a word and pass, and the most that one of them scores. */
export function mostWords(
  { count }: ChunkRows,
  words: Float64Array,
  mask?: RowMask,
): { readonly rows: number[]; readonly most: number } {
  const rows: number[] = [];
  let most = 0;
  for (let row = 0; row < count; row++) {
    const score = words[row] ?? 0;
    if (score <= 0 || mask?.[row] === 0) continue;
    rows.push(row);
    if (score > most) most = score;
  }
  return { rows, most };
}
