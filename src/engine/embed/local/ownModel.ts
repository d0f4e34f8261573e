// Stage 3, local: a user's own ONNX embedding model in a folder, as sentence-transformers exports it. Invariant: the space's
// name holds a hash of weights and tokenizer, so that exchanging the files opens another space. Cost: one hash of the weights.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineError, errnoOf } from '../../errors.ts';
import type { LocalModel, ModelPart } from './localModel.ts';
import { hashOf } from './weights.ts';

/** Where exporters put the model file, the smaller one first when a folder holds several. */
const MODEL_FILES = ['model_quantized.onnx', 'model.onnx', 'onnx/model_quantized.onnx', 'onnx/model.onnx'];

/** Longer texts are cut as for the catalogue's models: the chunker cuts at this length, more costs time and gains nothing. */
const MAX_TOKENS = 256;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what a folder says of its model; `probeDimension` runs it once. Pooling comes from `1_Pooling/config.json` (mean when
 * there is none), prefixes from the prompts of `config_sentence_transformers.json`. Throws `weights-missing` and
 * `runtime-unavailable` (a pooling that is not supported).
 */
export async function ownModelPart(
  folder: string,
  probeDimension: (model: LocalModel) => Promise<number>,
): Promise<ModelPart> {
  const modelFile = await firstFile(folder, MODEL_FILES);
  const tokenizerFile = path.join(folder, 'tokenizer.json');
  const config = path.join(folder, 'tokenizer_config.json');
  const tokenizerConfig = await readJson(folder, config);
  const sentence = await readJson(folder, path.join(folder, 'sentence_bert_config.json'));
  const prompts = record((await readJson(folder, path.join(folder, 'config_sentence_transformers.json')))?.['prompts']);

  const model: LocalModel = {
    id: folder,
    modelFile,
    tokenizerFile,
    ...(tokenizerConfig === undefined ? {} : { tokenizerConfigFile: config }),
    maxTokens: Math.min(MAX_TOKENS, limit(sentence?.['max_seq_length']), limit(tokenizerConfig?.['model_max_length'])),
    pooling: await poolingOf(folder),
    lowercase: sentence?.['do_lower_case'] === true,
    queryPrefix: text(prompts?.['query']),
    queryPrefixFor: 'all',
    documentPrefix: text(prompts?.['document'] ?? prompts?.['passage']),
    graph: 'all',
  };
  const weights = shortHash((await hashOf(folder, modelFile)) + (await hashOf(folder, tokenizerFile)));
  const { maxTokens, pooling, lowercase, documentPrefix } = model;
  return {
    model,
    files: [{ file: modelFile }, { file: tokenizerFile }],
    dimension: await probeDimension(model),
    name: `${path.basename(folder)}-${weights}`,
    prompt: `own-${pooling}-${shortHash(JSON.stringify({ maxTokens, pooling, lowercase, documentPrefix }))}`,
  };
}

async function poolingOf(folder: string): Promise<LocalModel['pooling']> {
  const pooling = await readJson(folder, path.join(folder, '1_Pooling', 'config.json'));
  if (pooling === undefined || pooling['pooling_mode_mean_tokens'] === true) return 'mean';
  if (pooling['pooling_mode_cls_token'] === true) return 'cls';
  const mode = Object.keys(pooling).find((key) => key.startsWith('pooling_mode') && pooling[key] === true);
  throw new EngineError('runtime-unavailable', { model: folder, reason: `${mode ?? 'its pooling'} is not supported` });
}

async function firstFile(folder: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() === true) return file;
  }
  throw new EngineError('weights-missing', { model: folder, file: path.join(folder, 'model.onnx'), reason: 'ENOENT' });
}

/** A JSON file that need not exist. A file that is there and can't be read as JSON is `weights-corrupt`. */
async function readJson(model: string, file: string): Promise<Json | undefined> {
  try {
    const json = record(JSON.parse(await readFile(file, 'utf8')));
    if (json !== undefined) return json;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw new EngineError('weights-corrupt', { model, file, expected: 'JSON', actual: 'unreadable' }, { cause: error });
  }
  throw new EngineError('weights-corrupt', { model, file, expected: 'a JSON object', actual: 'something else' });
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** A token limit; tokenizer_config.json writes 1e30 for "none". */
function limit(value: unknown): number {
  return typeof value === 'number' && value >= 8 ? value : Number.POSITIVE_INFINITY;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function shortHash(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8);
}
