// Stage 6, layout: where items start that no earlier layout knows: on the plane in which the vectors differ most (PCA by subspace
// iteration on a sample). Invariant: the same vectors give the same plane, turned the same way. Cost: ITERATIONS x SAMPLE x dimension,
// then two dot products an item.
import { jitterOf } from './seededBits.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

const SAMPLE = 2_000;
const ITERATIONS = 12;
/** UMAP's own: the descent's steps are made for places of this size. */
const START_RADIUS = 10;
/** Items that coincide would never be pushed apart. */
const JITTER = 0.02;
/** Of a vector's length. */
const ROUNDING = 1e-5;

/** Of the same length each, whatever that is. */
export interface Vectors {
  /** count x dimension. */
  readonly values: Float32Array | Int16Array;
  readonly dimension: number;
}

/** Places of `count` items, count x 2, in -START_RADIUS...START_RADIUS. */
export function principalPlane(count: number, { values, dimension }: Vectors): Float32Array {
  const vectorOf = (item: number): Float32Array | Int16Array =>
    values.subarray(item * dimension, (item + 1) * dimension);
  const places = new Float32Array(2 * count);
  if (count === 0) return places;
  const sampled = Math.min(count, SAMPLE);
  const sample = Array.from({ length: sampled }, (_, i) =>
    Float64Array.from(vectorOf(Math.floor((i * count) / sampled))),
  );
  const mean = meanOf(sample);
  for (const vector of sample) for (let i = 0; i < mean.length; i++) vector[i]! -= mean[i]!;
  const [first, second] = axesOf(sample, mean.length);
  const offset = [dot(mean, first), dot(mean, second)] as const;
  let farthest = 0;
  for (let item = 0; item < count; item++) {
    const vector = vectorOf(item);
    const x = dot(vector, first) - offset[0];
    const y = dot(vector, second) - offset[1];
    places[2 * item] = x;
    places[2 * item + 1] = y;
    farthest = Math.max(farthest, Math.abs(x), Math.abs(y));
  }
  // Rounding alone tells copies of one vector apart: that is no distance to be blown up.
  const scale = farthest > ROUNDING * Math.sqrt(dot(mean, mean)) ? START_RADIUS / farthest : 0;
  for (let i = 0; i < places.length; i++) places[i] = places[i]! * scale + JITTER * jitterOf(i);
  return places;
}

/** Two unit vectors at right angles, the one along which the (centred) vectors differ most first. */
function axesOf(centred: readonly Float64Array[], dimension: number): [Float64Array, Float64Array] {
  let first: Float64Array = Float64Array.from({ length: dimension }, (_, i) => jitterOf(i));
  let second: Float64Array = Float64Array.from({ length: dimension }, (_, i) => jitterOf(dimension + i));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const one = new Float64Array(dimension);
    const other = new Float64Array(dimension);
    for (const vector of centred) {
      const along = dot(vector, first);
      const across = dot(vector, second);
      for (let i = 0; i < dimension; i++) {
        one[i]! += along * vector[i]!;
        other[i]! += across * vector[i]!;
      }
    }
    first = turned(unit(one));
    const shared = dot(other, first);
    for (let i = 0; i < dimension; i++) other[i]! -= shared * first[i]!;
    second = turned(unit(other));
  }
  return [first, second];
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length;
  return mean;
}

function dot(a: Float32Array | Float64Array | Int16Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

/** An axis has two directions: the one in which its longest element is positive. */
function turned(axis: Float64Array): Float64Array {
  let longest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(longest)) longest = value;
  return longest < 0 ? axis.map((value) => -value) : axis;
}
