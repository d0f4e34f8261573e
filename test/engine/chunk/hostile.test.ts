// Large documents of the shapes that make parsers and regular expressions go quadratic or overflow the stack.
import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { createChunker } from '../../../src/engine/chunk/createChunker.ts';
import { isEngineError } from '../../../src/engine/errors.ts';
import { checkContract, countTokens, documentOf, sharedChunker } from './chunkSupport.ts';

const LENGTH = 200_000;
const fill = (unit: string, length = LENGTH) => unit.repeat(Math.ceil(length / unit.length));
const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

/** Languages that share no recipe. */
const ALL = ['typescript', 'markdown', 'html', 'plaintext', 'csv', 'jsonl', 'jupyter'];

const SHAPES: readonly (readonly [what: string, text: string, languageIds: readonly string[]])[] = [
  ['one line of words', fill('word '), ALL],
  ['one line without white space', fill('x'), ALL],
  ['one line of Chinese', fill('中文句子很长，没有换行。'), ALL],
  ['one line of surrogate pairs', fill('😀'), ALL],
  ['nothing but line ends', fill('\n'), ALL],
  ['nothing but spaces', fill(' '), ALL],
  ['opening brackets', fill('['), ALL],
  ['opening brackets on lines', fill('[\n', 100_000), ALL],
  ['quotes', fill('"'), ALL],
  ['quotes of all kinds', fill('"`\'\n', 100_000), ALL],
  ['asterisks', fill('*'), ALL],
  ['tags', fill('<div>'), ALL],
  ['tags closed and never opened', fill('<a>', LENGTH / 2) + fill('</b>', LENGTH / 2), ['html', 'markdown', 'vue']],
  ['unclosed generics', fill('a<b,\n', 100_000), ['typescript', 'cpp']],
  ['10,000 nested brackets on lines', nested('[\n', ']\n', 10_000), ALL],
  ['10,000 nested functions', nested('f(function () {\n', '});\n', 10_000), ['javascript', 'typescript']],
  ['10,000 nested blocks', nested('{\n', '}\n', 10_000), ['c', 'java', 'rust', 'php']],
  ['10,000 nested objects', nested('{"a":', '}', 10_000), ['json', 'jsonl', 'jupyter']],
  ['rulers', fill('=====\n'), ['restructuredtext', 'markdown', 'asciidoc']],
  ['headings', fill('# a\n', 200_000), ['markdown', 'plaintext']],
  ['a heading without end', `# ${fill('[')}`, ['markdown', 'asciidoc', 'latex']],
  ['quoted cells never closed', fill('"a\n'), ['csv', 'tsv']],
  ['one giant quoted cell', `a,b\n1,"${fill('line\n')}"\n`, ['csv']],
  ['base64 in lines', fill('QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\n'), ALL],
  ['base64 in one line', `x = "${fill('QUJDREVG0hJSktMTU5')}"`, ALL],
];

describe('a chunker without its grammars', () => {
  it('says so when it is made', async () => {
    const made = createChunker({ grammarsFolder: path.join(os.tmpdir(), 'no-grammars'), countTokens });
    await assert.rejects(made, (error) => isEngineError(error, 'internal'));
  });
});

describe('a hostile document', () => {
  for (const [what, text, languageIds] of SHAPES) {
    it(`is chunked in linear time: ${what}`, async function () {
      this.timeout(120_000);
      const chunker = await sharedChunker();
      for (const languageId of languageIds) {
        const document = documentOf(text, languageId);
        const cpu = process.cpuUsage();
        const chunked = await chunker.chunk(document);
        const { user } = process.cpuUsage(cpu);
        checkContract(document, chunked);
        // Many times what the slowest takes; anything quadratic takes minutes.
        assert.ok(user < 10e6, `${languageId}: ${Math.round(user / 1000)} ms`);
      }
    });
  }

  it('does not spoil the parser for the next one', async () => {
    const chunker = await sharedChunker();
    const good = documentOf(
      `${fill('// a comment\n', 100)}function f() {\n${fill('  call();\n', 100)}}\n`,
      'typescript',
    );
    const before = await chunker.chunk(good);
    await Promise.all([chunker.chunk(documentOf(fill('a<b,', 30_000), 'typescript')), chunker.chunk(good)]);
    assert.deepEqual(await chunker.chunk(good), before);
    assert.equal(before.chunks[0]?.symbol, 'f');
  });
});
