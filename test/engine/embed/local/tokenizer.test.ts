import assert from 'node:assert/strict';
import path from 'node:path';
import { catalogueParts } from '../../../../src/engine/embed/local/catalogue.ts';
import { loadTokenizer } from '../../../../src/engine/embed/local/tokenizer.ts';
import { modelsFolder } from '../../../support/paths.ts';

const CLS = 101;
const SEP = 102;
const tokenizerOf = (model: string) => loadTokenizer(catalogueParts(model, modelsFolder)[0]!.model);

describe('the tokenizer', () => {
  it('reads MiniLM as the reference implementation does', () => {
    assert.deepEqual(tokenizerOf('minilm').encode('Hello, world! 中文'), [
      CLS, 7592, 1010, 2088, 999, 1746, 1861, SEP,
    ]); // prettier-ignore
  });

  it('lower-cases for bge-small-zh, whose vocabulary has no capitals', () => {
    const tokenizer = tokenizerOf('bge-small-zh');
    assert.deepEqual(tokenizer.encode('HELLO 数组'), tokenizer.encode('hello 数组'));
    assert.ok(!tokenizer.encode('HELLO').includes(100), 'no unknown token');
  });

  it('cuts at 256 tokens and keeps [CLS] and [SEP]', () => {
    const ids = tokenizerOf('minilm').encode('word '.repeat(1000));
    assert.equal(ids.length, 256);
    assert.equal(ids[0], CLS);
    assert.equal(ids.at(-1), SEP);
  });

  it('frames an empty text', () => {
    assert.deepEqual(tokenizerOf('minilm').encode(''), [CLS, SEP]);
  });

  it('counts the whole text without special tokens', () => {
    assert.equal(tokenizerOf('minilm').count('word '.repeat(1000)), 1000);
    assert.equal(tokenizerOf('minilm').count(''), 0);
  });

  it('throws for a file that is not there', () => {
    const files = {
      ...catalogueParts('minilm', modelsFolder)[0]!.model,
      tokenizerFile: path.join(modelsFolder, 'none'),
    };
    assert.throws(() => loadTokenizer(files), { code: 'ENOENT' });
  });
});
