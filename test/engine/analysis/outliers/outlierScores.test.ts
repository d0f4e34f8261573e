import assert from 'node:assert/strict';
import { exactGraph } from '../../../support/exactGraph.ts';
import { outlierScoresOf } from '../../../../src/engine/analysis/outliers/outlierScores.ts';
import { seededRandom } from '../../../support/seededNumbers.ts';

/** `count` unit vectors around each direction, `spread` wide, and then single ones far from all. */
function groups(directions: number, count: number, spread: number, strays: number): Float32Array {
  const random = seededRandom(7);
  const dimension = 32;
  const direction = (): number[] => Array.from({ length: dimension }, () => random() - 0.5);
  const unit = (vector: number[]): number[] => vector.map((x) => x / Math.hypot(...vector));
  const rows: number[][] = [];
  for (let d = 0; d < directions; d++) {
    const centre = unit(direction());
    for (let i = 0; i < count; i++) rows.push(unit(centre.map((x) => x + spread * (random() - 0.5))));
  }
  for (let i = 0; i < strays; i++) rows.push(unit(direction()));
  return Float32Array.from(rows.flat());
}

describe('how unusual items are', () => {
  it('strays stand above all members of groups', () => {
    const { score, similarity, usual } = outlierScoresOf(exactGraph(groups(4, 40, 0.3, 5), 32, 15));
    const strays = [...score.keys()].sort((a, b) => score[b]! - score[a]!).slice(0, 5);
    assert.deepEqual(strays.sort((a, b) => a - b), [160, 161, 162, 163, 164]); // prettier-ignore
    assert.equal(Math.max(...score), 1);
    assert.ok(strays.every((item) => similarity[item]! < usual));
  });

  it('members of a loose group are no outliers beside a tight one', () => {
    const vectors = Float32Array.from([...groups(1, 60, 0.1, 0), ...groups(2, 60, 0.45, 2).subarray(60 * 32)]);
    const { score } = outlierScoresOf(exactGraph(vectors, 32, 15));
    assert.ok(score[120]! > 0.97 && score[121]! > 0.97, `${score[120]}, ${score[121]}`);
  });

  it('are the same for the same graph, and nothing for one item or for copies', () => {
    const graph = exactGraph(groups(3, 30, 0.3, 3), 32, 15);
    assert.deepEqual(outlierScoresOf(graph), outlierScoresOf(graph));
    assert.deepEqual([...outlierScoresOf(exactGraph(new Float32Array([1, 0]), 2, 15)).score], [0]);
    assert.deepEqual([...outlierScoresOf(exactGraph(new Float32Array([1, 0, 1, 0, 1, 0]), 2, 15)).score], [0, 0, 0]);
    assert.deepEqual(outlierScoresOf(exactGraph(new Float32Array(0), 2, 15)).usual, 0);
  });
});
