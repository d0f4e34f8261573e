// What lies over the dots: labels, rings, the outline of a selection. Marks differ by shape, not by colour alone. Invariant: it is
// drawn at full resolution, also while the map moves, as text would blur. Cost: some tens of texts and as many shapes as are marked.
import { el } from '../dom.ts';
import { scaleOf, toScreen, type Camera, type Size } from './camera.ts';
import { LABEL_PX, lineHeight, placedLabels, type Label } from './labels.ts';
import type { Outline } from './lasso.ts';
import type { MapPoints } from './points.ts';

export interface Marks {
  /** Of the current file. */
  readonly file: readonly number[];
  /** At the cursor. */
  readonly cursor: readonly number[];
  /** Found by the search. */
  readonly hits: readonly number[];
}

export interface OverlayScene {
  readonly points: MapPoints;
  readonly camera: Camera;
  readonly size: Size;
  readonly diameter: number;
  readonly marks: Marks;
  /** Under the pointer, or reached by key. */
  readonly active: number | undefined;
  /** The keyboard aims with the middle. */
  readonly aims: boolean;
  /** Being drawn, in pixels. */
  readonly outline: Outline;
}

export interface Overlay {
  readonly element: HTMLCanvasElement;
  draw(scene: OverlayScene): void;
  clear(): void;
  /** Another theme or font. */
  restyle(): void;
}

/** More rings than anyone can tell apart. */
const MOST_RINGS = 3_000;
/** So many rings would hide what they are around, were they not thin. */
const MANY = 40;
const WIDEST_LABEL_PX = 200;
/** The buttons in the upper corners (map.css). */
const TOOLS_PX = { left: { width: 92, height: 36 }, right: { width: 36, height: 132 } };
/** A map as narrow has shorter labels. */
const SMALL_PX = 360;

export function createOverlay(): Overlay {
  const element = el('canvas', { class: 'map-layer', 'aria-hidden': 'true' });
  const brush = element.getContext('2d');
  let style = { font: '', text: '#888', ground: '#000', accent: '#888', hit: '#888' };
  let labels: { readonly key: string; readonly of: MapPoints; readonly placed: readonly Label[] } | undefined;
  const widths = new Map<string, number>();

  const fontOf = (level: Label['level']): string => `${level === 0 ? '600 ' : ''}${LABEL_PX[level]}px ${style.font}`;
  const widthOf = (text: string, level: Label['level']): number => {
    const key = `${level}${text}`;
    let width = widths.get(key);
    if (width === undefined && brush) {
      brush.font = fontOf(level);
      widths.set(key, (width = brush.measureText(text).width));
    }
    return width ?? 0;
  };
  const labelsOf = ({ points, camera, size }: OverlayScene): readonly Label[] => {
    const isSmall = size.width < SMALL_PX;
    const room = { widest: isSmall ? 0.42 * size.width : WIDEST_LABEL_PX, mostLines: isSmall ? 1 : 2 };
    const key = `${scaleOf(camera, size)} ${room.widest}`;
    if (labels?.key !== key || labels.of !== points) {
      const placed = placedLabels(points.map.labels, camera.zoom, scaleOf(camera, size), room, widthOf);
      labels = { key, of: points, placed };
    }
    return labels.placed;
  };

  const drawLabels = (pen: CanvasRenderingContext2D, scene: OverlayScene): void => {
    const { camera, size } = scene;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = 3.5;
    pen.strokeStyle = style.ground;
    pen.fillStyle = style.text;
    for (const { lines, level, x, y, width } of labelsOf(scene)) {
      const [anchor, centre] = toScreen(camera, size, x, y);
      // A label whose area is in sight is neither cut off at an edge nor under the buttons.
      const isInSight = anchor >= 0 && anchor <= size.width && centre >= 0 && centre <= size.height;
      const room = width / 2 + 4;
      const right = size.width - room - (centre < TOOLS_PX.right.height ? TOOLS_PX.right.width : 0);
      const middle = isInSight && right > room ? Math.max(room, Math.min(right, anchor)) : anchor;
      const tall = (lines.length * lineHeight(level)) / 2 + 2;
      const top = tall + (middle - room < TOOLS_PX.left.width ? TOOLS_PX.left.height : 0);
      const row = isInSight ? Math.max(top, Math.min(size.height - tall, centre)) : centre;
      if (anchor < -width || anchor > size.width + width || centre < -40 || centre > size.height + 40) continue;
      pen.font = fontOf(level);
      lines.forEach((line, i) => {
        const at = row + (i - (lines.length - 1) / 2) * lineHeight(level);
        pen.globalAlpha = 0.85;
        pen.strokeText(line, middle, at);
        pen.globalAlpha = 1;
        pen.fillText(line, middle, at);
      });
    }
  };
  /** A shape around each point, with a rim in the colour of the ground so that it shows on dots of any colour. */
  const around = (
    pen: CanvasRenderingContext2D,
    { points: { map }, camera, size }: OverlayScene,
    marked: readonly number[],
    look: { readonly colour: string; readonly width: number; readonly shape: (x: number, y: number) => void },
  ): void => {
    if (marked.length === 0) return;
    pen.beginPath();
    for (const point of marked.slice(0, MOST_RINGS)) {
      const [x, y] = toScreen(camera, size, map.x[point] ?? 0, map.y[point] ?? 0);
      if (x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20) look.shape(x, y);
    }
    pen.strokeStyle = style.ground;
    pen.lineWidth = look.width + 2;
    pen.stroke();
    pen.strokeStyle = look.colour;
    pen.lineWidth = look.width;
    pen.stroke();
  };
  const drawMarks = (pen: CanvasRenderingContext2D, scene: OverlayScene): void => {
    const { marks, active, diameter } = scene;
    const ring = (radius: number) => (x: number, y: number) => {
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    };
    const radius = diameter / 2;
    const square = radius + 3.5;
    around(pen, scene, marks.hits, {
      colour: style.hit,
      width: 1.75,
      shape(x, y) {
        pen.moveTo(x, y - square);
        pen.lineTo(x + square, y);
        pen.lineTo(x, y + square);
        pen.lineTo(x - square, y);
        pen.closePath();
      },
    });
    around(pen, scene, marks.file, {
      colour: style.text,
      width: marks.file.length > MANY ? 1 : 1.5,
      shape: ring(radius + 1),
    });
    around(pen, scene, marks.cursor, { colour: style.accent, width: 2.5, shape: ring(radius + 2.5) });
    around(pen, scene, marks.cursor, { colour: style.accent, width: 1.5, shape: ring(radius + 6.5) });
    if (active !== undefined) around(pen, scene, [active], { colour: style.text, width: 2, shape: ring(radius + 2.5) });
  };
  const drawTools = (pen: CanvasRenderingContext2D, { outline, aims, size }: OverlayScene): void => {
    const [start, ...rest] = outline;
    if (start && rest.length > 0) {
      pen.beginPath();
      pen.moveTo(...start);
      for (const corner of rest) pen.lineTo(...corner);
      pen.closePath();
      pen.globalAlpha = 0.12;
      pen.fillStyle = style.accent;
      pen.fill();
      pen.globalAlpha = 1;
      pen.setLineDash([5, 3]);
      pen.lineWidth = 1.5;
      pen.strokeStyle = style.accent;
      pen.stroke();
      pen.setLineDash([]);
    }
    if (!aims) return;
    const [x, y] = [size.width / 2, size.height / 2];
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      pen.moveTo(x + 5 * dx, y + 5 * dy);
      pen.lineTo(x + 13 * dx, y + 13 * dy);
    } // prettier-ignore
    pen.lineWidth = 1.5;
    pen.strokeStyle = style.accent;
    pen.stroke();
  };

  return {
    element,
    draw(scene) {
      const { width, height } = scene.size;
      const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
      if (element.width !== wide || element.height !== high) {
        element.width = wide;
        element.height = high;
      }
      if (!brush) return;
      brush.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      brush.clearRect(0, 0, width, height);
      drawMarks(brush, scene);
      drawLabels(brush, scene);
      drawTools(brush, scene);
    },
    clear: () => brush?.clearRect(0, 0, element.width, element.height),
    restyle() {
      const computed = getComputedStyle(element);
      const colour = (...names: readonly string[]): string => names.map((name) => computed.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '') ?? '#888'; // prettier-ignore
      style = {
        font: computed.fontFamily,
        text: colour('foreground'),
        ground: colour('editor-background'),
        accent: colour('focusBorder'),
        hit: colour('charts-yellow', 'editorWarning-foreground'),
      };
      widths.clear();
      labels = undefined;
    },
  };
}
