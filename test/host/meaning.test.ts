import assert from 'node:assert/strict';
import { excerptOf, hasMeaning } from '../../src/host/meaning.ts';

describe('whether a text is worth comparing', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['', false],
    ['   \n\t', false],
    ['x = 1', false],
    ['});\n}', false],
    ['parseConfig', true],
    ['bad delivery', true],
    ['数据', false],
    ['数据库', true],
    ['— … ** == //', false],
  ];
  for (const [text, answer] of cases) {
    it(`${answer ? 'is' : 'is not'}: ${JSON.stringify(text)}`, () => assert.equal(hasMeaning(text), answer));
  }
});

describe('the first words of a text', () => {
  it('are on one line and short', () => {
    assert.equal(excerptOf('  a\n\n  b  '), 'a b');
    const long = excerptOf('word '.repeat(100));
    assert.equal(long.length, 80);
    assert.ok(long.endsWith('…'));
  });
});
