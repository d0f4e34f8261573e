// The line above the rows: how many, whether more may come, what is hidden, and expand or collapse all.
import type { HitTab } from '../protocol/viewApi.ts';
import { el, iconButton, setAttribute, setIcon, setText, textButton } from './dom.ts';
import { hitKeys } from './hitKeys.ts';
import { isPartial } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

export function createHitsToolbar(context: ViewContext, tab: HitTab): Part {
  const { words } = context;
  const count = el('span', { class: 'hits-count' });
  const partial = el('span', { class: 'badge' }, words.t('hits.partial'));
  const hidden = el('span', { class: 'hits-hidden' });
  const unhide = textButton(words.t('hits.unhideAll'), 'link-button', () => context.request('unhideAll', undefined));
  const keys = (): readonly string[] => hitKeys(context.state().snapshot[tab].hits);
  const allExpanded = (): boolean => keys().every((key) => context.state().expanded.has(key));
  const toggle = iconButton('expand-all', '', () => {
    context.dispatch({ type: 'expand', keys: keys(), expanded: !allExpanded() });
  });
  const element = el(
    'div',
    { class: 'hits-toolbar' },
    count,
    partial,
    hidden,
    unhide,
    el('span', { class: 'space' }),
    toggle,
  );
  return {
    element,
    update({ snapshot }) {
      const { hits, hidden: hiddenCount = 0 } = snapshot[tab];
      setText(count, words.results(hits.length));
      partial.hidden = !isPartial(snapshot);
      hidden.hidden = unhide.hidden = hiddenCount === 0;
      setText(hidden, words.t('hits.hidden', words.count(hiddenCount)));
      toggle.hidden = hits.length === 0;
      const label = words.t(allExpanded() ? 'hits.collapseAll' : 'hits.expandAll');
      setAttribute(toggle, 'aria-label', label);
      toggle.title = label;
      setIcon(toggle, allExpanded() ? 'collapse-all' : 'expand-all');
    },
  };
}
