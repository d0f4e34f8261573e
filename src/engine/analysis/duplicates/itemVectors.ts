// Stage 6, cosines of any two items, also where no edge of the graph leads. Invariant: to 0.00003; an item without a vector is near nothing.
// Cost: a product a pair; a copy of all rows for the kernel once one is compared with all.
import { cosineOf, PairRows, productOf } from '../graph/pairRows.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export class ItemVectors {
  private readonly count: number;
  private rows: PairRows | undefined;

  /** `integers`: rows of `quantize`, count x dimension. */
  constructor(
    private readonly integers: Int16Array,
    private readonly dimension: number,
  ) {
    this.count = integers.length / dimension;
  }

  cosine(a: number, b: number): number {
    const { integers, dimension } = this;
    let product = 0;
    for (let d = 0; d < dimension; d++) product += integers[a * dimension + d]! * integers[b * dimension + d]!;
    return Math.min(1, cosineOf(product));
  }

  /** All items whose cosine to this one is at least so much, itself among them. */
  within(item: number, least: number): number[] {
    this.rows ??= this.listedRows();
    const [products] = this.rows.compare(item, item);
    const found: number[] = [];
    for (let other = 0; other < this.count; other++) if (products[other]! >= productOf(least)) found.push(other);
    return found;
  }

  private listedRows(): PairRows {
    const rows = new PairRows(this.dimension, this.count);
    rows.setAll(this.integers);
    rows.listRows(Uint32Array.from({ length: this.count }, (_, row) => row), this.count); // prettier-ignore
    return rows;
  }
}
