// A list of groups and places: a tree of two levels with one tab stop, as the hits are. Invariant: rows are kept by key from one
// answer to the next, so that focus and scroll stay. Rows far below are drawn when one scrolls there, or goes there by key. Cost: a
// few tenths of a millisecond a drawn row; rows out of sight are not laid out (`content-visibility`).
import { debounce } from '../debounce.ts';
import { el, setAttribute } from '../dom.ts';
import { rowCommandOf } from '../keys.ts';
import { openMenu } from '../menu.ts';
import type { ViewContext } from '../viewContext.ts';
import { placeOf } from '../hitKeys.ts';
import { createTreeItem, type TreeItem, type TreeRow } from './treeItem.ts';

const PREVIEW_MS = 120;
/** More than most sidebars show. */
const ROWS_AT_ONCE = 60;

export interface RowTree {
  readonly element: HTMLElement;
  update(rows: readonly TreeRow[]): void;
  /** Focuses the row last gone to, or the first; false without rows. */
  focus(): boolean;
  step(by: 1 | -1): void;
}

export interface RowTreeOptions {
  readonly context: ViewContext;
  readonly label: string;
  readonly scroller: HTMLElement;
  readonly toggle: (row: TreeRow, expanded: boolean) => void;
  /** Takes the focus when no row is left. */
  readonly fallback: () => void;
}

let trees = 0;

export function createRowTree({ context, label, scroller, toggle, fallback }: RowTreeOptions): RowTree {
  const { words } = context;
  const prefix = `tree${trees++}`;
  const element = el('div', { class: 'hits rows', role: 'tree', 'aria-label': label });
  const sentinel = el('div', { class: 'rows-end', 'aria-hidden': 'true' });
  const drawn = new Map<string, TreeItem>();
  let rows: readonly TreeRow[] = [];
  let limit = ROWS_AT_ONCE;
  let active: string | undefined;
  let selected = false;
  let nextId = 0;

  const indexOf = (key: string | undefined): number => rows.findIndex((row) => row.key === key);
  const rowOf = (target: EventTarget | null): TreeRow | undefined => {
    const key = target instanceof Element ? target.closest<HTMLElement>('.hit')?.dataset['key'] : undefined;
    return rows[indexOf(key)];
  };

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) rowOf(target)?.seen?.();
  });
  const drawRow = (row: TreeRow): HTMLElement => {
    let there = drawn.get(row.key);
    if (!there) drawn.set(row.key, (there = createTreeItem(words, `${prefix}-${nextId++}`, row.key)));
    if (there.update(row) && row.seen) seen.observe(there.element);
    return there.element;
  };
  const mark = (): void => {
    const stop = active ?? rows[0]?.key;
    for (const [key, { element: item }] of drawn) {
      item.tabIndex = key === stop ? 0 : -1;
      setAttribute(item, 'aria-selected', String(selected && key === active));
    }
  };
  const draw = (): void => {
    rows.slice(0, limit).forEach((row, i) => {
      const item = drawRow(row);
      if (element.children[i] !== item) element.insertBefore(item, element.children[i] ?? null);
    });
    if (limit < rows.length) element.append(sentinel);
    else sentinel.remove();
    mark();
  };
  new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting || limit >= rows.length) return;
      limit += ROWS_AT_ONCE;
      draw();
      // Not yet out of sight: an observer tells only of changes.
      sentinel.remove();
      requestAnimationFrame(draw);
    },
    { root: scroller, rootMargin: '600px' },
  ).observe(sentinel);

  const preview = debounce(PREVIEW_MS, (row: TreeRow) => {
    if (row.place) context.request('open', { place: placeOf(row.place), mode: 'preview' });
  });
  const goTo = (index: number, takeFocus: boolean): TreeRow | undefined => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return undefined;
    if (index >= limit) {
      limit = index + ROWS_AT_ONCE;
      draw();
    }
    active = row.key;
    selected = true;
    mark();
    const item = drawn.get(row.key)?.element;
    if (takeFocus) item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: 'nearest' });
    return row;
  };
  const run = (row: TreeRow, command: string, at?: { x: number; y: number }): void => {
    const actions = row.actions();
    const action = actions.find((each) => each.command === command);
    if (action) {
      preview.cancel();
      action.run();
    } else if (command === 'menu' && actions.length > 0) {
      const box = drawn.get(row.key)?.element.getBoundingClientRect();
      const expand = row.expanded;
      const more = expand === undefined ? [] : [{ label: words.t(expand ? 'row.collapse' : 'row.expand'), icon: expand ? 'fold' : 'unfold', hint: expand ? '←' : '→', separated: true, run: () => toggle(row, !expand) }]; // prettier-ignore
      openMenu([...actions, ...more], words.t('row.menu'), at ?? { x: (box?.left ?? 0) + 24, y: (box?.top ?? 0) + 24 });
    } else if (command === 'toggle' || command === 'open') {
      if (row.expanded !== undefined) toggle(row, !row.expanded);
      else row.press?.();
    } else if (command === 'expand' && row.expanded === false) toggle(row, true);
    else if (command === 'expand') {
      if (rows[indexOf(row.key) + 1]?.level === 2 && row.level === 1) previewed(goTo(indexOf(row.key) + 1, true));
    } else if (command === 'collapse' && row.expanded === true) toggle(row, false);
    else if (command === 'collapse' && row.level === 2) {
      const before = rows.slice(0, indexOf(row.key));
      goTo(
        before.findLastIndex(({ level }) => level === 1),
        true,
      );
    }
  };
  const previewed = (row: TreeRow | undefined): void => {
    if (row?.place) preview(row);
    else preview.cancel();
  };
  const pageFrom = (index: number, direction: 1 | -1): number => {
    const topOf = (at: number): number => drawn.get(rows[at]?.key ?? '')?.element.offsetTop ?? Infinity;
    const limitPx = topOf(index) + direction * (scroller.clientHeight - 40);
    let at = index;
    while (rows[at + direction] && (direction > 0 ? topOf(at + 1) <= limitPx : topOf(at - 1) >= limitPx))
      at += direction;
    return at === index ? index + direction : at;
  };
  const movedTo = (key: string, index: number): number | undefined => {
    switch (key) {
      case 'ArrowDown':
        return index + 1;
      case 'ArrowUp':
        return index - 1;
      case 'Home':
        return 0;
      case 'End':
        return rows.length - 1;
      case 'PageDown':
        return pageFrom(index, 1);
      case 'PageUp':
        return pageFrom(index, -1);
      default:
        return undefined;
    }
  };

  element.addEventListener('keydown', (event) => {
    const row = rowOf(event.target);
    if (!row || event.altKey) return;
    const index = indexOf(row.key);
    const next = event.ctrlKey || event.metaKey ? undefined : movedTo(event.key, index);
    const command = next === undefined ? rowCommandOf(event) : undefined;
    if (next === undefined && command === undefined) return;
    event.preventDefault();
    if (command !== undefined) run(row, command);
    else if (next !== undefined && next >= 0 && next < rows.length && next !== index) previewed(goTo(next, true));
  });
  element.addEventListener('click', (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-command]') : null;
    if (!button && getSelection()?.isCollapsed === false) return; // the user marks text of a preview
    goTo(indexOf(row.key), true);
    if (button) run(row, button.dataset['command'] ?? '', { x: event.clientX, y: event.clientY });
    else if (!row.place) run(row, 'toggle');
    else if (event.ctrlKey || event.metaKey || event.altKey) run(row, 'side');
    else if (event.detail < 2) preview(row);
  });
  element.addEventListener('dblclick', (event) => {
    const row = rowOf(event.target);
    if (row?.place && !(event.target instanceof Element && event.target.closest('[data-command]'))) run(row, 'open');
  });
  element.addEventListener('contextmenu', (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    event.preventDefault(); // instead of VS Code's own menu for web pages
    goTo(indexOf(row.key), true);
    run(row, 'menu', { x: event.clientX, y: event.clientY });
  });
  element.addEventListener('focusin', (event) => {
    const row = rowOf(event.target);
    if (!row || row.key === active) return;
    active = row.key;
    selected = true;
    mark();
  });

  return {
    element,
    update(now) {
      const hadFocus = element.contains(document.activeElement);
      const before = indexOf(active);
      rows = now;
      const keys = new Set(rows.map(({ key }) => key));
      for (const [key, { element: item }] of drawn) {
        if (keys.has(key)) continue;
        seen.unobserve(item);
        item.remove();
        drawn.delete(key);
      }
      if (active !== undefined && !keys.has(active)) active = hadFocus ? rows[Math.min(Math.max(before, 0), rows.length - 1)]?.key : undefined; // prettier-ignore
      selected &&= active !== undefined;
      draw();
      element.hidden = rows.length === 0;
      if (!hadFocus || element.contains(document.activeElement)) return;
      if (active === undefined) fallback();
      else goTo(indexOf(active), true);
    },
    focus() {
      return goTo(Math.max(0, indexOf(active)), true) !== undefined;
    },
    step(by) {
      const places = rows.filter(({ place }) => place);
      const at = places.findIndex(({ key }) => selected && key === active);
      const row = places.at((at < 0 && by < 0 ? -1 : at + by) % Math.max(places.length, 1));
      if (!row?.place) return;
      goTo(indexOf(row.key), element.contains(document.activeElement));
      context.request('open', { place: placeOf(row.place), mode: 'preview' });
    },
  };
}
