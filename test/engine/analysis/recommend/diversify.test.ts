import assert from 'node:assert/strict';
import { diversify } from '../../../../src/engine/analysis/recommend/diversify.ts';

describe('diverse recommendations', () => {
  /** Candidates 0 to 3 are copies of each other. */
  const similarity = (a: number, b: number): number => (a < 4 && b < 4 ? 1 : 0.2);
  it('begin with the most relevant and pass over its copies', () => {
    assert.deepEqual(diversify([0.8, 0.79, 0.78, 0.77, 0.7, 0.65], similarity, 3), [0, 4, 5]);
  });
  it('put nothing of little relevance before what is relevant', () => {
    assert.deepEqual(
      diversify([0.8, 0.79, 0.1, 0.3], () => 1, 4),
      [0, 1, 3, 2],
    );
  });
  it('come to the copies when nothing else is left, and are no more than there are', () => {
    assert.deepEqual(diversify([0.8, 0.79, 0.78, 0.77, 0.7, 0.65], similarity, 9), [0, 4, 5, 1, 2, 3]);
    assert.deepEqual(diversify([], similarity, 9), []);
  });
});
