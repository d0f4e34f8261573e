import assert from 'node:assert/strict';
import { findNeighbours, spareRows, updateNeighbours } from '../../../../src/engine/analysis/graph/findNeighbours.ts';
import type { NeighbourGraph } from '../../../../src/engine/analysis/graph/neighbourGraph.ts';
import { createPairKernel, ScalarPairs } from '../../../../src/engine/analysis/graph/pairKernel.ts';
import { PairRows } from '../../../../src/engine/analysis/graph/pairRows.ts';
import { exactGraph } from '../../../support/exactGraph.ts';
import { topicVectors } from '../../../support/topicVectors.ts';

const DIMENSION = 48;
const K = 15;

function rowsOf(vectors: Float32Array, spare = 0, kernel = createPairKernel()): PairRows {
  const count = vectors.length / DIMENSION;
  const rows = new PairRows(DIMENSION, count + spare, kernel);
  for (let item = 0; item < count; item++) rows.set(item, vectors.subarray(item * DIMENSION, (item + 1) * DIMENSION));
  return rows;
}

function graphOf(vectors: Float32Array, k = K): NeighbourGraph {
  const count = vectors.length / DIMENSION;
  return findNeighbours(rowsOf(vectors, spareRows(count)), count, k, () => undefined);
}

/** Share of the true neighbours that a graph has; one that is as near as the last of them counts. */
function recall(graph: NeighbourGraph, exact: NeighbourGraph): number {
  let found = 0;
  for (let item = 0; item < exact.count; item++) {
    const last = exact.similarities[(item + 1) * exact.k - 1]!;
    for (let e = item * graph.k; e < (item + 1) * graph.k; e++) if (graph.similarities[e]! >= last - 1e-4) found++;
  }
  return found / (exact.count * exact.k);
}

describe('the graph of nearest neighbours', () => {
  it('is exact where items are few, to the fourth digit of a cosine', () => {
    const { vectors } = topicVectors(300, DIMENSION, { topics: 6 });
    const graph = graphOf(vectors);
    const exact = exactGraph(vectors, DIMENSION, K);
    assert.ok(recall(graph, exact) > 0.999);
    graph.similarities.forEach((similarity, e) => assert.ok(Math.abs(similarity - exact.similarities[e]!) < 1e-4));
  });

  it('misses less than one neighbour in a hundred where items are many, and is the same each time', () => {
    const { vectors } = topicVectors(2_000, DIMENSION, { topics: 40 });
    const graph = graphOf(vectors);
    assert.ok(recall(graph, exactGraph(vectors, DIMENSION, K)) >= 0.99);
    assert.deepEqual(graphOf(vectors), graph);
  });

  it('has the same bits without WebAssembly', () => {
    const { vectors } = topicVectors(90, DIMENSION, { topics: 4 });
    const [wasm, scalar] = [createPairKernel(), new ScalarPairs()].map((kernel) =>
      findNeighbours(rowsOf(vectors, 0, kernel), 90, K, () => undefined),
    );
    assert.deepEqual(wasm, scalar);
  });

  for (const [count, what] of [
    [0, 'nothing'],
    [1, 'one item'],
    [2, 'two items'],
  ] as const) {
    it(`of ${what} has no more neighbours than there are others`, () => {
      const graph = graphOf(topicVectors(count, DIMENSION, { topics: 1 }).vectors);
      assert.deepEqual([...graph.neighbours.filter((other) => other >= 0)], count === 2 ? [1, 0] : []);
    });
  }

  it('of equal items and of a zero vector is whole', () => {
    const vectors = new Float32Array(40 * DIMENSION);
    for (let item = 1; item < 40; item++) vectors[item * DIMENSION] = 1;
    const graph = graphOf(vectors);
    assert.equal(graph.neighbours.includes(-1), false);
    assert.equal(graph.similarities[K], 1);
    assert.equal(graph.similarities[0], 0);
    for (let e = 0; e < graph.neighbours.length; e++) assert.notEqual(graph.neighbours[e], Math.floor(e / K));
  });

  it('takes in what is new and lets go of what is gone as if it had been made anew', () => {
    const { vectors } = topicVectors(1_600, DIMENSION, { topics: 25 });
    const before = graphOf(vectors.subarray(0, 1_550 * DIMENSION));
    // Items 0 to 29 go, 50 new ones come.
    const now = vectors.subarray(30 * DIMENSION);
    const oldOf = Int32Array.from({ length: 1_570 }, (_, item) => (item + 30 < 1_550 ? item + 30 : -1));
    const updated = updateNeighbours(rowsOf(now), 1_570, before, oldOf, () => undefined);
    assert.ok(recall(updated, exactGraph(now, DIMENSION, K)) >= 0.99);
  });

  it('is as good after many small changes as after one', () => {
    const { vectors } = topicVectors(3_200, DIMENSION, { topics: 25 });
    const [items, step] = [1_200, 40];
    const slice = (first: number): Float32Array => vectors.subarray(first * DIMENSION, (first + items) * DIMENSION);
    let graph = graphOf(slice(0));
    const oldOf = Int32Array.from({ length: items }, (_, item) => (item + step < items ? item + step : -1));
    for (let first = step; first + items <= 3_200; first += step) {
      graph = updateNeighbours(rowsOf(slice(first)), items, graph, oldOf, () => undefined);
    }
    assert.ok(recall(graph, exactGraph(slice(2_000), DIMENSION, K)) >= 0.99);
  });

  it('finds new neighbours for an item whose own all go', () => {
    const { vectors } = topicVectors(1_500, DIMENSION, { topics: 20 });
    // Nineteen near-copies of the first item, which are all that it knows.
    const copies = Float32Array.from(
      { length: 19 * DIMENSION },
      (_, i) => vectors[i % DIMENSION]! + 1e-3 * Math.sin(i),
    );
    const before = graphOf(Float32Array.from([...vectors, ...copies]));
    const oldOf = Int32Array.from({ length: 1_500 }, (_, item) => item);
    const updated = updateNeighbours(rowsOf(vectors), 1_500, before, oldOf, () => undefined);
    const exact = exactGraph(vectors, DIMENSION, K);
    const own = (graph: NeighbourGraph): number[] => [...graph.neighbours.subarray(0, K)].sort((a, b) => a - b);
    assert.deepEqual(own(updated), own(exact));
  });

  it('ends when its progress throws', () => {
    const { vectors } = topicVectors(3_000, DIMENSION, { topics: 20 });
    const stop = (share: number): void => {
      if (share > 0.3) throw new Error('stop');
    };
    assert.throws(() => findNeighbours(rowsOf(vectors, spareRows(3_000)), 3_000, K, stop), /stop/);
  });
});
