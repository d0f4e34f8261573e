// Text embedding, native and compatible: the checks in the service's order (model, input, rows, length, parameters, content) and
// the two shapes of the answer.
import { randomUUID } from 'node:crypto';
import { countTokens } from '../countedTokens.ts';
import { field } from '../loopbackServer.ts';
import { meaningVector, textFeatures, wordsOf } from '../meaningVectors.ts';
import { hashText } from '../seededNumbers.ts';
import type { AnswerRow, SparseEntry } from './answers.ts';
import { emulatedModels, type EmulatedModel } from './models.ts';
import { refusals, type ErrorShape } from './refusals.ts';

/** A text with this in it does not pass the content check; the whole request is refused. */
export const FORBIDDEN_TEXT = 'FORBIDDEN-CONTENT';

export type OutputType = 'dense' | 'sparse' | 'dense&sparse';

/** A text request that has passed the checks. */
export interface TextOrder {
  readonly model: EmulatedModel;
  readonly texts: readonly string[];
  readonly dimension: number;
  readonly textType: 'query' | 'document';
  readonly instruct: string | undefined;
  readonly output: OutputType;
  readonly base64: boolean;
  readonly tokens: number;
}

/** The model of a request, if this path serves it. */
export function modelOf(body: unknown, kinds: readonly EmulatedModel['kind'][]): EmulatedModel {
  const name = field(body, 'model');
  if (name === undefined || name === '') throw refusals.noModel();
  const model = emulatedModels.find((each) => each.name === name);
  if (!model) throw refusals.unknownModel(typeof name === 'string' ? name : JSON.stringify(name));
  if (!kinds.includes(model.kind)) throw refusals.wrongPath(model.name);
  return model;
}

/** The texts and parameters of either path, or the refusal that comes first. */
export function textOrder(model: EmulatedModel, body: unknown, shape: ErrorShape, rowsLimit: number): TextOrder {
  const texts = shape === 'native' ? nativeTexts(body) : compatibleTexts(body);
  const rows = Math.min(model.rows, rowsLimit);
  if (texts.length > rows) throw refusals.tooManyRows(rows);
  const tokens = checkedTokens(model, texts);
  const parameters = shape === 'native' ? nativeParameters(model, body) : compatibleParameters(model, body);
  checkContent(texts);
  return { model, texts, tokens, ...parameters };
}

function nativeTexts(body: unknown): string[] {
  const input = field(body, 'input');
  const texts = field(input, 'texts');
  if (input === undefined || texts === undefined) throw refusals.noInput();
  return stringsOf(texts);
}

function compatibleTexts(body: unknown): string[] {
  const input = field(body, 'input');
  return typeof input === 'string' ? [input] : stringsOf(input); // token ids are neither
}

function stringsOf(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw refusals.notTexts();
  if (value.length === 0) throw refusals.noInput();
  return value;
}

/** Tokens of all texts; refuses an empty and an over-long one, except where the model truncates. */
export function checkedTokens(model: EmulatedModel, texts: readonly string[]): number {
  const counts = texts.map(countTokens);
  const wrong = texts.some((text, i) => text === '' || (!model.truncates && counts[i]! > model.tokensPerRow));
  if (wrong) throw refusals.length(model.tokensPerRow);
  return counts.reduce((sum, count) => sum + Math.min(count, model.tokensPerRow), 0);
}

export function checkContent(texts: readonly string[]): void {
  if (texts.some((text) => text.includes(FORBIDDEN_TEXT))) throw refusals.inspected();
}

type TextParameters = Pick<TextOrder, 'dimension' | 'textType' | 'instruct' | 'output' | 'base64'>;

function nativeParameters(model: EmulatedModel, body: unknown): TextParameters {
  const parameters = parametersOf(body);
  const dimension = dimensionOf(model, field(parameters, 'dimension'));
  const textType = textTypeOf(field(parameters, 'text_type'));
  const output = field(parameters, 'output_type') ?? 'dense';
  if (output !== 'dense' && output !== 'sparse' && output !== 'dense&sparse') {
    throw refusals.parameter('output_type is invalid, it should be dense, sparse or dense&sparse');
  }
  if (output !== 'dense' && !model.hasSparse) {
    throw refusals.parameter(`output_type ${output} is not supported by ${model.name}`);
  }
  const instruct = field(parameters, 'instruct');
  if (instruct !== undefined && typeof instruct !== 'string') throw refusals.parameter('instruct is not a str');
  const heeded = model.readsInstruct === true && textType === 'query';
  return { dimension, textType, instruct: heeded ? instruct : undefined, output, base64: false };
}

export function parametersOf(body: unknown): unknown {
  const parameters = field(body, 'parameters');
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw refusals.parameter('parameters is not an object');
  }
  return parameters;
}

export function textTypeOf(value: unknown): 'query' | 'document' {
  if (value !== undefined && value !== 'query' && value !== 'document') {
    throw refusals.parameter('text_type is invalid, it should be query or document');
  }
  return value ?? 'document';
}

function compatibleParameters(model: EmulatedModel, body: unknown): TextParameters {
  const dimension = dimensionOf(model, field(body, 'dimensions')); // the misspelt `dimension` is not looked at
  const encoding = field(body, 'encoding_format') ?? 'float';
  if (encoding !== 'float' && encoding !== 'base64') {
    throw refusals.parameter('encoding_format is invalid, it should be float or base64');
  }
  return { dimension, textType: 'document', instruct: undefined, output: 'dense', base64: encoding === 'base64' };
}

/** Strict about the type too: the guide's `"1024"` is refused where the parameter is read. */
export function dimensionOf(model: EmulatedModel, wanted: unknown): number {
  const [usual] = model.dimensions;
  if (wanted === undefined || model.ignoresDimension) return usual!;
  if (typeof wanted !== 'number' || !model.dimensions.includes(wanted)) {
    throw refusals.dimension(model.name, model.dimensions);
  }
  return wanted;
}

export function textRows(order: TextOrder): AnswerRow[] {
  return order.texts.map((text, index) => ({
    index,
    ...(order.output !== 'sparse' && { vector: textVector(order, text) }),
    ...(order.output !== 'dense' && { sparse: sparseVector(text) }),
  }));
}

/** Documents stand where their text does; queries, and those with an instruction, a little to one side. */
export function textVector(
  order: Pick<TextOrder, 'model' | 'dimension' | 'textType' | 'instruct'>,
  text: string,
): number[] {
  const type = order.textType === 'query' ? { type: `query ${order.instruct ?? ''}` } : {};
  // A batch model makes the vectors of its synchronous twin [INFER].
  const space = order.model.name.replace('-async', '');
  return meaningVector(textFeatures(text), text, { space, dimension: order.dimension, ...type });
}

/** The words of a text, each with the id that the hash gives it. */
function sparseVector(text: string): SparseEntry[] {
  return [...wordsOf(text)].map(([token, times]) => ({
    index: hashText(token) % 250_000,
    value: Math.round((1 - 0.5 ** times) * 1e4) / 1e4,
    token,
  }));
}

export function nativeAnswer(rows: readonly AnswerRow[], tokens: number): unknown {
  const embeddings = rows.map(({ index, vector, sparse }) => ({
    text_index: index,
    ...(vector && { embedding: vector }),
    ...(sparse && { sparse_embedding: sparse }),
  }));
  return { output: { embeddings }, usage: { total_tokens: tokens }, request_id: randomUUID() };
}

export function compatibleAnswer(rows: readonly AnswerRow[], order: TextOrder, base64: boolean): unknown {
  return {
    data: rows.map(({ index, vector = [] }) => ({
      embedding: base64 ? base64Floats(vector) : vector,
      index,
      object: 'embedding',
    })),
    model: order.model.name,
    object: 'list',
    usage: { prompt_tokens: order.tokens, total_tokens: order.tokens },
    id: randomUUID(),
  };
}

/** 32-bit floats, little-endian. */
export function base64Floats(vector: readonly (number | null)[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((component, i) => bytes.writeFloatLE(component ?? NaN, i * 4));
  return bytes.toString('base64');
}
