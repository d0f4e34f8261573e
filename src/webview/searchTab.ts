// The Search tab: the box, filters, recent queries, results. Typing searches after a pause, Enter at once.
import type { EmptyState } from '../protocol/viewApi.ts';
import { debounce } from './debounce.ts';
import { el } from './dom.ts';
import { createFilterPanel } from './filterPanel.ts';
import { createModeChoice } from './modeChoice.ts';
import { createRecentQueries } from './recentQueries.ts';
import { createResultPanel } from './resultPanel.ts';
import { createSearchBox } from './searchBox.ts';
import type { ViewState } from './state.ts';
import type { TabFactory } from './viewContext.ts';

const TYPING_MS = 350;

/** States that nothing can be searched in, whatever is typed. */
const BLOCKED: ReadonlySet<EmptyState> = new Set(['no-folder', 'untrusted', 'not-indexed', 'engine-down']);

export const createSearchTab: TabFactory = (context) => {
  const { words } = context;
  let running = new AbortController();
  const searchNow = (): void => {
    typed.cancel();
    running.abort(); // the host need not finish an older search
    running = new AbortController();
    const { query: text, filters: chosen } = context.state();
    context.request('search', { query: text.trim(), filter: chosen.search }, running.signal);
  };
  const typed = debounce(TYPING_MS, searchNow);
  const enter = (): void => {
    context.dispatch({ type: 'remember' });
    searchNow();
  };
  const down = (): void => {
    if (!recent.focus()) results.list.enter();
  };

  const query = createSearchBox(context, {
    valueOf: (state) => state.query,
    change: (value) => context.dispatch({ type: 'type', query: value }),
    icon: 'search',
    label: 'search.placeholder',
    typed: () => typed(),
    enter,
    down,
  });
  const filters = createFilterPanel(context, 'search', {
    ask: enter,
    typed: () => typed(),
    down,
    head: createModeChoice(context),
  });
  const form = el(
    'div',
    { class: 'search-form', role: 'search', 'aria-label': words.t('search.run') },
    el('div', { class: 'search-line' }, query.element, filters.toggle),
    filters.element,
  );
  query.element.addEventListener('focusout', () => {
    if (context.state().snapshot.search.hits.length > 0) context.dispatch({ type: 'remember' });
  });
  const recent = createRecentQueries(context, {
    run(chosen) {
      context.dispatch({ type: 'type', query: chosen });
      query.focus();
      enter();
    },
    back: () => query.focus(),
  });
  const emptyOf = ({ snapshot: { search }, query: text }: ViewState): EmptyState | undefined => {
    if (search.empty !== undefined && BLOCKED.has(search.empty)) return search.empty;
    return text.trim() === '' || search.hits.length > 0 ? undefined : search.empty;
  };
  const results = createResultPanel({
    context,
    tab: 'search',
    label: 'tab.search',
    isAsked: (state) => state.query.trim() !== '',
    emptyOf,
  });
  return {
    element: el('div', { class: 'tab-inside' }, form, recent.element, results.element),
    update(state) {
      query.update(state);
      filters.update(state);
      recent.element.hidden = state.query.trim() !== '' || emptyOf(state) !== undefined;
      recent.update(state);
      results.update(state);
    },
    focus: () => query.focus(),
    step: (by) => results.list.step(by),
  };
};
