// The list beside the map: what is in sight or selected, by cluster. A tree of two levels that draws only the rows in sight, so that
// 200,000 points cost what 40 do. The focus stays on the tree and `aria-activedescendant` names the row, because rows come and go.
// Invariant: every row has the same height, known here and in the style sheet.
import { el, setAttribute } from '../dom.ts';
import { rowCommandOf } from '../keys.ts';
import { debounce } from '../debounce.ts';
import type { ViewContext } from '../viewContext.ts';
import { GroupRows, type GroupRow, type PointRow } from './groupRows.ts';
import { drawRow, type RowFacts } from './listRow.ts';
import type { MapPoints } from './points.ts';

/** As `.map-row` in map.css. */
const ROW_PX = 24;
const SPARE_ROWS = 10;
const PREVIEW_MS = 120;

export interface PointListAnswers extends RowFacts {
  /** The list is at a point now, or at none. */
  at(point: number | undefined): void;
  open(point: number, mode: 'preview' | 'open' | 'side'): void;
  copyLink(point: number): void;
  menu(row: { readonly point: number } | { readonly group: number }, at: { x: number; y: number }): void;
  /** A group's row was opened. */
  frame(points: readonly number[]): void;
  select(points: readonly number[]): void;
}

export interface PointList {
  readonly element: HTMLElement;
  show(points: MapPoints | undefined, listed: ArrayLike<number>): void;
  /** Draws the rows anew: their colours or names are others. */
  redraw(): void;
  /** Goes to a point's row without taking the focus. */
  reach(point: number): void;
  pointsOf(group: number): readonly number[];
  isCollapsed(group: number): boolean;
  toggle(group: number): void;
  focus(): boolean;
  step(by: 1 | -1): void;
}

export function createPointList(context: ViewContext, answers: PointListAnswers): PointList {
  const { words } = context;
  const box = el('div', {
    class: 'map-rows',
    role: 'tree',
    tabindex: '0',
    'aria-label': words.t('map.list'),
    'aria-keyshortcuts': 'Enter Control+Enter Control+C Space Shift+F10',
  });
  const element = el('div', { class: 'scroller map-list', tabindex: '-1' }, box);
  const collapsed = new Set<number>();
  const drawn = new Map<number, HTMLElement>();
  let points: MapPoints | undefined;
  let listed: ArrayLike<number> = [];
  let rows = new GroupRows([], () => 0, () => false); // prettier-ignore
  let active = 0;

  const isCollapsed = (group: number): boolean => collapsed.has(group);
  const build = (): void => {
    const now = points;
    rows = new GroupRows(now ? listed : [], (point) => now?.groupOf(point) ?? 0, isCollapsed);
    active = Math.max(0, Math.min(active, rows.total - 1));
    for (const item of drawn.values()) item.remove();
    drawn.clear();
    draw();
  };
  const draw = (): void => {
    box.style.height = `${rows.total * ROW_PX}px`;
    const first = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - SPARE_ROWS);
    const last = Math.min(rows.total, Math.ceil((element.scrollTop + element.clientHeight) / ROW_PX) + SPARE_ROWS) - 1;
    for (const [row, item] of drawn) {
      if (row >= first && row <= last) continue;
      item.remove();
      drawn.delete(row);
    }
    if (!points) return;
    for (let row = first; row <= last; row++) {
      const what = rows.at(row);
      if (!what || drawn.has(row)) continue;
      const item = drawRow(context, points, what, { id: idOf(row), groups: rows.groups, expanded: !isCollapsed(what.group) }, answers); // prettier-ignore
      item.style.top = `${row * ROW_PX}px`;
      item.dataset['row'] = String(row);
      box.insertBefore(item, box.children[row - first] ?? null);
      drawn.set(row, item);
    }
    mark();
  };
  const idOf = (row: number): string => `map-row-${row}`;
  const mark = (): void => {
    for (const [row, item] of drawn) setAttribute(item, 'aria-selected', String(row === active));
    setAttribute(box, 'aria-activedescendant', drawn.has(active) ? idOf(active) : undefined);
  };
  const scrollTo = (row: number): void => {
    const top = row * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
  };
  const preview = debounce(PREVIEW_MS, (point: number) => answers.open(point, 'preview'));
  const goTo = (row: number): GroupRow | PointRow | undefined => {
    active = Math.max(0, Math.min(row, rows.total - 1));
    scrollTo(active);
    draw();
    const what = rows.at(active);
    answers.at(what && 'point' in what ? what.point : undefined);
    return what;
  };
  const toggle = (group: number): void => {
    if (!collapsed.delete(group)) collapsed.add(group);
    build();
  };
  const menu = (what: GroupRow | PointRow, at?: { x: number; y: number }): void => {
    const box = drawn.get(active)?.getBoundingClientRect();
    answers.menu('point' in what ? { point: what.point } : { group: what.group }, at ?? { x: (box?.left ?? 0) + 24, y: (box?.top ?? 0) + 20 }); // prettier-ignore
  };
  const runOnGroup = (command: string, { group }: GroupRow): void => {
    const is = isCollapsed(group);
    if (command === 'open' || command === 'side') answers.frame(rows.pointsOf(group));
    else if (command === 'toggle') answers.select(rows.pointsOf(group));
    else if ((command === 'expand' && is) || (command === 'collapse' && !is)) toggle(group);
    else if (command === 'expand') moveTo(active + 1);
  };
  const runOnPoint = (command: string, { point }: PointRow): void => {
    preview.cancel();
    if (command === 'open' || command === 'side') answers.open(point, command);
    else if (command === 'toggle') answers.open(point, 'preview');
    else if (command === 'copyLink') answers.copyLink(point);
    else if (command === 'collapse') moveTo(rows.groupRowOf(active));
  };
  const moveTo = (row: number): void => {
    const what = goTo(row);
    if (what && 'point' in what) preview(what.point);
    else preview.cancel();
  };

  box.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(element.clientHeight / ROW_PX) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: rows.total - 1,
      PageDown: active + page,
      PageUp: active - page,
    };
    const what = rows.at(active);
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    const command = next === undefined ? rowCommandOf(event) : undefined;
    if (next !== undefined) moveTo(next);
    else if (command === undefined || !what) return;
    else if (command === 'menu') menu(what);
    else if ('point' in what) runOnPoint(command, what);
    else runOnGroup(command, what);
    event.preventDefault();
  });
  const rowOf = (target: EventTarget | null): number | undefined => {
    const item = target instanceof Element ? target.closest<HTMLElement>('.map-row') : null;
    return item ? Number(item.dataset['row']) : undefined;
  };
  box.addEventListener('click', (event) => {
    const row = rowOf(event.target);
    const what = row === undefined ? undefined : goTo(row);
    if (!what) return;
    if (!('point' in what)) toggle(what.group);
    else if (event.ctrlKey || event.metaKey || event.altKey) answers.open(what.point, 'side');
    else if (event.detail < 2) preview(what.point);
  });
  box.addEventListener('dblclick', (event) => {
    const what = rows.at(rowOf(event.target) ?? -1);
    if (what && 'point' in what) runOnPoint('open', what);
  });
  box.addEventListener('contextmenu', (event) => {
    const row = rowOf(event.target);
    const what = row === undefined ? undefined : goTo(row);
    if (!what) return;
    event.preventDefault(); // instead of VS Code's own menu for web pages
    menu(what, { x: event.clientX, y: event.clientY });
  });
  box.addEventListener('blur', () => answers.at(undefined));
  element.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(element);

  return {
    element,
    show(now, which) {
      if (now !== points) {
        collapsed.clear();
        active = 0;
      }
      const at = rows.at(active);
      points = now;
      listed = which;
      build();
      // Where one was stays, if it is still there.
      const row = at && 'point' in at ? rows.rowOf(at.point, at.group) : undefined;
      active = row ?? 0;
      if (row === undefined) element.scrollTop = 0;
      else scrollTo(row);
      draw();
    },
    redraw: build,
    reach(point) {
      const row = points && rows.rowOf(point, points.groupOf(point));
      if (row === undefined) return;
      active = row;
      scrollTo(row);
      draw();
    },
    pointsOf: (group) => rows.pointsOf(group),
    isCollapsed,
    toggle,
    focus() {
      box.focus({ preventScroll: true });
      return rows.total > 0;
    },
    step(by) {
      let row = active + by;
      while (rows.at(row) && !('point' in (rows.at(row) ?? {}))) row += by;
      const what = rows.at(row) ? goTo(row) : undefined;
      if (what && 'point' in what) answers.open(what.point, 'preview');
    },
  };
}
