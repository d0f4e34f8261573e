// What the Similar tab looks at, in two lines, with Back, Pin and the kept snippets.
import type { SimilarTarget } from '../protocol/viewApi.ts';
import { el, icon, iconButton, middleTruncated, setAttribute, setIcon, splitPath } from './dom.ts';
import { placeOf } from './hitKeys.ts';
import { targetKey } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';
import type { Words } from './words.ts';

const KIND_ICONS: Readonly<Record<SimilarTarget['kind'], string>> = {
  selection: 'selection',
  symbol: 'symbol-method',
  file: 'file',
  row: 'table',
  snippet: 'bookmark',
  text: 'symbol-text',
};

/** `snippetsId`: id of the list that the snippets button opens; `filters`: the button that opens the filters. */
export function createTargetHeader(context: ViewContext, snippetsId: string, filters: HTMLElement): Part {
  const { words } = context;
  const crumbs = el('button', { type: 'button', class: 'target' });
  crumbs.addEventListener('click', () => {
    const { target } = context.state().snapshot.similar;
    if (target) context.request('open', { place: placeOf(target), mode: 'open' });
  });
  const back = iconButton('arrow-left', words.t('similar.back'), () => context.request('back', undefined));
  const pin = iconButton('pin', words.t('similar.pin'), () => {
    context.request('pin', { pinned: !context.state().snapshot.similar.pinned });
  });
  const snippets = iconButton('bookmark', '', () => {
    context.dispatch({ type: 'toggleSnippets' });
  });
  snippets.setAttribute('aria-controls', snippetsId);
  const element = el(
    'header',
    { class: 'target-header', 'aria-label': words.t('similar.heading') },
    crumbs,
    el('div', { class: 'toolbar' }, back, pin, snippets, filters),
  );
  let shown = '';
  return {
    element,
    update({ snapshot: { similar, snippets: kept }, snippetsOpen }) {
      const { target } = similar;
      const key = targetKey(target) + (target?.symbol ?? '');
      if (key !== shown) {
        shown = key;
        crumbs.replaceChildren(...(target ? crumbsOf(words, target) : []));
        crumbs.title = target ? `${target.path}\n${target.excerpt}\n\n${words.t('similar.goToTarget')}` : '';
      }
      crumbs.hidden = !target;
      crumbs.disabled = target?.kind === 'text';
      back.hidden = !similar.canGoBack;
      pin.hidden = !target && !similar.pinned;
      setAttribute(pin, 'aria-pressed', String(similar.pinned));
      setIcon(pin, similar.pinned ? 'pinned' : 'pin');
      pin.title = words.t(similar.pinned ? 'similar.unpin' : 'similar.pin');
      const label = words.t('similar.snippets', words.count(kept.length));
      snippets.hidden = kept.length === 0;
      setAttribute(snippets, 'aria-label', label);
      setAttribute(snippets, 'aria-expanded', String(snippetsOpen));
      snippets.title = label;
      filters.hidden = !target || similar.mode === 'next';
      element.hidden = back.hidden && pin.hidden && snippets.hidden && filters.hidden;
    },
  };
}

function crumbsOf(words: Words, target: SimilarTarget): readonly Node[] {
  const { folder, name } = splitPath(target.path);
  const first = el('span', { class: 'place-line' });
  if (target.kind === 'text') first.append(el('span', { class: 'name' }, words.t('target.text')));
  else {
    if (folder !== '') {
      first.append(el('span', { class: 'folder dim' }, middleTruncated(folder), el('span', { class: 'crumb' }, '›')));
    }
    first.append(middleTruncated(name, 'name'));
  }
  const kindIcon = isSection(target) ? icon('book') : icon(KIND_ICONS[target.kind], `kind-${target.kind}`);
  const second = el('span', { class: 'place-line focus-line' }, kindIcon);
  const say = (className: string, text: string): void => second.append(el('span', { class: className }, text));
  if (target.kind === 'text') say('symbol', target.excerpt);
  else {
    say('symbol', target.symbol ?? words.t(`target.${target.kind}`));
    if (target.kind !== 'file') say('lines dim', words.lines(target.startLine, target.endLine));
  }
  return [first, second];
}

/** Symbols of these are headings. */
function isSection({ kind, path }: SimilarTarget): boolean {
  return kind === 'symbol' && /\.(md|markdown|mdx|rst|adoc|asciidoc|tex)$/i.test(path);
}
