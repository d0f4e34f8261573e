// Stage 6, layout: items without a place are put among their neighbours. Invariant: placed items stay; every item has a place at the
// end, and no two coincide. Cost: the edges, once a round; an item waits as many rounds as it is edges away from the placed ones.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { jitterOf } from './seededBits.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** How far apart items of the same neighbours are put. */
const SPREAD = 0.1;
/** And those that nothing links to a place. */
const LOST_SPREAD = 100 * SPREAD;

/**
 * Fills `places` (count x 2) where `placed` is 0, and sets that to 1: near the weighted mean of the neighbours that have a place. Those
 * that no edges lead to gather around `middle`.
 */
export function placeByNeighbours(
  { count, offsets, targets, weights }: FuzzyGraph,
  places: Float32Array,
  placed: Uint8Array,
  middle: readonly [number, number],
): void {
  const put = (item: number, x: number, y: number, within: number): void => {
    places[2 * item] = x + within * jitterOf(2 * item);
    places[2 * item + 1] = y + within * jitterOf(2 * item + 1);
  };
  let waiting: number[] = [];
  for (let item = 0; item < count; item++) if (placed[item] === 0) waiting.push(item);
  while (waiting.length > 0) {
    const found: number[] = [];
    const left: number[] = [];
    for (const item of waiting) {
      let sum = 0;
      let x = 0;
      let y = 0;
      for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
        const other = targets[e]!;
        if (placed[other] === 0) continue;
        sum += weights[e]!;
        x += weights[e]! * places[2 * other]!;
        y += weights[e]! * places[2 * other + 1]!;
      }
      if (sum === 0) left.push(item);
      else {
        put(item, x / sum, y / sum, SPREAD);
        found.push(item);
      }
    }
    if (found.length === 0) {
      for (const item of left) put(item, ...middle, LOST_SPREAD);
      found.push(...left.splice(0));
    }
    for (const item of found) placed[item] = 1; // only now: an item's place must not hang on its number in the round
    waiting = left;
  }
}
