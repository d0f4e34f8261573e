import assert from 'node:assert/strict';
import { isCancelled } from '../../../../src/engine/errors.ts';
import type { SparseVector } from '../../../../src/engine/model.ts';
import { SparseSearch } from '../../../../src/engine/search/sparse/sparseSearch.ts';
import { sparseToText, textToWeights } from '../../../../src/engine/search/sparse/sparseText.ts';
import { seeded } from '../../store/storeFixtures.ts';
import { chunkOf } from '../tables.ts';

function randomVector(random: () => number): SparseVector {
  const indices = [...new Set(Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 40)))];
  indices.sort((a, b) => a - b);
  return { indices, values: indices.map(() => Math.fround(random())) };
}

describe('sparse vectors', () => {
  it('come back from their text as they were', () => {
    const random = seeded(1);
    for (let i = 0; i < 50; i++) {
      const vector = randomVector(random);
      const { indices, values } = textToWeights(sparseToText(vector));
      assert.deepEqual({ indices: [...indices], values: [...values] }, vector);
    }
  });

  it('score a row by the product with the query, and a row without a shared word not at all', () => {
    const random = seeded(2);
    const vectors = Array.from({ length: 200 }, () => randomVector(random));
    const chunks = [
      ...vectors.map((vector, i) => chunkOf(`f${i}`, 1, { sparse: sparseToText(vector) })),
      chunkOf('dense alone', 1),
    ];
    const search = new SparseSearch();
    for (let q = 0; q < 20; q++) {
      const query = randomVector(random);
      const { byRow, rows } = search.score({ chunks, count: chunks.length, revision: 1 }, query);
      const expected = vectors.map(({ indices, values }) =>
        indices.reduce((sum, index, i) => {
          const at = query.indices.indexOf(index);
          return sum + (at < 0 ? 0 : (query.values[at] ?? 0) * (values[i] ?? 0));
        }, 0),
      );
      assert.deepEqual([...byRow], [...expected, 0]);
      assert.deepEqual([...rows], expected.flatMap((score, row) => (score > 0 ? [row] : []))); // prettier-ignore
    }
  });

  it('are decoded in turns that others have theirs between, once', async () => {
    const random = seeded(3);
    const text = sparseToText({ indices: Array.from({ length: 400 }, (_, i) => i), values: Array.from({ length: 400 }, random) }); // prettier-ignore
    const chunks = Array.from({ length: 20_000 }, (_, i) => chunkOf(`f${i}`, 1, { sparse: text }));
    const search = new SparseSearch();
    const table = { chunks, count: chunks.length, revision: 1 };
    let turns = 0;
    const others = setInterval(() => turns++);
    await search.prepare(table, undefined);
    const first = turns;
    assert.ok(first > 1);
    turns = 0;
    await search.prepare(table, undefined);
    clearInterval(others);
    assert.ok(turns < first, 'nothing is decoded twice');
    await assert.rejects(search.prepare(table, AbortSignal.abort()), isCancelled);
  });
});
