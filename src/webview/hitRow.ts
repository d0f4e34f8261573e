// One hit: similarity, place and preview. A tree item with its buttons inside; all handling is in the list.
import type { ChunkKind } from '../engine/model.ts';
import type { SimilarView } from '../protocol/viewApi.ts';
import { el, icon, middleTruncated, setAttribute, setText, splitPath } from './dom.ts';
import { ROW_SHORTCUTS, type RowCommand } from './keys.ts';
import { createPreview } from './preview.ts';
import { INLINE_ACTIONS, ROW_ACTIONS } from './rowActions.ts';
import { createThumbnail } from './thumbnail.ts';
import type { Words } from './words.ts';

const KIND_ICONS: Readonly<Record<ChunkKind, string>> = {
  function: 'symbol-function',
  class: 'symbol-class',
  method: 'symbol-method',
  code: 'file-code',
  section: 'book',
  paragraph: 'symbol-text',
  row: 'table',
  cell: 'notebook',
  lines: 'list-flat',
  snippet: 'bookmark',
  image: 'file-media',
};

/** Recommendations say what of the open document they are near. */
export type ShownHit = SimilarView['hits'][number];

export interface HitRow {
  readonly element: HTMLElement;
  readonly hit: ShownHit;
  /** `image`: the address of the file, for an image. */
  update(hit: ShownHit, expanded: boolean, image: string | undefined): void;
}

let nextId = 1;

export function createHitRow(words: Words, first: ShownHit): HitRow {
  const id = `hit-${nextId++}`;
  const preview = first.kind === 'image' ? imagePreview(`${id}-text`, words, first) : createPreview(`${id}-text`);
  const chevron = el('span', { class: 'twistie codicon', 'data-command': 'toggle', 'aria-hidden': 'true' });
  const head = el('div', { class: 'hit-head' });
  const why = el('div', { class: 'why dim' });
  const element = el(
    'div',
    {
      class: 'hit',
      id,
      role: 'treeitem',
      tabindex: '-1',
      'aria-describedby': preview.element.id,
      'aria-keyshortcuts': ROW_SHORTCUTS,
    },
    chevron,
    el('div', { class: 'hit-body' }, head, why, preview.element),
    actionButtons(words),
  );
  let hit: ShownHit | undefined;
  return {
    element,
    get hit() {
      return hit ?? first;
    },
    update(now, expanded, image) {
      if (!hit || !looksEqual(hit, now)) {
        head.replaceChildren(score(words, now), place(words, now));
        setText(why, whyOf(words, now));
        why.hidden = now.near === undefined;
        element.setAttribute('aria-label', spoken(words, now));
      }
      hit = now;
      setAttribute(element, 'aria-expanded', String(expanded));
      chevron.className = `twistie codicon codicon-chevron-${expanded ? 'down' : 'right'}`;
      chevron.title = words.t(expanded ? 'row.collapse' : 'row.expand');
      preview.update(now, expanded, image);
    },
  };
}

/** In the manner of {@link createPreview}. */
function imagePreview(id: string, words: Words, { path }: ShownHit) {
  const thumbnail = createThumbnail(id, words, splitPath(path).name);
  return {
    element: thumbnail.element,
    update: (_: ShownHit, expanded: boolean, address: string | undefined): void => thumbnail.update(address, expanded),
  };
}

/** The command of a button inside a row. */
export function commandOfTarget(target: EventTarget | null): RowCommand | 'menu' | 'toggle' | undefined {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-command]') : null;
  return button?.dataset['command'] as RowCommand | 'menu' | 'toggle' | undefined;
}

/** The list is one tab stop: these are for the pointer; keys reach the same through the row and its menu. */
function actionButtons(words: Words): HTMLElement {
  const bar = el('div', { class: 'hit-actions' });
  const add = (command: string, iconName: string, label: string): void => {
    const attributes = { 'data-command': command, 'aria-label': label, title: label };
    const button = el('button', { type: 'button', class: 'icon-button', tabindex: '-1', ...attributes });
    button.append(icon(iconName));
    bar.append(button);
  };
  for (const action of ROW_ACTIONS) {
    if (INLINE_ACTIONS.has(action.command)) add(action.command, action.icon, words.t(action.label));
  }
  add('menu', 'ellipsis', words.t('row.menu'));
  return bar;
}

/** Similarity; where only words were compared, their share of the best hit's. */
function score(words: Words, hit: ShownHit): HTMLElement {
  const value = isByWords(hit) ? (hit.score ?? 0) : hit.similarity;
  const fill = el('span', { class: 'bar-fill' });
  fill.style.width = `${Math.round(Math.min(1, Math.max(0, value)) * 100)}%`;
  return el(
    'div',
    { class: 'score', title: reasons(words, hit).join('\n') },
    el('span', { class: 'score-value' }, words.similarity(value)),
    el('span', { class: 'bar' }, fill),
    el('span', { class: 'score-percentile' }, isByWords(hit) ? '' : words.percentile(hit.percentile)),
  );
}

function reasons(words: Words, hit: ShownHit): string[] {
  const { similarity, percentile } = hit;
  const shared = sharedWords(hit);
  return [
    ...(isByWords(hit)
      ? []
      : [
          words.t('row.similarity', words.similarity(similarity)),
          words.t('row.percentile', words.percentile(percentile)),
        ]),
    ...(shared === '' ? [] : [words.t('row.shared', shared)]),
    ...(hit.near ? [words.t('row.near', hit.near.symbol ?? words.lines(hit.near.startLine, hit.near.endLine))] : []),
  ];
}

/** `Near TokenStore.renew · token, session`: why a document is recommended. */
function whyOf(words: Words, { near, why }: ShownHit): string {
  if (!near) return '';
  const part = near.symbol ?? words.lines(near.startLine, near.endLine);
  const shared = why?.words.slice(0, 4).join(', ') ?? '';
  return [words.t('row.near', part), ...(shared === '' ? [] : [shared])].join(' · ');
}

function isByWords({ why, near }: ShownHit): boolean {
  return near === undefined && why !== undefined && why.similarity === undefined;
}

function sharedWords({ why }: ShownHit): string {
  return why?.words.join(', ') ?? '';
}

function place(words: Words, hit: ShownHit): HTMLElement {
  const shown = shownPlace(hit);
  const { folder, name } = splitPath(shown.path);
  const title = [
    hit.kind === 'image' ? shown.path : `${shown.path}:${lineRange(shown)}`,
    ...(hit.symbol === undefined ? [] : [hit.symbol]),
    ...(hit.kept ? [words.t('row.kept', shown.path)] : []),
  ].join('\n');
  const first = el(
    'div',
    { class: 'place-line' },
    icon(KIND_ICONS[hit.kind], `kind-${hit.kind}`),
    middleTruncated(name, 'name'),
  );
  if (hit.symbol !== undefined) {
    first.append(el('span', { class: 'crumb' }, '›'), el('span', { class: 'symbol' }, hit.symbol));
  }
  const second = el('div', { class: 'place-line dim' });
  if (folder !== '') second.append(middleTruncated(folder, 'folder'));
  if (folder !== '' && hit.kind !== 'image') second.append(el('span', { class: 'crumb' }, ':'));
  if (hit.kind !== 'image') second.append(el('span', { class: 'lines' }, lineRange(shown)));
  return el('div', { class: 'place', title }, first, second);
}

/** A kept snippet is a document of its own; people know it by where it came from. */
function shownPlace(hit: ShownHit): { readonly path: string; readonly startLine: number; readonly endLine: number } {
  return hit.kept ? { ...hit.kept, path: hit.kept.sourcePath } : hit;
}

function lineRange({ startLine, endLine }: { readonly startLine: number; readonly endLine: number }): string {
  return endLine > startLine ? `${startLine}–${endLine}` : String(startLine);
}

/** What a screen reader says: the place first, because it tells rows apart; the preview follows as description. */
function spoken(words: Words, hit: ShownHit): string {
  const shown = shownPlace(hit);
  const { folder, name } = splitPath(shown.path);
  return [
    name,
    hit.symbol,
    hit.kind === 'image'
      ? undefined
      : shown.endLine > shown.startLine
        ? words.t('row.lines', shown.startLine, shown.endLine)
        : words.t('target.line', shown.startLine),
    ...reasons(words, hit),
    folder,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

function looksEqual(a: ShownHit, b: ShownHit): boolean {
  const same = a.similarity === b.similarity && a.percentile === b.percentile && a.score === b.score;
  return (
    same &&
    JSON.stringify(a.near) === JSON.stringify(b.near) &&
    sharedWords(a) === sharedWords(b) &&
    a.symbol === b.symbol &&
    a.kind === b.kind
  );
}
