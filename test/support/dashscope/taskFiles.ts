// The files of async tasks: the input, one text a line, and the result, one JSON a line. No document describes the result; its
// shapes are those that known readers accept.
import { gzipSync } from 'node:zlib';
import { shuffled } from '../seededNumbers.ts';
import { answerText, spoilRows, type AnswerRow } from './answers.ts';
import type { Fault } from './faults.ts';
import type { EmulatedModel } from './models.ts';
import { Refusal, refusals } from './refusals.ts';
import type { TaskInput } from './taskBoard.ts';
import { checkContent, checkedTokens, textVector } from './textRequests.ts';

/**
 * A line of the result: `indexed` `{"text_index":0,"output":{"embedding":[...]}}`, `output` the same without the index, `flat`
 * `{"embedding":[...]}`, `list` `{"embeddings":[{"embedding":[...]}]}`. Only `indexed` lines can be out of order.
 */
export type ResultShape = 'indexed' | 'output' | 'flat' | 'list';

const SHAPES: Readonly<Record<ResultShape, (row: AnswerRow) => unknown>> = {
  indexed: ({ index, vector }) => ({ text_index: index, output: { embedding: vector } }),
  output: ({ vector }) => ({ output: { embedding: vector } }),
  flat: ({ vector }) => ({ embedding: vector }),
  list: ({ vector }) => ({ embeddings: [{ embedding: vector }] }),
};

/** The texts of an input file; throws what the task fails with. The last line end ends a line and begins none. */
export function readTaskInput(
  model: EmulatedModel,
  fileName: string,
  bytes: Buffer,
  textType: 'query' | 'document',
  maxLines: number,
): TaskInput {
  if (!fileName.endsWith('.txt')) throw new Refusal(400, 'InvalidFile.TypeNotTxt', 'File type should be txt');
  const lines = decodeUtf8(bytes).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw refusals.file('Content', 'The file is empty.');
  if (lines.length > maxLines) throw refusals.file('Size', `The file should have no more than ${maxLines} lines.`);
  const tokens = checkedTokens(model, lines);
  checkContent(lines);
  return { lines, textType, tokens };
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusals.file('Content', 'The file is not UTF-8.');
  }
}

export interface ResultRules {
  readonly shape: ResultShape;
  readonly gzip: boolean;
  readonly random: (() => number) | undefined;
}

/** Lines of a gzip file are packed in portions: 100,000 vectors do not fit a string. */
const PORTION = 200;

/** The whole result file, in parts: gzip members that follow each other are one gzip file (RFC 1952). */
export function* resultFile(
  model: EmulatedModel,
  input: TaskInput,
  fault: Fault | undefined,
  { shape, gzip, random }: ResultRules,
): Generator<Buffer> {
  const order = { model, dimension: model.dimensions[0]!, textType: input.textType, instruct: undefined };
  const indexes = input.lines.map((_, index) => index);
  const places = random && shape === 'indexed' ? shuffled(indexes, random) : indexes;
  for (let start = 0; start < places.length; start += PORTION) {
    const some = places.slice(start, start + PORTION);
    const rows = some.map((index) => ({ index, vector: textVector(order, input.lines[index]!) }));
    const lines = spoilRows(rows, start + PORTION >= places.length ? fault : undefined).map(
      (row) => `${answerText(SHAPES[shape](row), fault)}\n`,
    );
    const bytes = Buffer.from(lines.join(''), 'utf8');
    yield gzip ? gzipSync(bytes, { level: 1 }) : bytes;
  }
}
