// The canvas of the dots. Draws with fewer and harder pixels while the map moves, and finely when it stands still. Cost: a raster of
// the dots in sight and a copy of the picture a frame.
import { scaleOf, type Camera, type Size } from './camera.ts';
import { el } from '../dom.ts';
import type { MapPoints } from './points.ts';
import { drawDots, type Paint, type Picture } from './raster.ts';

/** Soft edges for so many pixels at most: a frame that stands still may take longer, but not long. */
const MOST_SOFT_PIXELS = 1_500_000;

export interface DotLayer {
  readonly element: HTMLCanvasElement;
  draw(points: MapPoints, paint: Paint, camera: Camera, size: Size, isMoving: boolean): void;
  clear(): void;
}

/** In CSS pixels: many dots are small, and grow as one comes nearer. */
export function dotDiameter(count: number, { zoom }: Camera, { width, height }: Size): number {
  const room = Math.min(width, height) / 600;
  const alone = Math.max(2, Math.min(10, 38 / Math.max(count, 1) ** 0.27)) * Math.max(0.75, Math.min(1.15, room));
  return Math.min(13, alone * Math.max(1, zoom) ** 0.28);
}

export function createDotLayer(): DotLayer {
  const element = el('canvas', { class: 'map-layer', 'aria-hidden': 'true' });
  const brush = element.getContext('2d', { willReadFrequently: true }); // keeps the picture where the pixels are written
  let image: ImageData | undefined;
  let picture: Picture = { pixels: new Uint32Array(0), width: 0, height: 0 };
  const resize = (width: number, height: number): void => {
    if (image?.width === width && image.height === height) return;
    element.width = width;
    element.height = height;
    image = new ImageData(width, height);
    picture = { pixels: new Uint32Array(image.data.buffer), width, height };
  };
  return {
    element,
    draw(points, paint, camera, size, isMoving) {
      const ratio = isMoving ? 1 : Math.min(3, devicePixelRatio);
      resize(Math.max(1, Math.round(size.width * ratio)), Math.max(1, Math.round(size.height * ratio)));
      const scale = scaleOf(camera, size) * ratio;
      const at = {
        scale,
        offsetX: picture.width / 2 - camera.x * scale,
        offsetY: picture.height / 2 - camera.y * scale,
      };
      const diameter = dotDiameter(points.count, camera, size) * ratio;
      const soft = !isMoving && points.count * (diameter + 1) ** 2 < MOST_SOFT_PIXELS;
      drawDots(picture, points, at, paint, diameter, soft);
      if (image) brush?.putImageData(image, 0, 0);
    },
    clear: () => brush?.clearRect(0, 0, element.width, element.height),
  };
}
