// Unit vectors in clusters of very different sizes, as the texts of a workspace are: topics, and files in them.
import { seededRandom } from './seededNumbers.ts';

const TOPICS = 12;
const ITEMS_A_FILE = 10;

/** count x dimension. */
export function clusteredVectors(count: number, dimension: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  const direction = (): Float64Array => Float64Array.from({ length: dimension }, () => random() + random() + random() - 1.5); // prettier-ignore
  const topics = Array.from({ length: TOPICS }, direction);
  const vectors = new Float32Array(count * dimension);
  let topic = direction();
  let file = direction();
  for (let item = 0; item < count; item++) {
    if (item % ITEMS_A_FILE === 0) {
      topic = topics[Math.floor(random() ** 2 * TOPICS)]!;
      file = direction();
    }
    const own = direction();
    const vector = own.map((value, i) => topic[i]! + 0.5 * file[i]! + 0.5 * value);
    const length = Math.hypot(...vector);
    vectors.set(vector.map((value) => value / length), item * dimension); // prettier-ignore
  }
  return vectors;
}
