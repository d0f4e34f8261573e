// Stage 6, layout: from weighted edges to places in the plane, by UMAP's stochastic descent: every edge pulls its ends together as often
// as it weighs, and each pull is answered by pushes from items picked at random. Invariant: a pure function; the same graph, start and
// options give the same bits. Cost: about 6 x edges x mean weight x epochs steps of some nanoseconds; nothing is allocated in the loops.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { FORCE_BEGIN, FORCE_SHIFT, forceTables, LEAST_SQUARE } from './forces.ts';
import { mixBits } from './seededBits.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface LayoutOptions {
  readonly epochs: number;
  /** Of the first epoch; falls to 0. UMAP's is 1. */
  readonly rate: number;
  /** 1 by item that may move; all others stay where they are. Undefined: all may. */
  readonly moving?: Uint8Array;
  /** Before each epoch; what it throws ends the work. */
  readonly onEpoch?: (done: number, of: number) => void;
}

/** Pushes a pull; UMAP's `negative_sample_rate`. */
const PUSHES = 5;
const MOST_PICKS = 2 ** 16;

/** `start` and result: count x 2. */
export function layoutOf(graph: FuzzyGraph, start: Float32Array, options: LayoutOptions): Float32Array {
  const { count, offsets, targets } = graph;
  const { epochs, rate, onEpoch } = options;
  const places = start.slice();
  const moving = options.moving ?? new Uint8Array(count).fill(1);
  const periods = periodsOf(graph, epochs);
  const due = periods.slice();
  const { pull, push } = forceTables();
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const picks = new Uint32Array(Math.min(MOST_PICKS, 2 ** Math.ceil(Math.log2(Math.max(1_024, count)))));
  const lastPick = picks.length - 1;
  let pick = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    onEpoch?.(epoch - 1, epochs);
    pickItems(picks, count, epoch);
    const step = rate * (1 - (epoch - 1) / epochs);
    for (let item = 0; item < count; item++) {
      if (moving[item] === 0) continue;
      let x = places[2 * item]!;
      let y = places[2 * item + 1]!;
      const end = offsets[item + 1]!;
      for (let e = offsets[item]!; e < end; e++) {
        if (due[e]! > epoch) continue;
        due[e]! += periods[e]!;
        const other = targets[e]!;
        let dx = x - places[2 * other]!;
        let dy = y - places[2 * other + 1]!;
        float[0] = dx * dx + dy * dy + LEAST_SQUARE;
        let force = pull[(bits[0]! >> FORCE_SHIFT) - FORCE_BEGIN]! * step;
        if (moving[other] === 1) {
          places[2 * other]! -= force * dx;
          places[2 * other + 1]! -= force * dy;
        }
        x += force * dx;
        y += force * dy;
        // All pushes are those of one place, so that they need not wait for each other.
        let pushX = 0;
        let pushY = 0;
        for (let p = 0; p < PUSHES; p++) {
          pick = (pick + 1) & lastPick;
          const picked = picks[pick]!;
          dx = x - places[2 * picked]!;
          dy = y - places[2 * picked + 1]!;
          float[0] = dx * dx + dy * dy + LEAST_SQUARE;
          force = push[(bits[0]! >> FORCE_SHIFT) - FORCE_BEGIN]!;
          pushX += force * dx;
          pushY += force * dy;
        }
        x += pushX * step;
        y += pushY * step;
      }
      places[2 * item] = x;
      places[2 * item + 1] = y;
    }
  }
  return places;
}

/** Epochs from one pull of an edge to its next: the heaviest pulls in each epoch, those that are too light for one pull never. */
function periodsOf({ weights }: FuzzyGraph, epochs: number): Float32Array {
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  return weights.map((weight) => (weight * epochs < heaviest ? Infinity : heaviest / weight));
}

/** Other items in each epoch: xorshift (Marsaglia 2003). */
function pickItems(picks: Uint32Array, count: number, seed: number): void {
  let state = mixBits(seed) | 1;
  const scale = count / 2 ** 32;
  for (let i = 0; i < picks.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    picks[i] = (state >>> 0) * scale;
  }
}
