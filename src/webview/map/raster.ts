// Dots as pixels, by the processor: no WebGL is needed, which a window without a graphics card may not have. Invariant: writes nothing
// outside of the picture. Cost: linear in the dots in sight and their pixels; 200,000 small dots take some milliseconds.
import type { MapPoints } from './points.ts';

export interface Picture {
  /** `ABGR`, row by row. */
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Where the map is in the picture: pixel = place * scale + offset. */
export interface Projection {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

export interface Paint {
  /** Index in `colours` of each point in the grid's order, or {@link DIMMED}. */
  readonly inkOf: Uint16Array;
  readonly colours: Uint32Array;
  readonly dimmed: number;
  readonly hasDimmed: boolean;
}

export const DIMMED = 0xffff;
/** More than any place in sight or in its cells lies left of or above the picture. */
const ABOVE_ZERO = 1 << 20;
/** Smaller dots are squares. */
const SQUARE_BELOW = 4;

/** `diameter` in pixels. `soft`: with smooth edges, several times the work. */
export function drawDots(picture: Picture, points: MapPoints, at: Projection, paint: Paint, diameter: number, soft: boolean): void {
  picture.pixels.fill(0);
  // What is dimmed lies below.
  for (const dimmed of paint.hasDimmed ? [true, false] : [false]) drawLayer(picture, points, at, paint, diameter, soft, dimmed);
} // prettier-ignore

function drawLayer(
  picture: Picture,
  { grid }: MapPoints,
  { scale, offsetX, offsetY }: Projection,
  { inkOf, colours, dimmed }: Paint,
  diameter: number,
  soft: boolean,
  drawsDimmed: boolean,
): void {
  const { width, height } = picture;
  const stamp = soft ? softStamp(diameter) : hardStamp(diameter);
  const half = stamp.size / 2;
  const { size, cover } = stamp;
  const { orderedX, orderedY } = grid;
  // To whole numbers by cutting off, which is fast and right above zero.
  const shiftX = offsetX - half + 0.5 + ABOVE_ZERO;
  const shiftY = offsetY - half + 0.5 + ABOVE_ZERO;
  const toMap = (pixel: number, offset: number): number => (pixel - offset) / scale;
  grid.runs(
    toMap(-half, offsetX),
    toMap(-half, offsetY),
    toMap(width + half, offsetX),
    toMap(height + half, offsetY),
    (from, to) => {
      for (let i = from; i < to; i++) {
        const ink = inkOf[i] ?? 0;
        if ((ink === DIMMED) !== drawsDimmed) continue;
        const left = (((orderedX[i] ?? 0) * scale + shiftX) | 0) - ABOVE_ZERO;
        const top = (((orderedY[i] ?? 0) * scale + shiftY) | 0) - ABOVE_ZERO;
        if (left <= -size || top <= -size || left >= width || top >= height) continue;
        const colour = ink === DIMMED ? dimmed : (colours[ink] ?? 0);
        if (left < 0 || top < 0 || left + size > width || top + size > height) {
          stampClipped(picture, stamp, left, top, colour);
        } else if (cover) stampSoft(picture, cover, size, left, top, colour);
        else if (size < SQUARE_BELOW) stampSquare(picture, size, left, top, colour);
        else stampHard(picture, stamp, left, top, colour);
      }
    },
  );
}

interface Stamp {
  readonly size: number;
  /** First and last column (not included) of each row. */
  readonly spans: readonly (readonly [number, number])[];
  /** How much of each pixel is covered, 0...256. */
  readonly cover?: Uint16Array;
}

const hardStamps = new Map<number, Stamp>();
const softStamps = new Map<number, Stamp>();

/** A disc of whole pixels; the smallest are squares. */
function hardStamp(diameter: number): Stamp {
  const size = Math.max(1, Math.round(diameter));
  let stamp = hardStamps.get(size);
  if (!stamp) {
    const spans = Array.from({ length: size }, (_, row): readonly [number, number] => {
      if (size < SQUARE_BELOW) return [0, size];
      const fromMiddle = row + 0.5 - size / 2;
      const reach = Math.sqrt(Math.max(0, (size / 2) ** 2 - fromMiddle ** 2));
      const first = Math.round(size / 2 - reach);
      return [first, size - first];
    });
    hardStamps.set(size, (stamp = { size, spans }));
  }
  return stamp;
}

/** A disc whose rim fades over a pixel. */
function softStamp(diameter: number): Stamp {
  const rounded = Math.round(diameter * 2) / 2;
  let stamp = softStamps.get(rounded);
  if (!stamp) {
    const size = Math.ceil(rounded) + 1;
    const cover = new Uint16Array(size * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const away = Math.hypot(column + 0.5 - size / 2, row + 0.5 - size / 2);
        cover[row * size + column] = Math.round(256 * Math.max(0, Math.min(1, rounded / 2 + 0.5 - away)));
      }
    }
    softStamps.set(rounded, (stamp = { size, spans: [], cover }));
  }
  return stamp;
}

function stampHard({ pixels, width }: Picture, { spans }: Stamp, left: number, top: number, colour: number): void {
  let row = top * width + left;
  for (const [first, last] of spans) {
    for (let at = row + first; at < row + last; at++) pixels[at] = colour;
    row += width;
  }
}

function stampSquare({ pixels, width }: Picture, size: number, left: number, top: number, colour: number): void {
  const end = (top + size) * width + left;
  for (let row = top * width + left; row < end; row += width) {
    for (let at = row; at < row + size; at++) pixels[at] = colour;
  }
}

function stampSoft(
  { pixels, width }: Picture,
  cover: Uint16Array,
  size: number,
  left: number,
  top: number,
  colour: number,
): void {
  let from = 0;
  for (let row = 0; row < size; row++) {
    const start = (top + row) * width + left;
    for (let at = start; at < start + size; at++) {
      const covered = cover[from++] ?? 0;
      if (covered === 256) pixels[at] = colour;
      else if (covered > 0) pixels[at] = blended(pixels[at] ?? 0, colour, covered);
    }
  }
}

/** The same at the rim of the picture. */
function stampClipped({ pixels, width, height }: Picture, { size, spans, cover }: Stamp, left: number, top: number, colour: number): void {
  for (let row = Math.max(0, -top); row < size && top + row < height; row++) {
    const [first, last] = spans[row] ?? [0, size];
    for (let column = Math.max(first, -left); column < last && left + column < width; column++) {
      const at = (top + row) * width + left + column;
      const covered = cover?.[row * size + column] ?? 256;
      if (covered > 0) pixels[at] = blended(pixels[at] ?? 0, colour, covered);
    }
  }
} // prettier-ignore

/** `over` covers a part (of 256) of what is there, which may be see-through. */
function blended(under: number, over: number, covered: number): number {
  if (covered === 256) return over;
  const underAlpha = (under >>> 24) * (256 - covered);
  const overAlpha = (over >>> 24) * covered;
  const alpha = underAlpha + overAlpha; // of 255 * 256
  if (alpha === 0) return 0;
  const channel = (shift: number): number =>
    Math.round((((under >>> shift) & 255) * underAlpha + ((over >>> shift) & 255) * overAlpha) / alpha);
  return ((alpha >>> 8) << 24) | (channel(16) << 16) | (channel(8) << 8) | channel(0);
}
