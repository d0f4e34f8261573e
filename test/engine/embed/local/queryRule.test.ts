import assert from 'node:assert/strict';
import { queryWeights, weighParts } from '../../../../src/engine/embed/local/queryRule.ts';

describe('the query rule', () => {
  const cases: readonly [string, readonly number[]][] = [
    ['how to sort', [2 / 3, 1 / 3]],
    ['如何排序', [0, 1]],
    ['Array.prototype.sort 的用法', [0, 1]],
    ['ソート', [0, 1]],
    ['정렬', [0, 1]],
    ['naïve café, full-width：comma', [2 / 3, 1 / 3]],
    ['𠮷', [0, 1]],
    ['', [2 / 3, 1 / 3]],
  ];
  for (const [text, weights] of cases) {
    it(`gives the halves ${weights.map((weight) => weight.toFixed(2)).join(' and ')} for '${text}'`, () => {
      assert.deepEqual(queryWeights(text, 2), weights);
    });
  }

  it('leaves spaces of one part alone', () => {
    assert.deepEqual(queryWeights('如何排序', 1), [1]);
  });

  it('makes a dot product the weighted mean of the halves, 1 for the text itself', () => {
    const row = Float32Array.of(0.6, 0.8, 1, 0, 0);
    const other = Float32Array.of(0.8, 0.6, 0, 1, 0);
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const query = weighParts(row, [2, 3], queryWeights('text', 2));
    assert.ok(Math.abs(dot(query, row) - 1) < 1e-6);
    assert.ok(Math.abs(dot(query, other) - (0.96 * 2) / 3) < 1e-6);
    assert.deepEqual([...row].slice(2), [1, 0, 0], 'the stored row is not changed');
  });
});
