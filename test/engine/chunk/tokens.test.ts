// Counting tokens: the meter's memory, and the shipped tokenizer as the judge of chunk sizes.
import { Tokenizer } from '@huggingface/tokenizers';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { MAX_CHUNK_TOKENS } from '../../../src/engine/chunk/chunker.ts';
import { createChunker } from '../../../src/engine/chunk/createChunker.ts';
import { createTokenMeter } from '../../../src/engine/chunk/tokenMeter.ts';
import { embeddedText } from '../../../src/engine/model.ts';
import { fixturesFolder, modelsFolder, repoFolder } from '../../support/paths.ts';
import { countTokens, documentOf, grammarsFolder, languageOf } from './chunkSupport.ts';

const tokenizerFile = path.join(modelsFolder, 'minilm', 'tokenizer.json');

describe('the token meter', () => {
  it('counts what the counter counts', () => {
    const meter = createTokenMeter(countTokens);
    for (const text of [
      '',
      ' \n',
      'const a1 = b[c] + "x";',
      '中文和English混排，123。',
      'naïve café',
      `${'x'.repeat(99)} y`,
    ]) {
      assert.equal(meter(text), countTokens(text), text);
      assert.equal(meter(text), countTokens(text), `${text}, remembered`);
    }
  });

  it('asks the counter once for each word', () => {
    const asked: string[] = [];
    const meter = createTokenMeter((text) => asked.push(text));
    meter('call(call(other)); 汉字汉');
    meter('other call');
    assert.deepEqual(asked, ['call', '(', 'other', ')', ';', '汉', '字']);
  });
});

describe('chunks counted by the tokenizer of MiniLM', () => {
  it('leave room for its two special tokens in 256', async function () {
    if (!fs.existsSync(tokenizerFile)) {
      console.log('      skipped: no weights; run `npm run models`');
      this.skip();
    }
    this.timeout(60_000);
    const tokenizer = new Tokenizer(JSON.parse(fs.readFileSync(tokenizerFile, 'utf8')) as object, {});
    const count = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
    const chunker = await createChunker({ grammarsFolder, countTokens: count });
    const folders = [path.join(fixturesFolder, 'chunk'), path.join(repoFolder, 'node_modules/undici/lib/web/fetch')];
    for (const folder of folders) {
      for (const name of fs.readdirSync(folder)) {
        const file = path.join(folder, name);
        if (!fs.statSync(file).isFile()) continue;
        const { chunks } = await chunker.chunk(documentOf(fs.readFileSync(file, 'utf8'), languageOf(name), name));
        for (const chunk of chunks) {
          const tokens = count(embeddedText(chunk));
          assert.ok(tokens <= MAX_CHUNK_TOKENS, `${name}:${chunk.startLine} has ${tokens}`);
        }
      }
    }
  });
});
