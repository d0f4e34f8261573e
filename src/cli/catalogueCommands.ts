// Commands that need no folder: embed and models.
import fs from 'node:fs';
import process from 'node:process';
import { EngineError, toEngineError } from '../engine/errors.ts';
import type { CommandContext } from './folderCommands.ts';
import { sentenceFor } from './sentences.ts';

const TEXTS_A_CALL = 64;

/** One JSON object per line of the input, in order, with its index from 0. A line that can't be embedded has `error`. */
export async function embedTexts({ engine, args, signal, out }: CommandContext): Promise<void> {
  const texts = readInput(args.positionals[0]);
  const print = (index: number, answer: { embedding: Float32Array } | { error: string }): void => {
    if ('error' in answer)
      out(args.json ? JSON.stringify({ index, error: answer.error }) : `${index}\terror: ${answer.error}`);
    else if (args.json) out(JSON.stringify({ index, embedding: Array.from(answer.embedding) }));
    else
      out(
        `${index}\t${Array.from(answer.embedding.subarray(0, 4), (x) => x.toFixed(4)).join(' ')} ... (${answer.embedding.length})`,
      );
  };
  for (let start = 0; start < texts.length; start += TEXTS_A_CALL) {
    const batch = texts.slice(start, start + TEXTS_A_CALL).map((text, i) => ({ text, index: start + i }));
    const usable = batch.filter(({ text }) => text.trim() !== '');
    const vectors = new Map<number, Float32Array>();
    let failure: string | undefined;
    try {
      const result = await engine.embed({ texts: usable.map(({ text }) => text) }, signal);
      usable.forEach(({ index }, i) => {
        const vector = result.vectors[i];
        if (vector) vectors.set(index, vector);
      });
    } catch (error) {
      const coded = toEngineError(error);
      if (coded.code !== 'bad-vector') throw coded;
      failure = sentenceFor(coded);
    }
    for (const { index, text } of batch) {
      const embedding = vectors.get(index);
      if (embedding) print(index, { embedding });
      else
        print(index, { error: text.trim() === '' ? 'The line is empty.' : (failure ?? 'The model gave no vector.') });
    }
  }
}

export async function listModels({ engine, args, out }: CommandContext): Promise<void> {
  const models = await engine.models();
  if (args.json) {
    const rows = models.map(
      ({ id, provider, dimensions, defaultDimension, maxTokens, languages, scores, installed, licence }) => ({
        model: id,
        provider,
        dimensions,
        default: defaultDimension,
        rows: 1,
        tokens: maxTokens,
        price: 0,
        languages,
        scores,
        installed,
        licence,
      }),
    );
    out(JSON.stringify({ models: rows }));
    return;
  }
  for (const { id, provider, defaultDimension, languages, installed } of models) {
    out(
      `${id.padEnd(14)} ${provider}  ${String(defaultDimension).padStart(4)}  ${languages.join(', ')}${installed ? '' : '  (not installed)'}`,
    );
  }
}

function readInput(file: string | undefined): string[] {
  let text: string;
  try {
    text = fs.readFileSync(file ?? process.stdin.fd, 'utf8');
  } catch (error) {
    throw new EngineError('file-not-found', { path: file ?? '-' }, { cause: error });
  }
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
