import assert from 'node:assert/strict';
import { ItemVectors } from '../../../../src/engine/analysis/duplicates/itemVectors.ts';
import { quantize } from '../../../../src/engine/analysis/graph/pairRows.ts';
import { seededRandom } from '../../../support/seededNumbers.ts';

const DIMENSION = 37;
const COUNT = 203;

describe('the vectors of items', () => {
  const random = seededRandom(11);
  const floats = Array.from({ length: COUNT }, (_, i) => Float32Array.from({ length: DIMENSION }, () => (i === 5 ? 0 : random() - 0.5))); // prettier-ignore
  floats[9]!.set(floats[8]!.map((x) => 3 * x));
  const integers = new Int16Array(COUNT * DIMENSION);
  floats.forEach((row, i) => quantize(row, integers.subarray(i * DIMENSION, (i + 1) * DIMENSION)));
  const vectors = new ItemVectors(integers, DIMENSION);
  const exact = (a: number, b: number): number => {
    const product = (p: number, q: number): number => floats[p]!.reduce((sum, x, d) => sum + x * floats[q]![d]!, 0);
    return product(a, b) / (Math.sqrt(product(a, a) * product(b, b)) || 1);
  };

  it('have cosines to four digits, at most 1, and 0 where one is gone', () => {
    for (let item = 0; item < COUNT; item += 7)
      assert.ok(Math.abs(vectors.cosine(item, COUNT - 1 - item) - exact(item, COUNT - 1 - item)) < 1e-4);
    assert.ok(Math.abs(vectors.cosine(8, 9) - 1) < 1e-4 && vectors.cosine(8, 9) <= 1);
    assert.equal(vectors.cosine(5, 6), 0);
  });

  it('find all that are near enough, and no others', () => {
    for (const least of [0.1, 0.3]) {
      const all = floats.flatMap((_, other) => (exact(8, other) >= least ? [other] : []));
      assert.ok(all.length > 1);
      assert.deepEqual(vectors.within(8, least), all);
    }
    assert.deepEqual(vectors.within(5, 0.1), []);
  });
});
