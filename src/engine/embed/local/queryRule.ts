// Stage 3, local: how much each part of a space says to a query. Weights live in query vectors only, so stored vectors never
// change with this rule. Invariant: weights sum to 1 and each stored part has unit length, so a dot product is the weighted
// mean of the parts' cosines, and a text compared with itself gives 1.
import { hasCjk } from '../../cjk.ts';

const ONE = [1];
const CHINESE = [0, 1];
const OTHER = [2 / 3, 1 / 3];

/**
 * Weights of the parts for a query text. In the bilingual space (MiniLM, bge-small-zh) a query with any CJK letter asks the
 * Chinese half alone; any other query takes the Chinese half at half weight (measured in local-models.md 2a: plain concatenation
 * is bad for Chinese, and gating on the document as well is worse).
 */
export function queryWeights(text: string, parts: number): readonly number[] {
  if (parts === 1) return ONE;
  return hasCjk(text) ? CHINESE : OTHER;
}

/** A stored row (or parts laid side by side) with its parts scaled. `sizes` are the parts' dimensions in order. */
export function weighParts(row: Float32Array, sizes: readonly number[], weights: readonly number[]): Float32Array {
  const query = Float32Array.from(row);
  let offset = 0;
  sizes.forEach((size, part) => {
    const weight = weights[part] ?? 0;
    for (let i = offset; i < offset + size; i++) query[i] = (query[i] ?? 0) * weight;
    offset += size;
  });
  return query;
}
