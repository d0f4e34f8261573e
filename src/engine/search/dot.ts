// Stage 5, the exact product: what the best rows of a scan are compared by. Invariant: equal rows give equal bits.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside; a `?? 0` would cost a third of the time */

/** Dot product of two vectors of one length; a double for each element of `query` spares a conversion in each product. */
export function dot(row: Float32Array, query: Float64Array): number {
  const even = query.length - (query.length % 2);
  // Two sums, since one alone would make each addition wait for the last.
  let first = 0;
  let second = 0;
  for (let i = 0; i < even; i += 2) {
    first += row[i]! * query[i]!;
    second += row[i + 1]! * query[i + 1]!;
  }
  if (even < query.length) first += row[even]! * query[even]!;
  return first + second;
}

/** Of vectors of any length; 0 beside one of zeros. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const [wideA, wideB] = [Float64Array.from(a), Float64Array.from(b)];
  return dot(a, wideB) / (Math.sqrt(dot(a, wideA) * dot(b, wideB)) || 1);
}
