// Stage 6, layout: all items of an index in the plane. Where an earlier layout knows nearly all of them, they stay and only what is new
// finds its place among them; else all are laid out, from where they were or from the vectors' principal plane. Invariant: pure; the
// same items, graph and earlier layout give the same bits. Cost: see layoutOf.ts; after a small change next to nothing.
import type { FuzzyGraph } from '../graph/fuzzyGraph.ts';
import { type Frame, framed, frameOf } from './frame.ts';
import { layoutOf } from './layoutOf.ts';
import { placeByNeighbours } from './placeByNeighbours.ts';
import { principalPlane } from './principalPlane.ts';
import { itemId, mixBits } from './seededBits.ts';
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

export interface LayoutTask {
  readonly keys: readonly string[];
  readonly graph: FuzzyGraph;
  /** Unit vector of an item; only read for a layout from nothing. */
  readonly vectorOf: (item: number) => Float32Array;
  readonly earlier?: ItemLayout | undefined;
  /** At least once an epoch; what it throws ends the work. */
  readonly onProgress?: (share: number) => void;
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

export function layoutItems({ keys, graph, vectorOf, earlier, onProgress }: LayoutTask): ItemLayout {
  const ids = Float64Array.from(keys, itemId);
  const { places, placed, known } = placesFrom(ids, earlier);
  const changed = (earlier?.changed ?? 1) + (ids.length - known) / Math.max(1, ids.length);
  if (earlier && changed <= MOST_CHANGED) {
    return { ids, places: settled(graph, places, placed, earlier.frame, onProgress), frame: earlier.frame, changed };
  }
  let start = places;
  if (known > 0 && known >= LEAST_KNOWN * ids.length) {
    placeByNeighbours(graph, start, placed, [earlier?.frame.x ?? 0, earlier?.frame.y ?? 0]);
  } else start = principalPlane(ids.length, vectorOf);
  const done =
    ids.length > MOST_AT_ONCE
      ? sampledLayout(graph, ids, start, { sample: MOST_AT_ONCE, epochs: MANY.epochs, onProgress })
      : whole(graph, start, onProgress);
  const counted = Uint32Array.from(ids.keys()).filter((item) => isLinked(graph, item));
  return {
    ids,
    places: done,
    frame: frameOf(done, counted.length > 0 ? counted : Uint32Array.from(ids.keys())),
    changed: 0,
  };
}

/** Places on the map, count x 2, -1...1. Items that are linked to none, where others are, stand at the edge. */
export function mapPlaces({ ids, places, frame }: ItemLayout, graph: FuzzyGraph): Float32Array {
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
  onProgress: LayoutTask['onProgress'],
): Float32Array {
  const moving = placed.map((value) => 1 - value);
  if (!moving.includes(1)) return places;
  placeByNeighbours(graph, places, placed, [x, y]);
  return layoutOf(graph, places, { ...SETTLING, moving, onEpoch: (done, of) => onProgress?.(done / of) });
}

function whole(graph: FuzzyGraph, start: Float32Array, onProgress: LayoutTask['onProgress']): Float32Array {
  const epochs = graph.count > MANY.items ? MANY.epochs : FEW_EPOCHS;
  return layoutOf(graph, start, { epochs, rate: 1, onEpoch: (done, of) => onProgress?.(done / of) });
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
