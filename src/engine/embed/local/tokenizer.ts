// Stage 3, local: text -> token ids. Used by the inference children for every text and by the engine for counting. Cost: about
// 0.3 ms a chunk; reading a tokenizer.json takes about 30 ms.
import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import type { LocalModel } from './localModel.ts';

export interface TextTokenizer {
  /** Ids with the model's special tokens, at most `maxTokens`: the text is cut, never the special tokens. */
  encode(text: string): number[];
  /** Tokens of the whole text without special tokens. */
  count(text: string): number;
}

type TokenizerFiles = Pick<LocalModel, 'tokenizerFile' | 'tokenizerConfigFile' | 'lowercase' | 'maxTokens'>;

/** Reads a model's tokenizer. Throws Node's error when a file can't be read and a SyntaxError when it is no JSON. */
export function loadTokenizer(files: TokenizerFiles): TextTokenizer {
  const config = files.tokenizerConfigFile === undefined ? {} : readJson(files.tokenizerConfigFile);
  const tokenizer = new Tokenizer(readJson(files.tokenizerFile), config);
  const body = (text: string): number[] =>
    tokenizer.encode(files.lowercase ? text.toLowerCase() : text, { add_special_tokens: false }).ids;

  // What the model's template puts around a text, seen on one letter: [CLS] and [SEP] for BERT.
  const framed = tokenizer.encode('a').ids;
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const before = framed.slice(
    0,
    framed.findIndex((id) => id === bare[0]),
  );
  const after = framed.slice(before.length + bare.length);
  const room = files.maxTokens - before.length - after.length;
  return {
    encode: (text) => [...before, ...body(text).slice(0, room), ...after],
    count: (text) => body(text).length,
  };
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
