import assert from 'node:assert/strict';
import fastCheck from 'fast-check';
import { Vocabulary } from '../../../../src/engine/search/words/vocabulary.ts';

describe('vocabulary', () => {
  it('numbers words as a map does, also when it goes on from its arrays', () => {
    const word = fastCheck.oneof(
      fastCheck.string({ unit: 'grapheme', maxLength: 8 }),
      fastCheck.string({ unit: 'binary', maxLength: 4 }),
      fastCheck.constantFrom('a', 'b', 'ab', 'ba', '安', '安装', '\ud800', 'x'.repeat(400)),
    );
    fastCheck.assert(
      fastCheck.property(fastCheck.array(word, { maxLength: 400 }), fastCheck.nat(400), (words, restart) => {
        let vocabulary = new Vocabulary();
        const expected = new Map<string, number>();
        words.forEach((each, i) => {
          if (i === restart) vocabulary = new Vocabulary(vocabulary.arrays());
          assert.equal(vocabulary.find(each), expected.get(each) ?? -1);
          if (!expected.has(each)) expected.set(each, expected.size);
          assert.equal(vocabulary.idOf(each), expected.get(each));
        });
        assert.equal(vocabulary.count, expected.size);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('finds each of many', () => {
    const vocabulary = new Vocabulary();
    for (let i = 0; i < 30_000; i++) assert.equal(vocabulary.idOf(`word${i * 7}`), i);
    for (let i = 0; i < 30_000; i++) assert.equal(vocabulary.find(`word${i * 7}`), i);
    assert.equal(vocabulary.find('word1'), -1);
    assert.ok(vocabulary.bytes < 30_000 * 40);
  });
});
