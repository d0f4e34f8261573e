// Unit vectors in groups, from a seed: a common direction, one of a topic, and noise.
import { normalRandom } from './syntheticFiles.ts';
import { seededRandom } from './seededNumbers.ts';

export interface TopicVectors {
  /** count x dimension. */
  readonly vectors: Float32Array;
  readonly topicOf: readonly number[];
}

/** `noise`: length of the noise against a topic's direction of length 1. */
export function topicVectors(
  count: number,
  dimension: number,
  { topics, noise = 0.8, seed = 1 }: { readonly topics: number; readonly noise?: number; readonly seed?: number },
): TopicVectors {
  const random = seededRandom(seed);
  const direction = (): number[] =>
    Array.from({ length: dimension }, () => normalRandom(random) / Math.sqrt(dimension));
  const common = direction();
  const directions = Array.from({ length: topics }, direction);
  const vectors = new Float32Array(count * dimension);
  const topicOf = Array.from({ length: count }, () => Math.floor(random() * topics));
  topicOf.forEach((topic, item) => {
    const own = direction();
    const row = Float64Array.from(own, (x, i) => 0.5 * common[i]! + directions[topic]![i]! + noise * x);
    const length = Math.hypot(...row);
    row.forEach((x, i) => (vectors[item * dimension + i] = x / length));
  });
  return { vectors, topicOf };
}
