// The list of the Coverage tab: a listbox that draws only the rows in sight, so that 50,000 files cost what 40 do. The focus
// stays on the list and `aria-activedescendant` names the row, because rows come and go. Invariant: every row has the same
// height, known here and in the style sheet.
import type { CoverageState } from '../engine/model.ts';
import type { CoverageAct, CoverageRow } from '../protocol/viewApi.ts';
import { el, icon, middleTruncated, setAttribute, splitPath } from './dom.ts';
import { openMenu, type MenuItem } from './menu.ts';
import type { PagedRows } from './pagedRows.ts';
import { KEY_HINTS } from './keys.ts';
import type { ViewContext } from './viewContext.ts';

/** As `.file` in sidebar.css. */
const ROW_PX = 44;
/** Rows drawn beyond those in sight. */
const SPARE_ROWS = 8;

const ICONS: Readonly<Record<CoverageState, string>> = {
  failed: 'error',
  skipped: 'circle-slash',
  excluded: 'exclude',
  indexed: 'check',
};

export interface FileList {
  readonly element: HTMLElement;
  /** First and last row in sight, with some beyond. */
  inSight(): readonly [number, number];
  /** Draws what is in sight; `toTop` for another question. */
  draw(toTop: boolean): void;
  focus(): void;
}

export function createFileList(context: ViewContext, rows: PagedRows): FileList {
  const { words } = context;
  const box = el('div', {
    class: 'files',
    role: 'listbox',
    tabindex: '0',
    'aria-label': words.t('coverage.list'),
    'aria-keyshortcuts': 'Enter Control+Enter Control+C Shift+F10',
  });
  const element = el('div', { class: 'scroller files-scroller', tabindex: '-1' }, box);
  const drawn = new Map<number, { readonly row: CoverageRow | undefined; readonly option: HTMLElement }>();
  let active = 0;

  const inSight = (): readonly [number, number] => {
    const first = Math.floor(element.scrollTop / ROW_PX) - SPARE_ROWS;
    const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW_PX) + SPARE_ROWS;
    return [Math.max(0, first), Math.max(0, Math.min(last, rows.total - 1))];
  };
  const draw = (toTop: boolean): void => {
    if (toTop) {
      active = 0;
      element.scrollTop = 0;
    }
    active = Math.max(0, Math.min(active, rows.total - 1));
    box.style.height = `${rows.total * ROW_PX}px`;
    element.hidden = rows.total === 0;
    if (rows.total === 0) {
      for (const { option } of drawn.values()) option.remove();
      drawn.clear();
      setAttribute(box, 'aria-activedescendant', undefined);
      return;
    }
    const [first, last] = inSight();
    for (const [index, { option }] of drawn) {
      if (index >= first && index <= last) continue;
      option.remove();
      drawn.delete(index);
    }
    for (let index = first; index <= last; index++) {
      const row = rows.row(index);
      const there = drawn.get(index);
      if (there && isSame(there.row, row)) {
        setAttribute(there.option, 'aria-setsize', String(rows.total));
        continue;
      }
      const option = optionOf(context, row, index, rows.total);
      if (there) there.option.replaceWith(option);
      else box.insertBefore(option, box.children[index - first] ?? null);
      drawn.set(index, { row, option });
    }
    mark();
    rows.need(first, last);
  };
  const mark = (): void => {
    for (const [index, { option }] of drawn) setAttribute(option, 'aria-selected', String(index === active));
    setAttribute(box, 'aria-activedescendant', drawn.has(active) ? optionId(active) : undefined);
  };
  const goTo = (index: number): void => {
    active = Math.max(0, Math.min(index, rows.total - 1));
    const top = active * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + ROW_PX - element.clientHeight;
    }
    draw(false);
  };
  const act = (what: CoverageAct): void => {
    const row = rows.row(active);
    if (row) context.request('coverageAct', { path: row.path, act: what });
  };
  const menu = (at?: { x: number; y: number }): void => {
    const row = rows.row(active);
    const place = drawn.get(active)?.option.getBoundingClientRect();
    if (!row) return;
    openMenu(
      menuOf(context, row, act),
      words.t('row.menu'),
      at ?? { x: (place?.left ?? 0) + 24, y: (place?.top ?? 0) + 24 },
    );
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
    const mod = event.ctrlKey || event.metaKey;
    const next = mod || event.altKey ? undefined : moves[event.key];
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter') act(mod ? 'side' : 'open');
    else if (event.key === 'c' && mod) act('copyPath');
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) menu();
    else return;
    event.preventDefault();
  });
  const indexOf = (target: EventTarget | null): number | undefined => {
    const option = target instanceof Element ? target.closest<HTMLElement>('.file') : null;
    return option ? Number(option.dataset['index']) : undefined;
  };
  box.addEventListener('click', (event) => {
    const index = indexOf(event.target);
    if (index === undefined) return;
    goTo(index);
    if (event.target instanceof Element && event.target.closest('.icon-button'))
      menu({ x: event.clientX, y: event.clientY }); // prettier-ignore
    else act(event.ctrlKey || event.metaKey || event.altKey ? 'side' : 'open');
  });
  box.addEventListener('contextmenu', (event) => {
    const index = indexOf(event.target);
    if (index === undefined) return;
    event.preventDefault(); // instead of VS Code's own menu for web pages
    goTo(index);
    menu({ x: event.clientX, y: event.clientY });
  });
  element.addEventListener('scroll', () => draw(false), { passive: true });
  new ResizeObserver(() => draw(false)).observe(element);

  return { element, inSight, draw, focus: () => box.focus({ preventScroll: true }) };
}

function optionId(index: number): string {
  return `file-${index}`;
}

function optionOf(context: ViewContext, row: CoverageRow | undefined, index: number, total: number): HTMLElement {
  const option = el('div', {
    class: `file ${row?.state ?? 'waiting'}`,
    role: 'option',
    id: optionId(index),
    'data-index': String(index),
    'aria-posinset': String(index + 1),
    'aria-setsize': String(total),
    'aria-selected': 'false',
  });
  option.style.top = `${index * ROW_PX}px`;
  if (!row) return option;
  const { words } = context;
  const isFolder = row.path.endsWith('/');
  const { folder, name } = splitPath(isFolder ? row.path.slice(0, -1) : row.path);
  const shownName = isFolder ? `${name}/` : name;
  option.title = `${row.path}\n${row.sentence}`;
  option.setAttribute(
    'aria-label',
    [shownName, words.t(`coverage.${row.state}`), row.sentence, folder].filter(Boolean).join(', '),
  );
  const first = el('div', { class: 'place-line' }, icon(ICONS[row.state], 'file-state'), middleTruncated(shownName, 'name')); // prettier-ignore
  if (folder !== '') first.append(middleTruncated(folder, 'folder dim'));
  const more = icon('ellipsis', 'icon-button'); // for the pointer: keys reach the menu through the row
  more.title = words.t('row.menu');
  option.append(first, el('div', { class: 'file-reason dim' }, row.sentence), more);
  return option;
}

function menuOf({ words }: ViewContext, row: CoverageRow, act: (what: CoverageAct) => void): MenuItem[] {
  const isFolder = row.path.endsWith('/');
  const item = (what: CoverageAct, name: string, label: string, hint?: string): MenuItem => ({ label, icon: name, hint, run: () => act(what) }); // prettier-ignore
  const hasRule = ['gitignore', 'vectorscopeignore', 'exclude-setting', 'not-included'].includes(row.reason ?? '');
  const canEmbed =
    !isFolder && (row.state === 'excluded' || row.state === 'failed' || ['generated', 'minified', 'not-indexed-yet'].includes(row.reason ?? '')); // prettier-ignore
  return [
    isFolder
      ? item('open', 'folder-opened', words.t('coverage.reveal'), KEY_HINTS.open)
      : item('open', 'go-to-file', words.t('row.open'), KEY_HINTS.open),
    ...(isFolder ? [] : [item('side', 'split-horizontal', words.t('row.openSide'), KEY_HINTS.side)]),
    ...(hasRule ? [item('rule', 'list-filter', words.t('coverage.rule'))] : []),
    ...(canEmbed ? [item('embed', 'add', words.t('coverage.embed'))] : []),
    { ...item('copyPath', 'copy', words.t('coverage.copyPath'), KEY_HINTS.copyLink), separated: true },
  ];
}

function isSame(a: CoverageRow | undefined, b: CoverageRow | undefined): boolean {
  return a?.path === b?.path && a?.state === b?.state && a?.sentence === b?.sentence;
}
