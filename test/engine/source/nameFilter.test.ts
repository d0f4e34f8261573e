import assert from 'node:assert/strict';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { createNameFilter } from '../../../src/engine/source/nameFilter.ts';

const letter = fc.constantFrom('a', 'b', '.', '-', 'é', '$');
const name = fc.string({ unit: letter, minLength: 1, maxLength: 6 });
const glob = fc.string({ unit: fc.oneof(letter, fc.constantFrom('*', '?', '[ab]', '{a,b}', '\\.')), minLength: 1, maxLength: 5 }); // prettier-ignore

describe('the quick look at a name', () => {
  it('never says no where a glob matches', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 4 }), name, (globs, given) => {
        const matches = globs.some((each) => picomatch.isMatch(given, each, { dot: true, windows: false }));
        return !matches || createNameFilter(globs, false)(given);
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  it('says no to what none can match, whatever the case', () => {
    const mayMatch = createNameFilter(['*.log', 'Makefile', 'id_*', '*.tar.gz', 'x[0-9]'], true);
    for (const yes of ['A.LOG', 'b.log', 'makefile', 'ID_rsa', 'q.tar.gz', '.log']) assert.ok(mayMatch(yes), yes);
    for (const no of ['a.logs', 'log', 'makefile.am', 'my_id_', 'q.gz', 'a.ts', 'y1']) assert.ok(!mayMatch(no), no);
    assert.ok(!createNameFilter([], true)('a'));
  });
});
