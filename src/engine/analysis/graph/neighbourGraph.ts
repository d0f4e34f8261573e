// Stage 6, the graph that all answers about the whole index share. Invariant: an item is none of its own neighbours; neighbours come
// nearest first, equal ones in the items' order. Cost of `exactGraph`: all pairs, in plain JavaScript; it is what others are measured by.

/** The k nearest neighbours of each item. */
export interface NeighbourGraph {
  readonly count: number;
  readonly k: number;
  /** count x k; -1 where there are fewer than k others. */
  readonly neighbours: Int32Array;
  /** count x k, cosines; 0 beside a -1. */
  readonly similarities: Float32Array;
}

/** `vectors`: count x dimension, rows of unit length. */
export function exactGraph(vectors: Float32Array, dimension: number, k: number): NeighbourGraph {
  const count = vectors.length / dimension;
  const neighbours = new Int32Array(count * k).fill(-1);
  const similarities = new Float32Array(count * k);
  for (let a = 0; a < count; a++) {
    const found: { readonly item: number; readonly similarity: number }[] = [];
    for (let b = 0; b < count; b++) {
      if (a === b) continue;
      let similarity = 0;
      for (let i = 0; i < dimension; i++)
        similarity += (vectors[a * dimension + i] ?? 0) * (vectors[b * dimension + i] ?? 0);
      found.push({ item: b, similarity });
    }
    found.sort((one, other) => other.similarity - one.similarity || one.item - other.item);
    for (const [i, { item, similarity }] of found.slice(0, k).entries()) {
      neighbours[a * k + i] = item;
      similarities[a * k + i] = similarity;
    }
  }
  return { count, k, neighbours, similarities };
}
