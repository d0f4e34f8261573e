// The rows of a tab: a tree with one tab stop. Invariant: rows are kept by place from one snapshot to the next, so that
// focus and scroll stay where they are. New rows beyond those in sight come in tasks after the frame that shows these; whoever
// asks for a row before gets all. Cost: about 1 ms a new row with layout, next to nothing for a row that stays.
import type { ViewStringKey, HitTab } from '../protocol/viewApi.ts';
import { debounce } from './debounce.ts';
import { el, setAttribute } from './dom.ts';
import { hitKeys, placeOf } from './hitKeys.ts';
import { commandOfTarget, createHitRow, type HitRow, type ShownHit } from './hitRow.ts';
import { rowCommandOf, type RowCommand } from './keys.ts';
import { openMenu } from './menu.ts';
import { rowMenuItems, runRowCommand } from './rowActions.ts';
import { addressOf } from './thumbnail.ts';
import type { ViewState } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

/** Long enough to run through a list with the key held down, short enough to feel immediate. */
const PREVIEW_MS = 120;

/** More rows than most sidebars are high: what the first frame draws. */
const FIRST_ROWS = 15;

/** New rows a later task draws: a few milliseconds, so that a key or a click is not kept waiting. */
const ROWS_A_TASK = 5;

export interface HitList extends Part {
  /** Focuses the row last gone to, or the first; false without rows. */
  focus(): boolean;
  /** The same by an arrow key, which previews where it stops. */
  enter(): void;
  step(by: 1 | -1): void;
}

export interface HitListOptions {
  readonly context: ViewContext;
  readonly tab: HitTab;
  readonly label: ViewStringKey;
  /** The hits to show: not always those of the snapshot (the search box was emptied). */
  readonly hitsOf: (state: ViewState) => readonly ShownHit[];
  /** Takes the focus when the row that had it is gone and none is left. */
  readonly fallback: () => void;
  readonly scroller: HTMLElement;
}

export function createHitList({ context, tab, label, hitsOf, fallback, scroller }: HitListOptions): HitList {
  const element = el('div', { class: 'hits', role: 'tree', 'aria-label': context.words.t(label) });
  const rows = new Map<string, HitRow>();
  let keys: readonly string[] = [];
  let hits: readonly ShownHit[] = [];
  let expandedKeys: ReadonlySet<string> = new Set();
  let imageRoots: ViewState['snapshot']['imageRoots'];
  /** Hits from here on have no row yet, or one that may be out of date. */
  let undrawn = 0;

  const activeKey = (): string | undefined => context.state().selected[tab] ?? keys[0];
  const markRows = (): void => {
    const active = activeKey();
    const selected = context.state().selected[tab];
    for (const [key, row] of rows) {
      row.element.tabIndex = key === active ? 0 : -1;
      setAttribute(row.element, 'aria-selected', String(key === selected));
    }
  };

  /** Draws on until there have been `budget` new rows: those that stay cost next to nothing. */
  const draw = (budget: number): void => {
    for (let left = budget; undrawn < hits.length; undrawn++) {
      const hit = hits[undrawn];
      const key = keys[undrawn];
      if (!hit || key === undefined) break;
      let row = rows.get(key);
      if (!row) {
        if (left-- <= 0) break;
        rows.set(key, (row = createHitRow(context.words, hit)));
      }
      row.update(hit, expandedKeys.has(key), hit.kind === 'image' ? addressOf(imageRoots, hit.path) : undefined);
      const there = element.children[undrawn];
      if (there !== row.element) element.insertBefore(row.element, there ?? null);
    }
    markRows();
  };
  const drawAll = (): void => {
    if (undrawn < hits.length) draw(Infinity);
  };
  let drawing = false;
  const drawRest = (): void => {
    drawing = undrawn < hits.length;
    if (!drawing) return;
    draw(ROWS_A_TASK);
    setTimeout(drawRest, 0);
  };
  const drawRestLater = (): void => {
    if (drawing || undrawn === hits.length) return;
    drawing = true;
    requestAnimationFrame(() => setTimeout(drawRest, 0));
  };

  const keyOf = (target: EventTarget | null): string | undefined => {
    const item = target instanceof Element ? target.closest('.hit') : null;
    return keys.find((key) => rows.get(key)?.element === item);
  };
  const openPreview = debounce(PREVIEW_MS, (hit: ShownHit) => {
    context.request('open', { place: placeOf(hit), mode: 'preview' });
  });

  /** Goes to a row; `takeFocus` only when the user is in the list already. */
  const goTo = (key: string | undefined, takeFocus: boolean): void => {
    drawAll();
    const row = key === undefined ? undefined : rows.get(key);
    if (key === undefined || !row) return;
    context.dispatch({ type: 'select', tab, key });
    if (takeFocus) row.element.focus({ preventScroll: true });
    row.element.scrollIntoView({ block: 'nearest' });
  };

  const run = (key: string, command: RowCommand | 'menu' | 'toggle', at?: { x: number; y: number }): void => {
    const row = rows.get(key);
    if (!row) return;
    const expanded = context.state().expanded.has(key);
    if (command === 'menu') {
      const box = row.element.getBoundingClientRect();
      const items = rowMenuItems(context, expanded, (chosen) => run(key, chosen));
      openMenu(items, context.words.t('row.menu'), at ?? { x: box.left + 24, y: box.top + 24 });
    } else if (command === 'toggle' || command === 'expand' || command === 'collapse') {
      const expand = command === 'toggle' ? !expanded : command === 'expand';
      if (expand !== expanded) context.dispatch({ type: 'expand', keys: [key], expanded: expand });
    } else {
      openPreview.cancel();
      if (tab === 'search' && (command === 'open' || command === 'side')) context.dispatch({ type: 'remember' });
      runRowCommand(context, row.hit, command);
    }
  };

  const pageFrom = (key: string, direction: 1 | -1): string | undefined => {
    const from = rows.get(key)?.element.offsetTop ?? 0;
    const limit = from + direction * (scroller.clientHeight - 40);
    const within = (other: string): boolean => {
      const top = rows.get(other)?.element.offsetTop ?? 0;
      return direction > 0 ? top <= limit : top >= limit;
    };
    const index = keys.indexOf(key);
    const reached = direction > 0 ? keys.findLast(within) : keys.find(within);
    // A row taller than the page: at least one step.
    return reached === undefined || reached === key ? keys[index + direction] : reached;
  };
  const movedTo = (event: KeyboardEvent, key: string): string | undefined => {
    const index = keys.indexOf(key);
    switch (event.key) {
      case 'ArrowDown':
        return keys[Math.min(index + 1, keys.length - 1)];
      case 'ArrowUp':
        return keys[Math.max(index - 1, 0)];
      case 'Home':
        return keys[0];
      case 'End':
        return keys.at(-1);
      case 'PageDown':
        return pageFrom(key, 1) ?? key;
      case 'PageUp':
        return pageFrom(key, -1) ?? key;
      default:
        return undefined;
    }
  };

  element.addEventListener('keydown', (event) => {
    const key = keyOf(event.target);
    if (key === undefined || event.altKey) return;
    drawAll();
    const next = movedTo(event, key);
    const command = next === undefined ? rowCommandOf(event) : undefined;
    if (next === undefined && command === undefined) return;
    event.preventDefault();
    if (command !== undefined) run(key, command);
    else if (next !== key) {
      goTo(next, true);
      const hit = rows.get(next ?? '')?.hit;
      if (hit) openPreview(hit);
    }
  });
  element.addEventListener('click', (event) => {
    const key = keyOf(event.target);
    if (key === undefined) return;
    const command = commandOfTarget(event.target);
    const row = rows.get(key);
    if (command === undefined && getSelection()?.isCollapsed === false) return; // the user marks text of a preview
    goTo(key, true);
    if (command === 'menu') run(key, 'menu', { x: event.clientX, y: event.clientY });
    else if (command !== undefined) run(key, command);
    else if (event.ctrlKey || event.metaKey || event.altKey) run(key, 'side');
    else if (row && event.detail < 2) openPreview(row.hit);
  });
  element.addEventListener('dblclick', (event) => {
    const key = keyOf(event.target);
    if (key !== undefined && commandOfTarget(event.target) === undefined) run(key, 'open');
  });
  element.addEventListener('contextmenu', (event) => {
    const key = keyOf(event.target);
    if (key === undefined) return;
    event.preventDefault(); // instead of VS Code's own menu for web pages
    goTo(key, true);
    run(key, 'menu', { x: event.clientX, y: event.clientY });
  });
  element.addEventListener('focusin', (event) => {
    const key = keyOf(event.target);
    if (key !== undefined && key !== context.state().selected[tab]) context.dispatch({ type: 'select', tab, key });
  });

  return {
    element,
    update(state) {
      const hadFocus = element.contains(document.activeElement);
      hits = hitsOf(state);
      keys = hitKeys(hits);
      expandedKeys = state.expanded;
      imageRoots = state.snapshot.imageRoots;
      undrawn = 0;
      removeRows(rows, new Set(keys));
      const active = activeKey();
      // The focus, or the place that was scrolled to, may be anywhere.
      const inSight = !hadFocus && state.scrollTop[tab] === 0 && (active === undefined || active === keys[0]);
      draw(inSight ? FIRST_ROWS : Infinity);
      drawRestLater();
      element.hidden = hits.length === 0;
      if (!hadFocus || element.contains(document.activeElement)) return;
      const row = active === undefined ? undefined : rows.get(active);
      if (row) row.element.focus({ preventScroll: true });
      else fallback();
    },
    focus() {
      const key = activeKey();
      goTo(key, true);
      return key !== undefined;
    },
    enter() {
      drawAll();
      const row = rows.get(activeKey() ?? '');
      if (this.focus() && row) openPreview(row.hit);
    },
    step(by) {
      const selected = context.state().selected[tab];
      const index = selected === undefined ? (by > 0 ? -1 : 0) : keys.indexOf(selected);
      const key = keys.at((index + by + keys.length) % Math.max(keys.length, 1));
      drawAll();
      const hit = key === undefined ? undefined : rows.get(key)?.hit;
      if (!hit) return;
      goTo(key, element.contains(document.activeElement));
      context.request('open', { place: placeOf(hit), mode: 'preview' });
    },
  };
}

function removeRows(rows: Map<string, HitRow>, keep: ReadonlySet<string>): void {
  for (const [key, row] of rows) {
    if (keep.has(key)) continue;
    row.element.remove();
    rows.delete(key);
  }
}
