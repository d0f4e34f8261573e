// All pairs, in plain JavaScript: what the graph of nearest neighbours is measured by.
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';

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
