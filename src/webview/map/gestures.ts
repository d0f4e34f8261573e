// Pointer and wheel on the map: drag, pinch, wheel, click, rectangle and lasso. Own code, since a library for it (d3-zoom with what it
// needs is 40 KB) knows neither the selections nor when it must not move. Invariant: what was begun ends, by release, by Escape or when
// the pointer is lost.
import type { Outline } from './lasso.ts';

export const DRAG_WAYS = ['pan', 'rect', 'lasso'] as const;
export type DragWay = (typeof DRAG_WAYS)[number];

/** All places in pixels of the element. */
export interface GestureAnswers {
  /** What a plain drag does now. */
  dragWay(): DragWay;
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  /** Undefined: the pointer left. */
  hover(at: readonly [number, number] | undefined): void;
  click(x: number, y: number, event: MouseEvent): void;
  doubleClick(x: number, y: number): void;
  /** An outline grows; empty when it is given up. */
  outline(outline: Outline): void;
  /** `adds`: to what is selected. */
  enclosed(outline: Outline, adds: boolean): void;
}

/** Closer than that to where it began, a drag is a click. */
const CLICK_PX = 4;
/** Corners of a lasso are at least so far apart. */
const CORNER_PX = 3;
const PIXELS_A_LINE = 16;

export interface Gestures {
  /** Gives up what is being drawn; false when nothing is. */
  cancel(): boolean;
}

interface Drag {
  readonly way: DragWay;
  readonly start: readonly [number, number];
  last: readonly [number, number];
  outline: (readonly [number, number])[];
  moved: boolean;
}

export function listenToGestures(element: HTMLElement, answers: GestureAnswers): Gestures {
  const pointers = new Map<number, readonly [number, number]>();
  let drag: Drag | undefined;

  const placeOf = (event: MouseEvent): readonly [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const wayOf = (event: PointerEvent): DragWay => {
    if (event.button === 1) return 'pan';
    if (event.shiftKey) return event.ctrlKey || event.metaKey ? 'lasso' : 'rect';
    return answers.dragWay();
  };
  const cancel = (): boolean => {
    if (!drag || drag.way === 'pan') return false;
    drag = undefined;
    answers.outline([]);
    return true;
  };
  const dragTo = (now: Drag, [x, y]: readonly [number, number]): void => {
    const [startX, startY] = now.start;
    if (!now.moved && Math.hypot(x - startX, y - startY) < CLICK_PX) return;
    if (!now.moved) answers.hover(undefined);
    now.moved = true;
    if (now.way === 'pan') answers.pan(x - now.last[0], y - now.last[1]);
    else if (now.way === 'rect') now.outline = [now.start, [x, startY], [x, y], [startX, y]];
    else {
      const [cornerX, cornerY] = now.outline.at(-1) ?? now.start;
      if (now.outline.length === 0) now.outline.push(now.start);
      if (Math.hypot(x - cornerX, y - cornerY) >= CORNER_PX) now.outline.push([x, y]);
    }
    now.last = [x, y];
    if (now.way !== 'pan') answers.outline(now.outline);
  };
  /** Two fingers: their middle moves the map, their distance zooms it. */
  const pinchTo = (id: number, place: readonly [number, number]): void => {
    const before = pointers.get(id);
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!before || !other) return;
    const middle = (of: readonly [number, number]): readonly [number, number] => [(of[0] + other[0]) / 2, (of[1] + other[1]) / 2]; // prettier-ignore
    const apart = (of: readonly [number, number]): number => Math.max(1, Math.hypot(of[0] - other[0], of[1] - other[1])); // prettier-ignore
    const [from, to] = [middle(before), middle(place)];
    answers.pan(to[0] - from[0], to[1] - from[1]);
    answers.zoom(apart(place) / apart(before), to[0], to[1]);
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    if (event.button === 1) event.preventDefault(); // the browser's own scrolling by the middle button
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    pointers.set(event.pointerId, place);
    if (pointers.size > 1) {
      cancel();
      drag = undefined;
      answers.hover(undefined);
    } else drag = { way: wayOf(event), start: place, last: place, outline: [], moved: false };
  });
  element.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    if (pointers.size === 0) answers.hover(place);
    else if (pointers.size > 1) pinchTo(event.pointerId, place);
    else if (drag) dragTo(drag, place);
    if (pointers.has(event.pointerId)) pointers.set(event.pointerId, place);
  });
  const end = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    const ended = drag;
    if (!ended || pointers.size > 0) return;
    drag = undefined;
    if (event.type === 'pointercancel') answers.outline([]);
    else if (!ended.moved) {
      if (event.button === 0) answers.click(...ended.start, event);
    } else if (ended.way !== 'pan') {
      answers.outline([]);
      answers.enclosed(ended.outline, event.altKey);
    }
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => {
    if (pointers.size === 0) answers.hover(undefined);
  });
  element.addEventListener('dblclick', (event) => answers.doubleClick(...placeOf(event)));
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_A_LINE : 1);
      // A pinch on a touchpad comes as a wheel with Ctrl, and in smaller steps.
      const factor = Math.exp(-Math.max(-300, Math.min(300, pixels)) * (event.ctrlKey ? 0.01 : 0.002));
      answers.zoom(factor, ...placeOf(event));
    },
    { passive: false },
  );
  return { cancel };
}
