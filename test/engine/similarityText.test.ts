import assert from 'node:assert/strict';
import { similarityText } from '../../src/engine/similarityText.ts';

describe('a similarity as text', () => {
  it('has two decimals, and no sign where it rounds to nothing', () => {
    assert.deepEqual([0.8, 0, -0, -0.004, -0.006, -1].map(similarityText), ['0.80', '0.00', '0.00', '0.00', '-0.01', '-1.00']); // prettier-ignore
  });
});
