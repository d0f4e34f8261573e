// Stage 3, remote: an answer's items -> one checked vector a row. Invariant: vectors are matched by the index that the service
// gives, never by their place in the answer; what is missing, doubled, of no number or zero is an error. Cost: one pass.
import type { SparseVector, VectorOutput } from '../../model.ts';
import { isRecord, RemoteFailure } from './remoteFailure.ts';
import type { WireVector } from './wire.ts';

/** Throws {@link RemoteFailure} `answer`. */
export function readVectors(items: unknown, indexKey: string, rows: number, output: VectorOutput): WireVector[] {
  if (!Array.isArray(items)) throw badAnswer('no list of vectors');
  const vectors: (WireVector | undefined)[] = Array.from({ length: rows }, () => undefined);
  for (const item of items as unknown[]) {
    if (!isRecord(item)) throw badAnswer('a vector of another shape');
    const index = item[indexKey];
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= rows)
      throw badAnswer('a vector of no row');
    if (vectors[index]) throw badAnswer('two vectors of one row');
    vectors[index] = readVector(item, output);
  }
  return vectors.map((vector) => {
    if (!vector) throw badAnswer(`${items.length} vectors for ${rows} rows`);
    return vector;
  });
}

export function badAnswer(reason: string): RemoteFailure {
  return new RemoteFailure({ kind: 'answer', status: 200, reason });
}

/** A body as an object. Throws {@link RemoteFailure} `answer`. */
export function readJsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw badAnswer('no JSON');
  }
  if (!isRecord(parsed)) throw badAnswer('JSON of another shape');
  return parsed;
}

/** `usage.total_tokens`, when it is there. */
export function tokensIn(answer: Readonly<Record<string, unknown>>): number | undefined {
  const usage = answer['usage'];
  const tokens = isRecord(usage)
    ? (usage['total_tokens'] ?? usage['prompt_tokens'] ?? usage['input_tokens'])
    : undefined;
  return typeof tokens === 'number' && Number.isFinite(tokens) && tokens >= 0 ? tokens : undefined;
}

function readVector(item: Readonly<Record<string, unknown>>, output: VectorOutput): WireVector {
  const dense = output === 'sparse' ? undefined : readDense(item['embedding']);
  const sparse = output === 'dense' ? undefined : readSparse(item['sparse_embedding']);
  return { ...(dense && { dense }), ...(sparse && { sparse }) };
}

/** Numbers, or base64 of 32-bit floats, little-endian: some servers send floats where base64 was asked for, and the reverse. */
export function readDense(value: unknown): Float32Array {
  const vector = typeof value === 'string' ? fromBase64(value) : Array.isArray(value) ? fromNumbers(value) : undefined;
  if (!vector || vector.length === 0) throw badAnswer('a row without a vector');
  let zero = true;
  for (const x of vector) {
    if (!Number.isFinite(x)) throw badAnswer('a vector with something that is no number');
    if (x !== 0) zero = false;
  }
  if (zero) throw badAnswer('a vector of zeros');
  return vector;
}

function fromNumbers(values: readonly unknown[]): Float32Array {
  const vector = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    vector[i] = typeof value === 'number' ? value : NaN;
  }
  return vector;
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0) throw badAnswer('base64 that is no list of 32-bit numbers');
  const vector = new Float32Array(bytes.length / 4);
  for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatLE(i * 4);
  return vector;
}

function readSparse(value: unknown): SparseVector {
  if (!Array.isArray(value)) throw badAnswer('a row without a sparse vector');
  const entries = (value as unknown[]).map((entry) => {
    if (!isRecord(entry)) throw badAnswer('a sparse vector of another shape');
    const { index, value: weight, token } = entry;
    if (typeof index !== 'number' || typeof weight !== 'number' || !Number.isFinite(weight))
      throw badAnswer('a sparse vector of another shape');
    return { index, weight, token: typeof token === 'string' ? token : undefined };
  });
  entries.sort((a, b) => a.index - b.index);
  const tokens = entries.flatMap(({ token }) => (token === undefined ? [] : [token]));
  return {
    indices: entries.map(({ index }) => index),
    values: entries.map(({ weight }) => weight),
    ...(tokens.length === entries.length && { tokens }),
  };
}
