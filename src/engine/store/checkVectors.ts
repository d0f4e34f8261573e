// Stage 4, the gate: no vector that would spoil a search gets in. Invariant: every part of every row has unit length. Cost: one
// pass over the vectors.
import { EngineError } from '../errors.ts';
import type { EmbeddingSpace } from '../model.ts';
import type { StoredDocument } from './storedDocument.ts';

/** Room for float32 rounding and for models that normalise in float16. */
const UNIT_TOLERANCE = 1e-3;

/** Throws `bad-vector` unless there are `count` rows of the space's dimension whose parts have unit length. */
export function checkVectors(
  space: EmbeddingSpace,
  partDimensions: readonly number[],
  count: number,
  vectors: Float32Array,
): void {
  const bad = (reason: string) => new EngineError('bad-vector', { model: space.model, reason });
  if (vectors.length !== count * space.dimension) {
    throw bad(`${vectors.length} numbers for ${count} rows of ${space.dimension}`);
  }
  for (let at = 0; at < vectors.length;) {
    for (const [part, length] of partDimensions.entries()) {
      let squares = 0;
      for (const end = at + length; at < end; at++) squares += (vectors[at] ?? 0) ** 2;
      const norm = Math.sqrt(squares);
      if (!(Math.abs(norm - 1) <= UNIT_TOLERANCE)) {
        throw bad(`length ${norm} of part ${part} in row ${Math.floor((at - 1) / space.dimension)}`);
      }
    }
  }
}

/** Whether a row of a space whose parts are not known may be right: their squares add up to their number. */
export function isUnit(row: Float32Array): boolean {
  let squares = 0;
  for (const value of row) squares += value * value;
  const parts = Math.round(squares);
  return parts >= 1 && Math.abs(squares - parts) <= 3 * UNIT_TOLERANCE * parts;
}

export function hasBadVector({ chunks, vectors }: StoredDocument): boolean {
  const dimension = vectors.length / chunks.length;
  return chunks.some((_, i) => !isUnit(vectors.subarray(i * dimension, (i + 1) * dimension)));
}
