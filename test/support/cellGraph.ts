// A graph of nearest neighbours made fast enough for a benchmark of what comes after it: exact inside the nearest cells.
import type { NeighbourGraph } from '../../src/engine/analysis/graph/neighbourGraph.ts';

const PROBED = 12;
const ROUNDS = 3;

/** `vectors`: count x dimension, unit length. */
export function cellGraph(vectors: Float32Array, dimension: number, k: number): NeighbourGraph {
  const count = vectors.length / dimension;
  const row = (of: Float32Array, i: number): Float32Array => of.subarray(i * dimension, (i + 1) * dimension);
  const cells = Math.max(1, Math.round(Math.sqrt(count)));
  let centres = Float32Array.from({ length: cells * dimension }, (_, i) => row(vectors, Math.floor((Math.floor(i / dimension) * count) / cells))[i % dimension]!); // prettier-ignore
  let members: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    members = Array.from({ length: cells }, () => []);
    for (let item = 0; item < count; item++) members[nearestCells(row(vectors, item), centres, 1)[0]!]!.push(item);
    const next = new Float32Array(centres.length);
    for (const [cell, own] of members.entries()) {
      const centre = row(next, cell);
      for (const item of own) row(vectors, item).forEach((value, i) => (centre[i]! += value));
      const length = Math.hypot(...centre) || 1;
      centre.forEach((value, i) => (centre[i] = value / length));
    }
    centres = next;
  }
  const neighbours = new Int32Array(count * k).fill(-1);
  const similarities = new Float32Array(count * k);
  for (let cell = 0; cell < cells; cell++) {
    const near = nearestCells(row(centres, cell), centres, PROBED).flatMap((other) => members[other]!);
    for (const item of members[cell]!) {
      const own = row(vectors, item);
      const found = neighbours.subarray(item * k, (item + 1) * k);
      const cosines = similarities.subarray(item * k, (item + 1) * k).fill(-1);
      for (const other of near) {
        const cosine = dot(own, row(vectors, other));
        if (cosine <= cosines[k - 1]! || other === item) continue;
        let at = k - 1;
        for (; at > 0 && cosines[at - 1]! < cosine; at--) {
          cosines[at] = cosines[at - 1]!;
          found[at] = found[at - 1]!;
        }
        cosines[at] = cosine;
        found[at] = other;
      }
    }
  }
  return { count, k, neighbours, similarities };

  function nearestCells(vector: Float32Array, all: Float32Array, most: number): number[] {
    const cosines = Float64Array.from({ length: cells }, (_, cell) => dot(vector, row(all, cell)));
    if (most === 1) return [cosines.reduce((best, cosine, cell) => (cosine > cosines[best]! ? cell : best), 0)];
    return [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!).slice(0, most);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
