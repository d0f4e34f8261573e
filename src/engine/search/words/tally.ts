// Stage 5, words: the sums of one question, in arrays that the next one uses again. Invariant: between questions every score is 0;
// a slot is in `touched` once it has one. Cost: 20 bytes a slot, 12 a row; a question costs the slots that it touches.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** Of BM25 (Robertson and Zaragoza 2009): how soon more of the same word stops to count; how much a text's length does. */
export const K1 = 0.9;
const B = 0.6;

/** What BM25 sets against the times of a word, since longer texts hold more by chance. */
function normOf(length: number, meanLength: number): number {
  return K1 * (1 - B + (B * length) / meanLength);
}

/** What a word that a text holds so often counts for. */
export function bm25(weight: number, times: number, length: number, meanLength: number): number {
  return (weight * times * (K1 + 1)) / (times + normOf(length, meanLength));
}

export class Tally {
  /** By slot. */
  readonly scores: Float64Array;
  /** By slot, see {@link normOf}. */
  readonly norms: Float64Array;
  readonly touched: Uint32Array;
  count = 0;
  private readonly byRow: Float64Array;
  private readonly rows: Uint32Array;
  private answered = 0;

  constructor(lengths: Uint32Array, meanLength: number, rowCount: number) {
    this.scores = new Float64Array(lengths.length);
    this.norms = Float64Array.from(lengths, (length) => normOf(length, meanLength));
    this.touched = new Uint32Array(lengths.length);
    this.byRow = new Float64Array(rowCount);
    this.rows = new Uint32Array(rowCount);
  }

  /** Ends a question: its scores by row, and the rows that have one. The arrays hold until the next question ends. */
  take(rowOf: Int32Array): { readonly byRow: Float64Array; readonly rows: Uint32Array } {
    const { scores, touched, byRow, rows } = this;
    for (let i = 0; i < this.answered; i++) byRow[rows[i]!] = 0;
    let count = 0;
    for (let i = 0; i < this.count; i++) {
      const slot = touched[i]!;
      const row = rowOf[slot]!;
      if (row >= 0) {
        byRow[row] = scores[slot]!;
        rows[count++] = row;
      }
      scores[slot] = 0;
    }
    this.count = 0;
    this.answered = count;
    return { byRow, rows: rows.subarray(0, count) };
  }
}
