// Stage 6, layout: a layout as bytes, so that a map looks tomorrow as it does today. Invariant: see sectionFile.ts. Cost: 16 bytes an item.
import { decodeSections, encodeSections } from '../sectionFile.ts';
import type { ItemLayout } from './itemLayout.ts';

const VERSION = 1;

export function encodeLayout({ ids, places, frame, changed }: ItemLayout): Buffer[] {
  return encodeSections(VERSION, [Float64Array.of(frame.x, frame.y, frame.radius, changed), ids, places]);
}

export function decodeLayout(bytes: Buffer): ItemLayout | undefined {
  const [numbers, ids, places] = decodeSections(VERSION, bytes) ?? [];
  if (!numbers || !ids || !places) return undefined;
  const [x = 0, y = 0, radius = 1, changed = 1] = new Float64Array(numbers);
  return { ids: new Float64Array(ids), places: new Float32Array(places), frame: { x, y, radius }, changed };
}
