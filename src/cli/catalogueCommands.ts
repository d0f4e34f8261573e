// Commands that need no folder: embed and models.
import fs from 'node:fs';
import process from 'node:process';
import { EngineError } from '../engine/errors.ts';
import type { SparseVector } from '../engine/model.ts';
import type { EmbedResult, ModelInfo } from '../protocol/engineApi.ts';
import { agreeToSendTexts } from './consent.ts';
import type { CommandContext } from './folderCommands.ts';
import { sentenceFor } from './sentences.ts';

const TEXTS_A_CALL = 64;
/** A service is asked for many at once: requests run side by side. */
const REMOTE_TEXTS_A_CALL = 2_000;

/** One answer per line of the input, in order, with its index from 0. A line that can't be embedded has `error`. */
export async function embedTexts(context: CommandContext): Promise<void> {
  const { engine, args, signal, out, warn } = context;
  const texts = readInput(args.positionals[0]);
  await agreeToSendTexts(context, texts);
  const format = args.format ?? (args.json ? 'jsonl' : 'lines');
  if (format === 'csv') out('index,embedding,error');
  const textsACall = args.provider === 'local' ? TEXTS_A_CALL : REMOTE_TEXTS_A_CALL;
  for (let start = 0; start < texts.length; start += textsACall) {
    const batch = texts.slice(start, start + textsACall);
    const result = await engine.embed({ texts: batch, output: args.output }, signal);
    batch.forEach((_, i) => {
      const answer = answerOf(result, i);
      const parts = result.parts[i];
      // A script that reads JSON is told the same in `parts`.
      if (parts !== undefined)
        warn(`line ${start + i + 1} is too long for the model: it was split into ${parts} parts`);
      out(FORMATS[format](start + i, answer));
    });
  }
}

export interface Answer {
  readonly embedding?: readonly number[];
  readonly sparse?: SparseVector;
  readonly parts?: number;
  readonly error?: string;
}

function answerOf({ vectors, sparse, parts, refused }: EmbedResult, i: number): Answer {
  const refusal = refused[i];
  if (refusal) return refusedAnswer(refusal);
  const [vector, words, count] = [vectors[i], sparse?.[i], parts[i]];
  return {
    ...(vector && { embedding: Array.from(vector) }),
    ...(words && { sparse: words }),
    ...(count !== undefined && { parts: count }),
  };
}

export function refusedAnswer({ code, details }: EmbedResult['refused'][number]): Answer {
  return { error: code === 'no-text' ? 'The line is empty.' : sentenceFor(new EngineError(code, details)) };
}

export const FORMATS: Readonly<Record<'jsonl' | 'csv' | 'lines', (index: number, answer: Answer) => string>> = {
  jsonl: (index, answer) => JSON.stringify({ index, ...answer }),
  csv: (index, { embedding, sparse, error = '' }) =>
    [String(index), embedding || sparse ? JSON.stringify(embedding ?? sparse) : '', error].map(csvCell).join(','),
  lines: (index, { embedding, sparse, error }) => {
    if (error !== undefined) return `${index}\terror: ${error}`;
    const dense = embedding && `${embedding.slice(0, 4).map((x) => x.toFixed(4)).join(' ')} ... (${embedding.length})`; // prettier-ignore
    const words = sparse && `${sparse.indices.length} words`;
    return `${index}\t${[dense, words].filter((part) => part !== undefined).join('\t')}`;
  },
};

/** As RFC 4180 quotes. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function listModels({ engine, args, out }: CommandContext): Promise<void> {
  const models = await engine.models();
  if (args.json) {
    out(JSON.stringify({ models: models.map(toJsonRow) }));
    return;
  }
  for (const model of models) {
    const { id, provider, defaultDimension, languages } = model;
    const note = model.provider === 'local' ? (model.installed ? '' : '  (not installed)') : `  ${priceOf(model)}`;
    out(
      `${id.padEnd(30)} ${provider.padEnd(9)} ${String(defaultDimension).padStart(4)}  ${languages.join(', ')}${note}`,
    );
  }
}

function toJsonRow(model: ModelInfo): object {
  const { id, provider, dimensions, defaultDimension, maxTokens, languages, scores } = model;
  const common = { model: id, provider, dimensions, default: defaultDimension, tokens: maxTokens, languages, scores };
  if (model.provider === 'local') {
    return { ...common, rows: 1, price: 0, installed: model.installed, licence: model.licence };
  }
  const { input, rowsPerRequest, pricePer1kTokens, imagePricePer1kTokens, freeTokens, languageCount } = model;
  const { outputs, textType, instruct, newer } = model;
  return {
    ...common,
    rows: rowsPerRequest,
    price: pricePer1kTokens,
    ...(imagePricePer1kTokens !== undefined && { imagePrice: imagePricePer1kTokens }),
    currency: 'CNY',
    free: freeTokens,
    input,
    languageCount,
    outputs,
    textType,
    instruct,
    newer,
  };
}

function priceOf({ pricePer1kTokens, input }: Extract<ModelInfo, { provider: 'dashscope' }>): string {
  return `${pricePer1kTokens} CNY/1k${input === 'text' ? '' : `  (${input})`}`;
}

function readInput(file: string | undefined): string[] {
  let text: string;
  try {
    text = fs.readFileSync(file ?? process.stdin.fd, 'utf8');
  } catch (error) {
    throw new EngineError('file-not-found', { path: file ?? '-' }, { cause: error });
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
