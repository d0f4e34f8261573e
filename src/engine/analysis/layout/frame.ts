// Stage 6, layout: from the descent's places to the map's -1...1. Invariant: one scale for both axes, order along each axis is kept, and
// a far-off few don't squeeze all others: they are drawn near the edge. Cost: two sorts.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside */

/** The square that fills the map but for its margin. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Shares of the items, at either end of an axis, that don't count for the frame. */
const TAIL = 0.005;
/** Inside is drawn to scale; what lies beyond is pressed into the rest. */
const TO_SCALE = 0.94;

/** Of the places (count x 2) of the listed items. */
export function frameOf(places: Float32Array, items: Uint32Array): Frame {
  const [left, right] = bulkOf(items.length, (i) => places[2 * items[i]!]!);
  const [bottom, top] = bulkOf(items.length, (i) => places[2 * items[i]! + 1]!);
  const radius = Math.max(right - left, top - bottom) / 2;
  return { x: (left + right) / 2, y: (bottom + top) / 2, radius: radius > 0 ? radius : 1 };
}

export function framed(places: Float32Array, { x, y, radius }: Frame): Float32Array {
  const scale = TO_SCALE / radius;
  return places.map((value, i) => pressed((value - (i % 2 === 0 ? x : y)) * scale));
}

function bulkOf(count: number, valueOf: (i: number) => number): [number, number] {
  const values = Float64Array.from({ length: count }, (_, i) => valueOf(i)).sort();
  const tail = Math.floor(count * TAIL);
  return [values[tail] ?? 0, values[count - 1 - tail] ?? 0];
}

function pressed(value: number): number {
  const beyond = Math.abs(value) - TO_SCALE;
  if (beyond <= 0) return value;
  const room = 1 - TO_SCALE;
  return Math.sign(value) * (TO_SCALE + room * (1 - Math.exp(-beyond / room)));
}
