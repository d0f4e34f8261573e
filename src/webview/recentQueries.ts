// What the Search tab shows before a query: an invitation and the recent queries. Arrow keys walk through them.
import { el, icon, iconButton } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface RecentQueries extends Part {
  /** Focuses the newest query; false when there is none to see. */
  focus(): boolean;
}

export interface RecentQueriesOptions {
  readonly run: (query: string) => void;
  /** Arrow-up on the first one. */
  readonly back: () => void;
}

export function createRecentQueries(context: ViewContext, { run, back }: RecentQueriesOptions): RecentQueries {
  const { words } = context;
  const list = el('ul', { 'aria-label': words.t('search.recent') });
  const clear = iconButton('clear-all', words.t('search.clearRecent'), () => {
    context.dispatch({ type: 'clearRecent' });
    back();
  });
  const head = el('div', { class: 'recent-head' }, el('span', { class: 'space' }, words.t('search.recent')), clear);
  const element = el('div', { class: 'recent' }, el('p', { class: 'dim' }, words.t('empty.search')), head, list);
  const buttons = (): readonly HTMLElement[] => [...list.querySelectorAll('button')];
  let shown: readonly string[] = [];

  list.addEventListener('keydown', (event) => {
    const all = buttons();
    const index = all.findIndex((button) => button === document.activeElement);
    if (event.key === 'ArrowDown') all[index + 1]?.focus();
    else if (event.key === 'ArrowUp' && index > 0) all[index - 1]?.focus();
    else if (event.key === 'ArrowUp' || event.key === 'Escape') back();
    else return;
    event.preventDefault();
  });
  return {
    element,
    update({ recent }) {
      head.hidden = list.hidden = recent.length === 0;
      if (recent === shown) return;
      shown = recent;
      list.replaceChildren(
        ...recent.map((query) => {
          const button = el('button', { type: 'button', class: 'recent-query', title: query });
          button.append(icon('history'), el('span', {}, query));
          button.addEventListener('click', () => run(query));
          return el('li', {}, button);
        }),
      );
    },
    focus() {
      const [first] = buttons();
      if (element.hidden || !first) return false;
      first.focus();
      return true;
    },
  };
}
