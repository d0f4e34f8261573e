// Stage 6, the rows of a graph's items in the memory of the kernel. Invariant: a product is that of the unit vectors to 0.00003, times
// ONE; the same rows give the same products in any order. Cost: 2 bytes x dimension a row.
import { createPairKernel, LISTED_AT_ONCE, ONE, type PairKernel, UNIT } from './pairKernel.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export class PairRows {
  private readonly width: number;
  private readonly list: number;
  private readonly out: readonly [number, number];
  private readonly rows: number;
  private listed = 0;
  private integers: Int32Array;

  /** Room for `capacity` rows. Throws RangeError where there is no such memory. */
  constructor(
    readonly dimension: number,
    readonly capacity: number,
    private readonly kernel: PairKernel = createPairKernel(),
  ) {
    this.width = 16 * Math.ceil(dimension / 8);
    const listBytes = 16 * Math.ceil((capacity + LISTED_AT_ONCE) / 4);
    this.list = 0;
    this.out = [listBytes, 2 * listBytes];
    this.rows = 3 * listBytes;
    kernel.grow(this.rows + capacity * this.width);
    this.integers = new Int32Array(kernel.buffer);
  }

  /** `vector` may have any length; one of zeros is near nothing. */
  set(row: number, vector: Float32Array): void {
    quantize(vector, this.integersOf(row));
  }

  /** Puts in the first rows as {@link quantize} made them, `dimension` numbers each. */
  setAll(integers: Int16Array): void {
    for (let row = 0; row < integers.length / this.dimension; row++) {
      this.integersOf(row).set(integers.subarray(row * this.dimension, (row + 1) * this.dimension));
    }
  }

  /** A view, valid until the memory grows. */
  integersOf(row: number): Int16Array {
    return new Int16Array(this.kernel.buffer, this.addressOf(row), this.dimension);
  }

  /** Says which rows the next {@link compare} is with. */
  listRows(rows: ArrayLike<number>, count: number): void {
    for (let i = 0; i < count; i++) this.integers[this.list / 4 + i] = this.addressOf(rows[i]!);
    // The kernel takes four at a time: any row fills up.
    for (let i = count; i % LISTED_AT_ONCE !== 0; i++) this.integers[this.list / 4 + i] = this.addressOf(rows[0] ?? 0);
    this.listed = count;
  }

  /** Products of rows `p` and `q` with the listed rows; views, valid until the next call. */
  compare(p: number, q: number): readonly [Int32Array, Int32Array] {
    const [outP, outQ] = this.out;
    const count = LISTED_AT_ONCE * Math.ceil(this.listed / LISTED_AT_ONCE);
    this.kernel.pairs(this.addressOf(p), this.addressOf(q), this.list, count, this.width, outP, outQ);
    return [
      this.integers.subarray(outP / 4, outP / 4 + this.listed),
      this.integers.subarray(outQ / 4, outQ / 4 + this.listed),
    ];
  }

  private addressOf(row: number): number {
    return this.rows + row * this.width;
  }
}

/** A vector as a row: of length UNIT, in integers. A zero vector stays one. */
export function quantize(vector: ArrayLike<number>, into: Int16Array): void {
  let squares = 0;
  for (let i = 0; i < into.length; i++) squares += vector[i]! * vector[i]!;
  const factor = squares > 0 ? UNIT / Math.sqrt(squares) : 0;
  for (let i = 0; i < into.length; i++) into[i] = Math.round(vector[i]! * factor);
}

export function cosineOf(product: number): number {
  return product / ONE;
}

export function productOf(cosine: number): number {
  return Math.round(cosine * ONE);
}
