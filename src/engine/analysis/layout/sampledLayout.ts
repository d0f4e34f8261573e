// Stage 6, layout, of more items than can be laid out at once: a sample finds the shape, the others are put among their neighbours, and a
// short descent of all gives each its own place. Invariant: as layoutOf.ts. Cost: that of the sample, and REFINING of all.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { layoutOf } from './layoutOf.ts';
import { placeByNeighbours } from './placeByNeighbours.ts';
import { sampleOf, subgraphOf } from './subgraph.ts';

/** What the placing by neighbours leaves to do: without it they lie on top of each other. */
const REFINING = { epochs: 30, rate: 0.25 };

export interface SampledOptions {
  /** Items of the sample. */
  readonly sample: number;
  /** Of the sample's layout. */
  readonly epochs: number;
  readonly progress: (share: number) => void;
}

/** `ids`: see `itemId`. `start` and result: count x 2. */
export function sampledLayout(
  graph: FuzzyGraph,
  ids: Float64Array,
  start: Float32Array,
  { sample: size, epochs, progress }: SampledOptions,
): Float32Array {
  const sample = sampleOf(ids, size);
  const sampleWork = epochs * sample.length;
  const allWork = sampleWork + REFINING.epochs * graph.count;
  const ofSample = new Float32Array(2 * sample.length);
  for (const [number, item] of sample.entries()) ofSample.set(start.subarray(2 * item, 2 * item + 2), 2 * number);
  const shape = layoutOf(subgraphOf(graph, sample), ofSample, {
    epochs,
    rate: 1,
    onEpoch: (done) => progress((done * sample.length) / allWork),
  });
  const places = new Float32Array(2 * graph.count);
  const placed = new Uint8Array(graph.count);
  for (const [number, item] of sample.entries()) {
    places.set(shape.subarray(2 * number, 2 * number + 2), 2 * item);
    placed[item] = 1;
  }
  placeByNeighbours(graph, places, placed, [0, 0]);
  return layoutOf(graph, places, {
    ...REFINING,
    onEpoch: (done) => progress((sampleWork + done * graph.count) / allWork),
  });
}
