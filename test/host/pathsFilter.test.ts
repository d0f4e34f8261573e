import assert from 'node:assert/strict';
import { parsePathsFilter } from '../../src/host/pathsFilter.ts';

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  [' , ', []],
  ['src', ['**/src', '**/src/**']],
  ['./src', ['src', 'src/**']],
  ['/src/', ['src', 'src/**']],
  ['src\\host', ['**/src/host', '**/src/host/**']],
  ['src/**', ['**/src/**']],
  ['*.ts, !test', ['**/*.ts', '**/*.ts/**', '!**/test', '!**/test/**']],
  ['**/a.md', ['**/a.md', '**/a.md/**']],
  ['./', ['**']],
  ['!', []],
];

describe('the path filter of the search', () => {
  for (const [typed, globs] of CASES) {
    it(`reads ${JSON.stringify(typed)}`, () => assert.deepEqual(parsePathsFilter(typed), globs));
  }

  it('reads no more than fifty entries', () => {
    assert.equal(parsePathsFilter(Array.from({ length: 500 }, (_, i) => `./d${i}/**`).join(',')).length, 50);
  });
});
