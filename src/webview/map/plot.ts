// The map as one element: two canvases, a camera, and what hand and keyboard do with it. Invariant: it draws only in a frame that
// something changed for, and nothing while it has no size (a hidden tab). Cost: see dotLayer.ts and overlay.ts, once a frame.
import { el } from '../dom.ts';
import { between, clamped, framing, panned, scaleOf, sightOf, toMap, toScreen, WHOLE_MAP, zoomedAt, type Camera, type Size } from './camera.ts'; // prettier-ignore
import { createDotLayer, dotDiameter } from './dotLayer.ts';
import { listenToGestures, type DragWay } from './gestures.ts';
import { isInside, type Outline } from './lasso.ts';
import { createOverlay, type Marks } from './overlay.ts';
import { boundsOf, type MapPoints } from './points.ts';
import type { Paint } from './raster.ts';

export type Spot = readonly [number, number];

export interface PlotAnswers {
  dragWay(): DragWay;
  /** Another point is under the pointer or the aim; `byKey`: to be said aloud. */
  active(point: number | undefined, at: Spot | undefined, byKey: boolean): void;
  click(point: number | undefined, event: MouseEvent): void;
  doubleClick(point: number): void;
  enclosed(points: readonly number[], adds: boolean): void;
  /** The camera came to rest. */
  rested(camera: Camera): void;
  /** A key that is not the camera's; true: it was taken. */
  key(event: KeyboardEvent): boolean;
}

export interface Plot {
  readonly element: HTMLElement;
  readonly camera: Camera;
  readonly active: number | undefined;
  show(points: MapPoints | undefined, camera?: Camera): void;
  paint(paint: Paint): void;
  mark(marks: Marks): void;
  /** Rings a point that a list is at, and brings it into sight. */
  activate(point: number | undefined): void;
  zoom(factor: number): void;
  /** Everything, or some points. */
  frame(points?: readonly number[]): void;
  inSight(): readonly number[];
  spotOf(point: number): Spot;
  restyle(): void;
}

/** The map counts as moving so long after it last moved. */
const REST_MS = 140;
const FLIGHT_MS = 260;
const PICK_PX = 9;
const AIM_PX = 60;
const KEY_STEP = 0.12;
const KEY_ZOOM = 1.4;
const NO_MARKS: Marks = { file: [], cursor: [], hits: [] };

export function createPlot(answers: PlotAnswers): Plot {
  const dots = createDotLayer();
  const overlay = createOverlay();
  const element = el('div', { class: 'map-plot', tabindex: '0', role: 'application' }, dots.element, overlay.element);
  let points: MapPoints | undefined;
  let paint: Paint | undefined;
  let marks = NO_MARKS;
  let camera = WHOLE_MAP;
  let size: Size = { width: 0, height: 0 };
  let active: number | undefined;
  let aims = false;
  let outline: Outline = [];
  let flight: { readonly from: Camera; readonly to: Camera; readonly begun: number } | undefined;
  let stale: 'all' | 'overlay' | undefined;
  let isMoving = false;
  let frame: number | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const draw = (now: number): void => {
    frame = undefined;
    if (size.width === 0 || size.height === 0) return;
    if (flight) {
      const share = Math.min(1, (now - flight.begun) / FLIGHT_MS);
      camera = between(flight.from, flight.to, 1 - (1 - share) ** 3);
      if (share === 1) flight = undefined;
      moved();
    }
    const what = stale;
    stale = undefined;
    if (!points || !paint) {
      dots.clear();
      overlay.clear();
      return;
    }
    if (what === 'all') dots.draw(points, paint, camera, size, isMoving);
    const diameter = dotDiameter(points.count, camera, size);
    if (what) overlay.draw({ points, camera, size, diameter, marks, active, aims, outline });
    if (flight) drawSoon('all');
  };
  const drawSoon = (what: 'all' | 'overlay'): void => {
    stale = what === 'all' ? what : (stale ?? what);
    frame ??= requestAnimationFrame(draw);
  };
  const moved = (): void => {
    isMoving = true;
    drawSoon('all');
    clearTimeout(rest);
    rest = setTimeout(() => {
      isMoving = false;
      drawSoon('all');
      if (aims) setActive(pick([size.width / 2, size.height / 2], AIM_PX), true);
      answers.rested(camera);
    }, REST_MS);
  };
  const goTo = (to: Camera): void => {
    flight = undefined;
    camera = to;
    moved();
  };
  const flyTo = (to: Camera): void => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches || size.width === 0) goTo(to);
    else {
      flight = { from: camera, to, begun: performance.now() };
      drawSoon('all');
    }
  };
  const setActive = (point: number | undefined, byKey: boolean): void => {
    if (point === active && !byKey) return;
    active = point;
    drawSoon('overlay');
    answers.active(point, point === undefined ? undefined : spotOf(point), byKey);
  };
  const spotOf = (point: number): Spot => {
    const { x, y } = points?.map ?? {};
    return toScreen(camera, size, x?.[point] ?? 0, y?.[point] ?? 0);
  };
  const pick = ([x, y]: Spot, reachPx: number): number | undefined => {
    if (!points) return undefined;
    const reach = Math.max(reachPx, dotDiameter(points.count, camera, size) / 2 + 2) / scaleOf(camera, size);
    return points.grid.nearest(...toMap(camera, size, x, y), reach, (point) => marks.cursor.includes(point));
  };
  const zoomBy = (factor: number, x = size.width / 2, y = size.height / 2): void => {
    flyTo(zoomedAt(flight?.to ?? camera, size, factor, x, y));
  };
  const gestures = listenToGestures(element, {
    dragWay: () => answers.dragWay(),
    pan: (dx, dy) => goTo(panned(camera, size, dx, dy)),
    zoom: (factor, x, y) => goTo(zoomedAt(camera, size, factor, x, y)),
    hover(at) {
      aims = false;
      setActive(at && pick(at, PICK_PX), false);
    },
    click: (x, y, event) => answers.click(pick([x, y], PICK_PX), event),
    doubleClick(x, y) {
      const point = pick([x, y], PICK_PX);
      if (point === undefined) zoomBy(2, x, y);
      else answers.doubleClick(point);
    },
    outline(drawn) {
      outline = drawn;
      drawSoon('overlay');
    },
    enclosed(drawn, adds) {
      if (!points) return;
      const corners = drawn.map(([x, y]) => toMap(camera, size, x, y));
      const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
      const found = points.grid.inside(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (x, y) => isInside(corners, x, y)); // prettier-ignore
      answers.enclosed(found, adds);
    },
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && gestures.cancel()) event.preventDefault();
    else if (!moveByKey(event) && !answers.key(event)) return;
    event.preventDefault();
    event.stopPropagation(); // VS Code would mark all text of the page at Ctrl+A
  });
  const moveByKey = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = KEY_STEP * Math.min(size.width, size.height);
    const pans: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [step, 0],
      ArrowRight: [-step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const pan = pans[event.key];
    if (pan) goTo(panned(flight?.to ?? camera, size, ...pan));
    else if (event.key === '+' || event.key === '=') zoomBy(KEY_ZOOM);
    else if (event.key === '-' || event.key === '_') zoomBy(1 / KEY_ZOOM);
    else if (event.key === '0' || event.key === 'Home') flyTo(WHOLE_MAP);
    else return false;
    aims = true;
    return true;
  };
  element.addEventListener('blur', () => {
    if (aims) setActive(undefined, false);
    aims = false;
    drawSoon('overlay');
  });
  const measure = (): void => {
    size = { width: element.clientWidth, height: element.clientHeight };
  };
  new ResizeObserver(() => {
    measure();
    if (size.width > 0) moved();
  }).observe(element);

  return {
    element,
    get camera() {
      return camera;
    },
    get active() {
      return active;
    },
    show(now, at) {
      points = now;
      active = undefined;
      if (at) camera = clamped(at);
      drawSoon('all');
    },
    paint(now) {
      paint = now;
      drawSoon('all');
    },
    mark(now) {
      marks = now;
      drawSoon('overlay');
    },
    activate(point) {
      active = point;
      drawSoon('overlay');
      if (point === undefined) return;
      const [x, y] = spotOf(point);
      const isInSight = x > 0 && y > 0 && x < size.width && y < size.height;
      const { map } = points ?? {};
      if (!isInSight && map) flyTo(clamped({ ...camera, x: map.x[point] ?? 0, y: map.y[point] ?? 0 }));
    },
    zoom: (factor) => zoomBy(factor),
    frame(which) {
      measure(); // it may have come into sight just now
      flyTo(points && which && which.length > 0 ? framing(boundsOf(points, which), size) : WHOLE_MAP);
    },
    inSight() {
      const { left, top, right, bottom } = sightOf(camera, size);
      return points?.grid.inside(left, top, right, bottom) ?? [];
    },
    spotOf,
    restyle() {
      overlay.restyle();
      drawSoon('all');
    },
  };
}
