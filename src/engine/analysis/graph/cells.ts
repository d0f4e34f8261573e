// Stage 6, spherical k-means: items -> cells of near ones, so that neighbours are sought in few cells. Invariant: deterministic.
// Cost: a pass over a sample for each of ROUNDS, and one over all items, each with all centres.
import { PairRows } from './pairRows.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface Cells {
  readonly count: number;
  /** For each item the nearest cells, nearest first: items x probed. */
  readonly nearest: Int32Array;
}

const ROUNDS = 4;
/** Items of the sample for each cell. */
const SAMPLE = 16;

/** `progress` is told the share that is done; it may throw to end this. */
export function cellsOf(
  rows: PairRows,
  items: number,
  count: number,
  probed: number,
  progress: (share: number) => void,
): Cells {
  const { dimension } = rows;
  const centres = new Float32Array(count * dimension);
  /** The last `count` rows of the kernel's memory are the centres. */
  const first = rows.capacity - count;
  const listed = Int32Array.from({ length: count }, (_, i) => first + i);
  const place = (cell: number, vector: Float32Array): void => rows.set(first + cell, vector);
  const sample = Int32Array.from({ length: Math.min(items, SAMPLE * count) }, (_, i) =>
    Math.floor((i * items) / Math.min(items, SAMPLE * count)),
  );
  for (let cell = 0; cell < count; cell++) {
    place(cell, Float32Array.from(rows.integersOf(sample[Math.floor((cell * sample.length) / count)]!)));
  }
  const of = new Int32Array(items);
  const nearest = new Int32Array(items * probed);
  const work = ROUNDS * sample.length + items;
  let done = 0;
  /** Calls back with the products of each item with all centres. */
  const compare = (
    length: number,
    itemAt: (i: number) => number,
    take: (item: number, products: Int32Array) => void,
  ): void => {
    rows.listRows(listed, count);
    for (let i = 0; i < length; i += 2) {
      const p = itemAt(i);
      const q = itemAt(Math.min(i + 1, length - 1));
      const [withP, withQ] = rows.compare(p, q);
      take(p, withP);
      take(q, withQ);
      if ((i & 1023) === 0) progress((done + i) / work);
    }
    done += length;
  };
  for (let round = 0; round < ROUNDS; round++) {
    compare(
      sample.length,
      (i) => sample[i]!,
      (item, products) => (of[item] = best(products)),
    );
    centres.fill(0);
    const sizes = new Int32Array(count);
    for (const item of sample) {
      const cell = of[item]!;
      sizes[cell]!++;
      const integers = rows.integersOf(item);
      const at = cell * dimension;
      for (let d = 0; d < dimension; d++) centres[at + d]! += integers[d]!;
    }
    for (let cell = 0; cell < count; cell++) {
      if (sizes[cell]! > 0) place(cell, centres.subarray(cell * dimension, (cell + 1) * dimension));
    }
  }
  compare(
    items,
    (i) => i,
    (item, products) => putBest(products, nearest, item * probed, probed),
  );
  return { count, nearest };
}

/** The `most` best cells, best first. */
function putBest(products: Int32Array, into: Int32Array, begin: number, most: number): void {
  let length = 0;
  for (let cell = 0; cell < products.length; cell++) {
    const product = products[cell]!;
    if (length === most && product <= products[into[begin + most - 1]!]!) continue;
    let at = length < most ? length++ : most - 1;
    for (; at > 0 && products[into[begin + at - 1]!]! < product; at--) into[begin + at] = into[begin + at - 1]!;
    into[begin + at] = cell;
  }
}

function best(products: Int32Array): number {
  let at = 0;
  for (let i = 1; i < products.length; i++) if (products[i]! > products[at]!) at = i;
  return at;
}
