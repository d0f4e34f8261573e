import assert from 'node:assert/strict';
import fastCheck from 'fast-check';
import type { StoredChunk, VectorTable } from '../../../src/engine/model.ts';
import { topK } from '../../../src/engine/search/vectorSearch.ts';
import { seeded, unitVector } from '../store/storeFixtures.ts';
import { chunkOf, makeTable, shuffled } from './tables.ts';

/** Every row in doubles, sorted. */
function naive(table: VectorTable, query: Float32Array, k: number, accept: (chunk: StoredChunk) => boolean) {
  return table.chunks
    .map((chunk, row) => {
      let similarity = 0;
      for (let i = 0; i < table.dimension; i++) similarity += table.vectors[row * table.dimension + i]! * query[i]!;
      return { chunk, row, similarity };
    })
    .filter(({ chunk }) => accept(chunk))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, k);
}

describe('topK', () => {
  it('finds what a full sort finds, for any size, dimension, k and filter', () => {
    const sizes = fastCheck.record({
      count: fastCheck.nat(60),
      dimension: fastCheck.integer({ min: 1, max: 19 }),
      k: fastCheck.nat(70),
      seed: fastCheck.nat(),
      every: fastCheck.integer({ min: 1, max: 4 }),
    });
    fastCheck.assert(
      fastCheck.property(sizes, ({ count, dimension, k, seed, every }) => {
        const table = makeTable(count, dimension, seed);
        const query = unitVector(seeded(seed + 1), dimension);
        const accept = (chunk: StoredChunk): boolean => (chunk.startLine + chunk.path.length) % every === 0;
        const expected = naive(table, query, k, accept);
        const found = topK(table, query, k, accept);
        assert.equal(found.length, expected.length);
        found.forEach(({ row, similarity }, i) => {
          assert.ok(Math.abs(similarity - expected[i]!.similarity) < 1e-12);
          // Rows may differ only where rounding makes a tie.
          assert.ok(row === expected[i]!.row || Math.abs(similarity - expected[i]!.similarity) < 1e-12);
          assert.ok(accept(table.chunks[row]!));
        });
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('gives the same places in the same order, wherever the rows lie', () => {
    const random = seeded(2);
    const table = makeTable(103, 7, 1);
    // Many ties: each vector ten times.
    for (let row = 0; row < 100; row++) table.vectors.copyWithin(row * 7, (row % 10) * 7, (row % 10) * 7 + 7);
    const query = unitVector(random, 7);
    const places = (each: VectorTable): string[] =>
      topK(each, query, 25).map(({ row, similarity }) => {
        const { path, startLine } = each.chunks[row]!;
        return `${path}:${startLine} ${similarity}`;
      });
    const expected = places(table);
    for (let seed = 0; seed < 20; seed++) assert.deepEqual(places(shuffled(table, seed)), expected);
  });

  it('breaks ties by path, then by line', () => {
    const chunks = [chunkOf('b.ts', 1), chunkOf('a.ts', 90), chunkOf('a.ts', 9), chunkOf('c.ts', 1)];
    const table = { dimension: 2, count: 4, vectors: Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0), chunks, revision: 1 };
    const found = topK(table, Float32Array.of(1, 0), 3);
    assert.deepEqual(
      found.map(({ row }) => row),
      [2, 1, 0],
    );
  });

  it('asks the filter only about rows that would be among the best', () => {
    const table = makeTable(1_000, 8, 3);
    let asked = 0;
    topK(table, unitVector(seeded(4), 8), 5, () => {
      asked++;
      return true;
    });
    assert.ok(asked < 100, `${asked} asked`);
  });

  it('reads count rows of a matrix that has room for more', () => {
    const table = makeTable(6, 3, 1);
    const roomy = new Float32Array(30).fill(9);
    roomy.set(table.vectors);
    assert.equal(topK({ ...table, vectors: roomy }, Float32Array.of(1, 1, 1), 50).length, 6);
  });

  it('finds nothing in an empty table or with k = 0', () => {
    assert.deepEqual(topK(makeTable(0, 3, 1), Float32Array.of(1, 0, 0), 5), []);
    assert.deepEqual(topK(makeTable(9, 3, 1), Float32Array.of(1, 0, 0), 0), []);
  });

  it('refuses a query of another dimension', () => {
    assert.throws(() => topK(makeTable(3, 3, 1), Float32Array.of(1, 0), 5), { code: 'internal' });
  });
});
