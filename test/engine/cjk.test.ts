import assert from 'node:assert/strict';
import { countCjkLetters } from '../../src/engine/cjk.ts';

describe('CJK letters', () => {
  for (const [text, count] of [
    ['', 0],
    ['plain English, été, Привет 123', 0],
    ['向量检索', 4],
    ['使用 Vue 组件，很好！', 6],
    ['ひらがなカタカナ', 8],
    ['한국어', 3],
    ['𠮷野家', 3],
    ['，。！？「」', 0],
  ] as const) {
    it(`are ${count} in "${text}"`, () => assert.equal(countCjkLetters(text), count));
  }
});
