import assert from 'node:assert/strict';
import { sampledWeights } from '../../../../src/engine/search/words/sampledWeights.ts';
import { sharedWords } from '../../../../src/engine/search/words/sharedWords.ts';
import { stem } from '../../../../src/engine/search/words/stem.ts';
import { wordsOf, wordsOfChunk } from '../../../../src/engine/search/words/wordsOf.ts';
import { chunkOf } from '../tables.ts';

const plain = (text: string): string => wordsOf(text, (word) => word).join(' ');

describe('words of a text', () => {
  const TABLE: readonly (readonly [text: string, words: string])[] = [
    ['const getUserName = 1;', 'const get user name getusername 1'],
    ['get_user_name', 'get user name getusername'],
    ['HTTPServer parseXMLFile', 'http server httpserver parse xml file parsexmlfile'],
    ['MAX_SIZE __init__ _', 'max size maxsize init'],
    ['sha256 utf8 3.14 404', 'sha256 utf8 3 14 404'],
    ['vec.push_back(x)', 'vec push back pushback x'],
    ["don't", 'don t'],
    ['Größe ÜberTräger', 'größe über träger überträger'],
    ['ﬁne ＡＢＣ１２', 'fine abc12'],
    ['安装组件', '安 装 安装 组 装组 件 组件'],
    ['猫', '猫'],
    ['サーバー', 'サ ー サー バ ーバ ー バー'],
    ['使用Vue3组件ref', '使 用 使用 vue3 组 件 组件 ref'],
    ['한국', '한 국 한국'],
    ['', ''],
    [' \n\t—!', ''],
  ];
  for (const [text, words] of TABLE) it(`are "${words}" for "${text}"`, () => assert.equal(plain(text), words));

  it('leave out runs that nobody types', () => {
    assert.deepEqual(wordsOf(`key ${'a1'.repeat(40)} end`), ['key', 'end']);
  });

  it('are without plural and verb endings', () => {
    const same = [
      ['query', 'queries'],
      ['read', 'reads', 'reading'],
      ['stop', 'stops', 'stopped', 'stopping'],
      ['parse', 'parses', 'parsed', 'parsing'],
      ['class', 'classes'],
      ['match', 'matches', 'matching'],
    ];
    for (const forms of same) assert.equal(new Set(forms.map(stem)).size, 1, forms.join());
    for (const word of ['status', 'this', 'red', 'ring', 'über', 'x86s', '404']) assert.equal(stem(word), word);
  });

  it('of a chunk are also those of its context and its file', () => {
    const words = wordsOfChunk({ path: 'src/chunkTable.ts', context: 'class Store', text: 'add()' });
    assert.deepEqual(words, ['chunk', 'tabl', 'chunktable', 'class', 'stor', 'add']);
    assert.deepEqual(wordsOfChunk({ path: '.env', text: '' }), ['env']);
  });
});

describe('weights from a sample', () => {
  it('tell what is commonplace from what is not', () => {
    const texts = Array.from({ length: 500 }, (_, i) => `the text ${i % 4 === 0 ? 'of a parser' : ''}`);
    const chunks = texts.map((text, i) => chunkOf(`f${i}.md`, 1, { text }));
    const table = { count: chunks.length, chunks, revision: 1 };
    const weights = sampledWeights(table, 'the parser of unicorns');
    assert.deepEqual([...weights.keys()], ['the', 'parser', 'of', 'unicorn']);
    assert.ok(weights.get('the')! < 0.05 && weights.get('parser')! > 1 && weights.get('unicorn')! > 4);
    assert.equal(sampledWeights({ ...table, count: 0, chunks: [] }, 'the').size, 1);
  });
});

describe('shared words', () => {
  const chunk = {
    path: 'a.ts',
    text: 'export function parseQueries(the, of) { return tokenizer; } // parsing a query 安装组件',
  };
  it('come as the query spells them, the most telling first, without those inside longer ones and the commonplace', () => {
    const weights = new Map([['the', 0.1], ['tokenizer', 3], ['pars', 2], ['query', 2.5], ['安', 2], ['安装', 3]]); // prettier-ignore
    assert.deepEqual(sharedWords(chunk, 'the tokenizer parsing query 安装', weights), ['tokenizer', '安装', 'query', 'parsing']); // prettier-ignore
  });
  it('are none where nothing is shared', () => {
    assert.deepEqual(sharedWords(chunk, 'bread', new Map([['bread', 2]])), []);
  });
});
