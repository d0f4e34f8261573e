// Stage 6, layout: how strongly two items pull and push at a distance, as UMAP does (McInnes, Healy, Melville 2018, appendix C), looked
// up instead of computed: a power is ten times as dear as all the rest of a step. Invariant: within 2 % of the formula, no step longer
// than LONGEST_STEP. Cost: two tables of 28 KB.

/** What UMAP fits to `min_dist` 0.1 and `spread` 1: two items at distance d are neighbours to the degree 1 / (1 + A d^2B). */
const A = 1.576943460405378;
const B = 0.8950608781227859;
/** Keeps the push of items that coincide finite; UMAP's own value. */
const SOFTENING = 1e-3;
const LONGEST_STEP = 4;

/** Bits of the mantissa of a squared distance that are told apart. */
const MANTISSA_BITS = 5;
export const FORCE_SHIFT = 23 - MANTISSA_BITS;
/** Squared distances begin at 2^-40; to be added to them, so that none is below. */
export const LEAST_SQUARE = 2 ** -40;
/** Of float32's bits, shifted, at the table's begin. */
export const FORCE_BEGIN = (127 - 40) << MANTISSA_BITS;
const FORCE_END = 255 << MANTISSA_BITS;

/**
 * What the difference of two places is multiplied with. Index: the bits of the squared distance (as float32) shifted right by
 * FORCE_SHIFT, less FORCE_BEGIN.
 */
export interface Forces {
  /** Negative. */
  readonly pull: Float32Array;
  readonly push: Float32Array;
}

export function forceTables(): Forces {
  const pull = new Float32Array(FORCE_END - FORCE_BEGIN);
  const push = new Float32Array(pull.length);
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  for (let i = 0; i < pull.length; i++) {
    bits[0] = ((i + FORCE_BEGIN) << FORCE_SHIFT) | (1 << (FORCE_SHIFT - 1)); // the middle of the step
    const square = float[0] ?? 0;
    const power = Math.pow(square, B);
    const longest = LONGEST_STEP / Math.sqrt(square);
    pull[i] = -Math.min((2 * A * B * power) / square / (1 + A * power), longest);
    push[i] = Math.min((2 * B) / ((SOFTENING + square) * (1 + A * power)), longest);
  }
  return { pull, push };
}
