// Stage 3, local: makes the embedder of one local space: one model, or MiniLM and bge-small-zh side by side, over a pool of inference
// children. Invariant: weights are checked against their pinned hashes before they are run. Cost: nothing is started or read until
// the first text, except for a user's own model, which is run once to learn its dimension.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { EngineError, errnoOf } from '../../errors.ts';
import type { EmbedInput, EmbeddingSpace, VectorOutput } from '../../model.ts';
import type { Embedder, EmbedderOptions, PartResult, TextVector } from '../embedder.ts';
import { catalogueParts } from './catalogue.ts';
import { hasCjk } from '../../cjk.ts';
import { textsOnly } from '../media.ts';
import { type EmbedOptions, InferencePool } from './inferencePool.ts';
import type { LocalModel, ModelPart } from './localModel.ts';
import { ownModelPart } from './ownModel.ts';
import { queryWeights, weighParts } from './queryRule.ts';
import { loadTokenizer, type TextTokenizer } from './tokenizer.ts';
import { checkWeights } from './weights.ts';

/** Children without work leave after this time: each holds about 180 MB. */
const IDLE_MS = 60_000;

/** 256 tokens are never longer than this but for text that is nearly all white space or unreadable words. */
const MAX_CHARACTERS = 65_536;

/** Throws `unknown-model`, `dimension-not-allowed`, and for a user's own model what `Embedder.embedPart` throws. */
export async function createLocalEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const pool = new InferencePool({
    entry: options.inferenceEntry,
    maxChildren: childrenFor(options.maxConcurrency, availableParallelism()),
    idleMs: IDLE_MS,
    ...(options.manners && { isGentle: options.manners.isGentle, lowPriority: true }),
  });
  try {
    const parts = await resolveParts(options, pool);
    const dimension = parts.reduce((sum, part) => sum + part.dimension, 0);
    if (options.dimension !== undefined && options.dimension !== dimension) {
      const { model, dimension: asked } = options;
      throw new EngineError('dimension-not-allowed', { model, dimension: asked, allowed: String(dimension) });
    }
    return new LocalEmbedder(options, parts, pool);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** All cores of a small machine, half of a larger one, at most 4: what is more slows the editor and hardly helps. */
export function childrenFor(maxConcurrency: number, cores: number): number {
  if (maxConcurrency > 0) return Math.max(1, Math.floor(maxConcurrency));
  return Math.min(4, Math.max(1, cores <= 2 ? cores : Math.ceil(cores / 2)));
}

async function resolveParts(options: EmbedderOptions, pool: InferencePool): Promise<ModelPart[]> {
  if (!path.isAbsolute(options.model)) return catalogueParts(options.model, options.modelsFolder);
  const probe = async (model: LocalModel): Promise<number> =>
    (await pool.embed(model, ['dimension'], { urgent: true })).vectors.length;
  return [await ownModelPart(path.normalize(options.model), probe)];
}

class LocalEmbedder implements Embedder {
  readonly space: EmbeddingSpace;
  readonly parts: Embedder['parts'];
  readonly preferredInFlight: number;
  readonly multimodal = false;
  readonly #models: readonly ModelPart[];
  readonly #sizes: readonly number[];
  readonly #pool: InferencePool;
  #counter: TextTokenizer | undefined;

  constructor(options: EmbedderOptions, models: readonly ModelPart[], pool: InferencePool) {
    const spaceOf = (name: string, dimension: number, prompt: string): EmbeddingSpace => ({
      provider: 'local',
      model: name,
      dimension,
      output: 'dense',
      prompt,
      chunkerVersion: options.chunkerVersion,
    });
    let offset = 0;
    this.parts = models.map(({ name, dimension, prompt }) => {
      const part = { space: spaceOf(name, dimension, prompt), offset };
      offset += dimension;
      return part;
    });
    const [first, ...others] = this.parts;
    if (first === undefined) throw new EngineError('internal', { reason: 'a space without a model' });
    this.space =
      others.length === 0 ? first.space : spaceOf(options.model, offset, models.map((part) => part.prompt).join('+'));
    this.preferredInFlight = pool.textsInFlight;
    this.#models = models;
    this.#sizes = models.map((part) => part.dimension);
    this.#pool = pool;
  }

  get runtime(): Embedder['runtime'] {
    return this.#pool.runtime;
  }

  async embedPart(
    part: number,
    inputs: readonly EmbedInput[],
    signal?: AbortSignal,
    urgent = false,
  ): Promise<PartResult> {
    const { model } = this.#part(part);
    return this.#embed(
      part,
      textsOnly(inputs, model.id).map((text) => model.documentPrefix + text),
      { urgent, signal },
    );
  }

  async embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    const weights = queryWeights(text, this.#models.length);
    const row = new Float32Array(this.space.dimension);
    const asked = this.parts.map(async ({ offset }, part) => {
      if (weights[part] === 0) return;
      const { model } = this.#part(part);
      const prefix = model.queryPrefixFor === 'all' || hasCjk(text) ? model.queryPrefix : '';
      const { vectors } = await this.#embed(part, [prefix + text], { urgent: true, signal });
      row.set(vectors, offset);
    });
    await Promise.all(asked);
    return weighParts(row, this.#sizes, weights);
  }

  async embedTexts(
    texts: readonly EmbedInput[],
    output: VectorOutput,
    signal?: AbortSignal,
  ): Promise<{ rows: readonly TextVector[]; tokens: number }> {
    if (output !== 'dense') throw new EngineError('not-supported', { model: this.space.model, feature: output });
    const { dimension } = this.space;
    const rows = texts.map(() => ({ dense: new Float32Array(dimension), parts: 1 }));
    let tokens = 0;
    for (const [p, { offset, space }] of this.parts.entries()) {
      const result = await this.embedPart(p, texts, signal);
      tokens += result.tokens;
      rows.forEach(({ dense }, i) =>
        dense.set(result.vectors.subarray(i * space.dimension, (i + 1) * space.dimension), offset),
      );
    }
    return { rows, tokens };
  }

  exampleQuery(row: Float32Array, text: string): Float32Array {
    return weighParts(row, this.#sizes, queryWeights(text, this.#models.length));
  }

  countTokens(text: string): number {
    this.#counter ??= openCounter(this.#part(0).model);
    return this.#counter.count(text);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #embed(index: number, texts: readonly string[], options: EmbedOptions): Promise<PartResult> {
    const { model, files, dimension } = this.#part(index);
    await checkWeights(model.id, files);
    const cut = texts.map((text) => (text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text));
    const result = await this.#pool.embed(model, cut, options);
    if (result.vectors.length !== dimension * texts.length) {
      throw new EngineError('bad-vector', { model: model.id, reason: `not ${dimension} numbers a text` });
    }
    return result;
  }

  #part(index: number): ModelPart {
    const part = this.#models[index];
    if (part === undefined) throw new EngineError('internal', { reason: `no part ${index}` });
    return part;
  }
}

/** The tokenizer that chunks are measured with when the model's own is a service's secret. */
export function openChunkMeter(modelsFolder: string): TextTokenizer {
  const [part] = catalogueParts('minilm', modelsFolder);
  if (part === undefined) throw new EngineError('internal', { reason: 'no model to measure chunks with' });
  return openCounter(part.model);
}

function openCounter(model: LocalModel): TextTokenizer {
  try {
    return loadTokenizer(model);
  } catch (error) {
    const named = { model: model.id, file: model.tokenizerFile };
    const reason = errnoOf(error);
    if (reason !== undefined) throw new EngineError('weights-missing', { ...named, reason }, { cause: error });
    const actual = error instanceof Error ? error.message : String(error);
    throw new EngineError('weights-corrupt', { ...named, expected: 'a tokenizer', actual }, { cause: error });
  }
}
