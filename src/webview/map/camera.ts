// What of the plane is in sight: a middle and a zoom, so that a view means the same in a sidebar and in an editor. Pure functions.

export interface Camera {
  /** The middle, in the map's units. */
  readonly x: number;
  readonly y: number;
  /** 1: the whole map fits. */
  readonly zoom: number;
}

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const WHOLE_MAP: Camera = { x: 0, y: 0, zoom: 1 };
/** Of the shorter side, so that labels at the rim have room. */
const FILLED = 0.9;
const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 2_000;

/** Pixels a unit. */
export function scaleOf({ zoom }: Camera, { width, height }: Size): number {
  return (zoom * FILLED * Math.max(1, Math.min(width, height))) / 2;
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): readonly [number, number] {
  const scale = scaleOf(camera, size);
  return [(x - camera.x) * scale + size.width / 2, (y - camera.y) * scale + size.height / 2];
}

export function toMap(camera: Camera, size: Size, px: number, py: number): readonly [number, number] {
  const scale = scaleOf(camera, size);
  return [(px - size.width / 2) / scale + camera.x, (py - size.height / 2) / scale + camera.y];
}

/** What is in sight, with some pixels around. */
export function sightOf(camera: Camera, size: Size, aroundPx = 0): Rect {
  const [left, top] = toMap(camera, size, -aroundPx, -aroundPx);
  const [right, bottom] = toMap(camera, size, size.width + aroundPx, size.height + aroundPx);
  return { left, top, right, bottom };
}

export function panned(camera: Camera, size: Size, dxPx: number, dyPx: number): Camera {
  const scale = scaleOf(camera, size);
  return clamped({ ...camera, x: camera.x - dxPx / scale, y: camera.y - dyPx / scale });
}

/** The place under the pixel stays there. */
export function zoomedAt(camera: Camera, size: Size, factor: number, px: number, py: number): Camera {
  const [x, y] = toMap(camera, size, px, py);
  const zoom = clampedZoom(camera.zoom * factor);
  const scale = scaleOf({ ...camera, zoom }, size);
  return clamped({ zoom, x: x - (px - size.width / 2) / scale, y: y - (py - size.height / 2) / scale });
}

/** A view of a part of the map; a single point is not looked at from nearer than `mostZoom`. */
export function framing(rect: Rect, size: Size, mostZoom = 12): Camera {
  const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
  const scale = Math.min(size.width / Math.max(width, 1e-6), size.height / Math.max(height, 1e-6)) * 0.8;
  const zoom = Math.min(mostZoom, scale / scaleOf(WHOLE_MAP, size));
  return clamped({ x: (rect.left + rect.right) / 2, y: (rect.top + rect.bottom) / 2, zoom: clampedZoom(zoom) });
}

/** On the way from one view to another; zoom goes in equal steps of size. */
export function between(a: Camera, b: Camera, share: number): Camera {
  const zoom = a.zoom * (b.zoom / a.zoom) ** share;
  // The middle moves as the zoom does, so that a zoom at a place keeps that place.
  const way = a.zoom === b.zoom ? share : (1 / a.zoom - 1 / zoom) / (1 / a.zoom - 1 / b.zoom);
  return { x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way, zoom };
}

export function clamped({ x, y, zoom }: Camera): Camera {
  const within = (value: number): number => Math.max(-1, Math.min(1, value));
  return { x: within(x), y: within(y), zoom: clampedZoom(zoom) };
}

function clampedZoom(zoom: number): number {
  return Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, zoom));
}
