import assert from 'node:assert/strict';
import fastCheck from 'fast-check';
import type { StoredChunk } from '../../../src/engine/model.ts';
import { topK } from '../../../src/engine/search/vectorSearch.ts';
import { type RowTable, vectorTable } from '../../support/vectorTable.ts';
import { seeded, unitVector } from '../store/storeFixtures.ts';
import { chunkOf, makeTable, shuffled } from './tables.ts';

/** Every row in doubles, sorted. */
function naive(table: RowTable, query: Float32Array, k: number, accept: (chunk: StoredChunk) => boolean) {
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
        const mask = Uint8Array.from(table.chunks, (chunk) => Number(accept(chunk)));
        const found = topK(table, query, k, every === 1 ? undefined : mask);
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
    const { vectors, chunks } = makeTable(103, 7, 1);
    // Many ties: each vector ten times.
    for (let row = 0; row < 100; row++) vectors.copyWithin(row * 7, (row % 10) * 7, (row % 10) * 7 + 7);
    const table = vectorTable(7, vectors, chunks);
    const query = unitVector(random, 7);
    const places = (each: RowTable): string[] =>
      topK(each, query, 25).map(({ row, similarity }) => {
        const { path, startLine } = each.chunks[row]!;
        return `${path}:${startLine} ${similarity}`;
      });
    const expected = places(table);
    for (let seed = 0; seed < 20; seed++) assert.deepEqual(places(shuffled(table, seed)), expected);
  });

  it('breaks ties by path, then by line', () => {
    const chunks = [chunkOf('b.ts', 1), chunkOf('a.ts', 90), chunkOf('a.ts', 9), chunkOf('c.ts', 1)];
    const table = vectorTable(2, Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0), chunks);
    const found = topK(table, Float32Array.of(1, 0), 3);
    assert.deepEqual(
      found.map(({ row }) => row),
      [2, 1, 0],
    );
  });

  it('compares in full only rows that could be among the best by their codes', () => {
    const table = makeTable(5_000, 64, 3);
    let compared = 0;
    const counting = { ...table, row: (row: number) => (compared++, table.row(row)) };
    assert.deepEqual(topK(counting, unitVector(seeded(4), 64), 10), topK(table, unitVector(seeded(4), 64), 10));
    assert.ok(compared >= 10 && compared < 200, `${compared} compared`);
  });

  it('finds the nearest among rows that the codes can not tell apart', () => {
    const random = seeded(8);
    const base = unitVector(random, 48);
    const vectors = new Float32Array(400 * 48);
    for (let row = 0; row < 400; row++) {
      const near = base.map((x) => x + (random() - 0.5) * 2e-4);
      const length = Math.hypot(...near);
      vectors.set(near.map((x) => x / length), row * 48); // prettier-ignore
    }
    const table = vectorTable(48, vectors, makeTable(400, 1, 1).chunks);
    const expected = naive(table, base, 5, () => true).map(({ row }) => row);
    assert.deepEqual(topK(table, base, 5).map(({ row }) => row), expected); // prettier-ignore
  });

  it('finds nothing in an empty table or with k = 0', () => {
    assert.deepEqual(topK(makeTable(0, 3, 1), Float32Array.of(1, 0, 0), 5), []);
    assert.deepEqual(topK(makeTable(9, 3, 1), Float32Array.of(1, 0, 0), 0), []);
  });

  it('refuses a query of another dimension', () => {
    assert.throws(() => topK(makeTable(3, 3, 1), Float32Array.of(1, 0), 5), { code: 'internal' });
  });
});
