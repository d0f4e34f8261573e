// Stage 6, the k best of each item, as they are found. Invariant: sorted, best first, equal ones in the items' order; no item twice.
// Cost: 8 bytes x k an item; an offer that is no better than the last costs one comparison.
import { cosineOf } from './pairRows.ts';
import type { NeighbourGraph } from './neighbourGraph.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

const NONE = -(2 ** 31);

export class NearestLists {
  readonly items: Int32Array;
  private readonly products: Int32Array;

  constructor(
    readonly count: number,
    readonly k: number,
  ) {
    this.items = new Int32Array(count * k).fill(-1);
    this.products = new Int32Array(count * k).fill(NONE);
  }

  /** The least product that gets into an item's list, were it not full of better ones. */
  worst(item: number): number {
    return this.products[(item + 1) * this.k - 1]!;
  }

  /** True when it is new and among the best. */
  offer(item: number, other: number, product: number): boolean {
    const { items, products, k } = this;
    const begin = item * k;
    const last = begin + k - 1;
    if (product < products[last]! || (product === products[last]! && other > items[last]!)) return false;
    for (let i = begin; i <= last; i++) if (items[i] === other) return false;
    let at = last;
    for (; at > begin; at--) {
      const before = products[at - 1]!;
      if (before > product || (before === product && items[at - 1]! < other)) break;
      products[at] = before;
      items[at] = items[at - 1]!;
    }
    products[at] = product;
    items[at] = other;
    return true;
  }

  toGraph(): NeighbourGraph {
    const { count, k, items, products } = this;
    return {
      count,
      k,
      neighbours: items,
      similarities: Float32Array.from(products, (p) => (p === NONE ? 0 : cosineOf(p))),
    };
  }
}
