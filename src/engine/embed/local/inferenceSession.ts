// Stage 3, local, in an inference child: one model, one text at a time as [1, length] without padding. Invariant: a vector
// depends on its text alone (8-bit models take one scale per batch, so batching would change vectors; local-models.md 1e).
// Cost: about 13 ms for a full chunk with MiniLM on one core.
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { EngineError } from '../../errors.ts';
import type { LocalModel } from './localModel.ts';
import type { LoadedRuntime } from './runtime.ts';
import { loadTokenizer } from './tokenizer.ts';

export interface ModelSession {
  /** A unit vector and the tokens that were read. Throws `bad-vector`, `runtime-unavailable`. */
  embed(text: string): Promise<{ readonly vector: Float32Array; readonly tokens: number }>;
}

/** Loads a model and its tokenizer. Throws `runtime-unavailable` when the model can't be loaded or wants unknown inputs. */
export async function openModel(runtime: LoadedRuntime, model: LocalModel): Promise<ModelSession> {
  const { tokenizer, session } = await load(runtime, model);
  const output = session.outputNames.find((name) => name === 'last_hidden_state') ?? session.outputNames[0] ?? '';
  return {
    async embed(text) {
      const ids = tokenizer.encode(text);
      const feeds = Object.fromEntries(
        session.inputNames.map((name) => [name, inputTensor(runtime, model, name, ids)]),
      );
      const result = await session.run(feeds, [output]);
      return { vector: unit(pool(result[output], model), model), tokens: ids.length };
    },
  };
}

async function load(
  runtime: LoadedRuntime,
  model: LocalModel,
): Promise<{ tokenizer: ReturnType<typeof loadTokenizer>; session: InferenceSession }> {
  try {
    return { tokenizer: loadTokenizer(model), session: await runtime.createSession(model) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('runtime-unavailable', { model: model.id, reason }, { cause: error });
  }
}

function inputTensor(runtime: LoadedRuntime, model: LocalModel, name: string, ids: readonly number[]): Tensor {
  const values = inputValues(name, ids);
  if (values === undefined) {
    throw new EngineError('runtime-unavailable', { model: model.id, reason: `the model wants the input ${name}` });
  }
  return new runtime.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
}

function inputValues(name: string, ids: readonly number[]): readonly number[] | undefined {
  switch (name) {
    case 'input_ids':
      return ids;
    case 'attention_mask':
      return ids.map(() => 1);
    case 'token_type_ids':
      return ids.map(() => 0);
    case 'position_ids':
      return ids.map((_, i) => i);
    default:
      return undefined;
  }
}

/** [1, length, dimension] -> [dimension]; a model that already pools gives [1, dimension]. */
function pool(output: Tensor | undefined, model: LocalModel): Float64Array {
  const data = output?.data;
  const dimension = output?.dims.at(-1) ?? 0;
  if (!(data instanceof Float32Array) || dimension === 0 || data.length === 0 || data.length % dimension !== 0) {
    const shape = `${output?.type ?? 'nothing'} [${output?.dims.join(', ') ?? ''}]`;
    throw new EngineError('bad-vector', { model: model.id, reason: `the output is ${shape}` });
  }
  if (model.pooling === 'cls') return Float64Array.from(data.subarray(0, dimension));
  const sums = new Float64Array(dimension); // the mean but for its length, which `unit` sets
  for (let start = 0; start < data.length; start += dimension) {
    for (let i = 0; i < dimension; i++) sums[i] = (sums[i] ?? 0) + (data[start + i] ?? 0);
  }
  return sums;
}

function unit(vector: Float64Array, model: LocalModel): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) {
    throw new EngineError('bad-vector', { model: model.id, reason: `length ${length}` });
  }
  return Float32Array.from(vector, (value) => value / length);
}
