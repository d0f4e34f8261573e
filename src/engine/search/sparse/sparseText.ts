// Stage 5, sparse vectors as they are kept with a chunk: a string, which shards, journal and memory all hold as it is.
// Cost: 11 letters a weight; a vector has about one for each word of its text.
import type { SparseVector } from '../../model.ts';

/** Base64 of the indices (uint32, little-endian), then of the weights (float32). */
export function sparseToText({ indices, values }: SparseVector): string {
  const bytes = Buffer.alloc(indices.length * 8);
  indices.forEach((index, i) => bytes.writeUInt32LE(index, i * 4));
  values.forEach((value, i) => bytes.writeFloatLE(value, (indices.length + i) * 4));
  return bytes.toString('base64');
}

export interface Weights {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

export function textToWeights(text: string): Weights {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  const count = bytes.length >> 3;
  return { indices: new Uint32Array(bytes.buffer, 0, count), values: new Float32Array(bytes.buffer, count * 4, count) };
}
