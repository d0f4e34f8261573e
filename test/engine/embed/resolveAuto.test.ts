import assert from 'node:assert/strict';
import { CJK_LETTERS_FOR_BILINGUAL, resolveAuto } from '../../../src/engine/embed/resolveAuto.ts';

describe('the model that `auto` means', () => {
  const cases: readonly [number, string, string][] = [
    [0, 'en', 'minilm'],
    [CJK_LETTERS_FOR_BILINGUAL - 1, 'en', 'minilm'],
    [CJK_LETTERS_FOR_BILINGUAL, 'en', 'bilingual'],
    [0, 'zh-cn', 'bilingual'],
    [0, 'zh-Hant-TW', 'bilingual'],
    [0, 'zh', 'bilingual'],
    [0, 'zha', 'minilm'],
    [0, '', 'minilm'],
  ];
  for (const [cjkLetters, language, model] of cases) {
    it(`is ${model} for ${cjkLetters} CJK letters and the language '${language}'`, () => {
      assert.equal(resolveAuto({ cjkLetters, language }), model);
    });
  }
});
