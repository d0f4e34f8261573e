// Stage 5, the kernel: one query against every row. Invariant: equal rows give equal bits, wherever they lie. Cost: one pass over
// the matrix, about 4 ms for 10,000 rows of 1,024.
import { EngineError } from '../errors.ts';
import type { VectorTable } from '../model.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside; a `?? 0` would cost a third of the time */

/** Dot products of a query with all rows, by row. Throws `internal` for a query of another length. */
export function dotProducts({ vectors, dimension, count }: VectorTable, query: Float32Array): Float64Array {
  if (query.length !== dimension) {
    throw new EngineError('internal', { reason: `query of ${query.length} for rows of ${dimension}` });
  }
  const wide = Float64Array.from(query); // spares a conversion in each product
  const products = new Float64Array(count);
  const fours = count - (count % 4);
  const even = dimension - (dimension % 2);
  // Four rows at once share the query's loads; two sums a row, since one alone would make each addition wait for the last.
  for (let row = 0; row < fours; row += 4) {
    let a = row * dimension;
    let b = a + dimension;
    let c = b + dimension;
    let d = c + dimension;
    let [a0, a1, b0, b1, c0, c1, d0, d1] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < even; i += 2, a += 2, b += 2, c += 2, d += 2) {
      const x = wide[i]!;
      const y = wide[i + 1]!;
      a0 += vectors[a]! * x;
      a1 += vectors[a + 1]! * y;
      b0 += vectors[b]! * x;
      b1 += vectors[b + 1]! * y;
      c0 += vectors[c]! * x;
      c1 += vectors[c + 1]! * y;
      d0 += vectors[d]! * x;
      d1 += vectors[d + 1]! * y;
    }
    if (even < dimension) {
      const x = wide[even]!;
      a0 += vectors[a]! * x;
      b0 += vectors[b]! * x;
      c0 += vectors[c]! * x;
      d0 += vectors[d]! * x;
    }
    products[row] = a0 + a1;
    products[row + 1] = b0 + b1;
    products[row + 2] = c0 + c1;
    products[row + 3] = d0 + d1;
  }
  for (let row = fours; row < count; row++) products[row] = dot(vectors, row * dimension, wide);
  return products;
}

/** Dot product of the row that begins at `offset`; adds up in the same order as above. */
export function dot(vectors: Float32Array, offset: number, query: Float64Array): number {
  const even = query.length - (query.length % 2);
  let first = 0;
  let second = 0;
  for (let i = 0; i < even; i += 2) {
    first += vectors[offset + i]! * query[i]!;
    second += vectors[offset + i + 1]! * query[i + 1]!;
  }
  if (even < query.length) first += vectors[offset + even]! * query[even]!;
  return first + second;
}
