// Stage 6, layout: all items of an index in the plane. Where an earlier layout knows nearly all of them, they stay and only what is new
// finds its place among them; else all are laid out, from where they were or from the vectors' principal plane. Invariant: pure; the
// same items, graph and earlier layout give the same bits. Cost: see layoutOf.ts; after a small change next to nothing.
import { clusterGraphOf, type FuzzyGraph } from '../graph/fuzzyGraph.ts';
import type { NeighbourGraph } from '../graph/neighbourGraph.ts';
import { type Frame, framed, frameOf } from './frame.ts';
import { layoutOf } from './layoutOf.ts';
import { placeByNeighbours } from './placeByNeighbours.ts';
import { principalPlane, type Vectors } from './principalPlane.ts';
import { mixBits } from './seededBits.ts';
import { sampledLayout } from './sampledLayout.ts';

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

export interface ItemLayout {
  /** `itemId` of each item's key. */
  readonly ids: Float64Array;
  /** count x 2, in the descent's measure. */
  readonly places: Float32Array;
  readonly frame: Frame;
  /** Share of the items that came since all were laid out. */
  readonly changed: number;
}

/** Can be cloned, as what runs in a thread must. */
export interface LayoutTask {
  readonly ids: Float64Array;
  readonly graph: NeighbourGraph;
  /** Of the items, count x dimension, in any measure; only needed where {@link needsVectors} says so. */
  readonly vectors?: Vectors | undefined;
  readonly earlier?: ItemLayout | undefined;
}

export interface LaidOut {
  readonly layout: ItemLayout;
  /** On the map: count x 2, -1...1. */
  readonly places: Float32Array;
}

/** Above it, a map is laid out anew, or what was once a good place no longer is. */
const MOST_CHANGED = 0.25;
/** An earlier layout that knows fewer is no start. */
const LEAST_KNOWN = 0.1;
const SETTLING = { epochs: 60, rate: 0.5 };
/** More items are laid out by a sample first. */
const MOST_AT_ONCE = 50_000;
/** More items find their order in fewer epochs. */
const MANY = { items: 10_000, epochs: 200 };
const FEW_EPOCHS = 400;
const NO_VECTORS: Vectors = { values: new Float32Array(0), dimension: 0 };

/** Whether no earlier layout knows enough of the items to start from. */
export function needsVectors(ids: Float64Array, earlier: ItemLayout | undefined): boolean {
  if (!earlier) return true;
  const known = new Set(earlier.ids);
  return ids.reduce((sum, id) => sum + (known.has(id) ? 1 : 0), 0) < Math.max(1, LEAST_KNOWN * ids.length);
}

/** `progress` is told the share that is done; what it throws ends the work. */
export function layoutItems(task: LayoutTask, progress: (share: number) => void): LaidOut {
  const { ids, earlier } = task;
  const graph = clusterGraphOf(task.graph);
  const { places, placed, known } = placesFrom(ids, earlier);
  const changed = (earlier?.changed ?? 1) + (ids.length - known) / Math.max(1, ids.length);
  if (earlier && changed <= MOST_CHANGED) {
    const layout = {
      ids,
      places: settled(graph, places, placed, earlier.frame, progress),
      frame: earlier.frame,
      changed,
    };
    return { layout, places: mapPlaces(layout, graph) };
  }
  const startsAnew = known === 0 || known < LEAST_KNOWN * ids.length;
  if (!startsAnew) placeByNeighbours(graph, places, placed, [earlier?.frame.x ?? 0, earlier?.frame.y ?? 0]);
  const start = startsAnew ? principalPlane(ids.length, task.vectors ?? NO_VECTORS) : places;
  const done = whole(graph, ids, start, progress);
  const layout = { ids, places: done, frame: frameOf(done, linkedItems(graph)), changed: 0 };
  return { layout, places: mapPlaces(layout, graph) };
}

/** Items that are linked to none, where others are, stand at the edge. */
function mapPlaces({ ids, places, frame }: ItemLayout, graph: FuzzyGraph): Float32Array {
  const map = framed(places, frame);
  if (graph.targets.length === 0) return map;
  for (const [item, id] of ids.entries()) if (!isLinked(graph, item)) map.set(edgePlace(id), 2 * item);
  return map;
}

function placesFrom(
  ids: Float64Array,
  earlier: ItemLayout | undefined,
): { places: Float32Array; placed: Uint8Array; known: number } {
  const places = new Float32Array(2 * ids.length);
  const placed = new Uint8Array(ids.length);
  let known = 0;
  const numberOf = new Map<number, number>();
  if (earlier) for (const [number, id] of earlier.ids.entries()) numberOf.set(id, number);
  for (const [item, id] of ids.entries()) {
    const number = numberOf.get(id);
    if (number === undefined || !earlier) continue;
    places[2 * item] = earlier.places[2 * number]!;
    places[2 * item + 1] = earlier.places[2 * number + 1]!;
    placed[item] = 1;
    known++;
  }
  return { places, placed, known };
}

/** Only new items move. */
function settled(
  graph: FuzzyGraph,
  places: Float32Array,
  placed: Uint8Array,
  { x, y }: Frame,
  progress: (share: number) => void,
): Float32Array {
  const moving = placed.map((value) => 1 - value);
  if (!moving.includes(1)) return places;
  placeByNeighbours(graph, places, placed, [x, y]);
  return layoutOf(graph, places, { ...SETTLING, moving, onEpoch: (done, of) => progress(done / of) });
}

function whole(
  graph: FuzzyGraph,
  ids: Float64Array,
  start: Float32Array,
  progress: (share: number) => void,
): Float32Array {
  if (graph.count > MOST_AT_ONCE) {
    return sampledLayout(graph, ids, start, { sample: MOST_AT_ONCE, epochs: MANY.epochs, progress });
  }
  const epochs = graph.count > MANY.items ? MANY.epochs : FEW_EPOCHS;
  return layoutOf(graph, start, { epochs, rate: 1, onEpoch: (done, of) => progress(done / of) });
}

/** All where none is. */
function linkedItems(graph: FuzzyGraph): Uint32Array {
  const all = Uint32Array.from({ length: graph.count }, (_, item) => item);
  return graph.targets.length === 0 ? all : all.filter((item) => isLinked(graph, item));
}

function isLinked({ offsets }: FuzzyGraph, item: number): boolean {
  return offsets[item + 1]! > offsets[item]!;
}

/** Somewhere on the edge, by the item's key. */
function edgePlace(id: number): [number, number] {
  const angle = (mixBits(id % 2 ** 32) / 2 ** 32) * 2 * Math.PI;
  const x = Math.cos(angle);
  const y = Math.sin(angle);
  const outward = 0.99 / Math.max(Math.abs(x), Math.abs(y));
  return [x * outward, y * outward];
}
