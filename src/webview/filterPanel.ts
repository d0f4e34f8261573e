// The filters of a tab and the funnel that opens them. Closed, the funnel says how many are set, so that none works unseen.
import { KIND_GROUPS, NO_FILTER, SINCE, type ViewFilter, type HitTab } from '../protocol/viewApi.ts';
import { el, iconButton, setAttribute, setIcon, textButton } from './dom.ts';
import { createSearchBox } from './searchBox.ts';
import { filtersSet } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface FilterPanelOptions {
  /** Asks with the filters as they are now. */
  readonly ask: () => void;
  /** After each letter of the paths. */
  readonly typed: () => void;
  /** The arrow-down key. */
  readonly down: () => void;
  /** What stands above the filters. */
  readonly head?: Part;
}

export interface FilterPanel extends Part {
  readonly toggle: HTMLButtonElement;
}

export function createFilterPanel(context: ViewContext, tab: HitTab, options: FilterPanelOptions): FilterPanel {
  const { words } = context;
  const { ask, typed, down, head } = options;
  const change = (filter: Partial<ViewFilter>): void => {
    context.dispatch({ type: 'filter', tab, filter });
  };
  const choose = (filter: Partial<ViewFilter>): void => {
    change(filter);
    ask();
  };
  const paths = createSearchBox(context, {
    valueOf: ({ filters }) => filters[tab].paths,
    change(value) {
      change({ paths: value });
    },
    icon: 'folder',
    label: 'search.paths',
    typed,
    enter: ask,
    down,
  });
  const language = createSelect(words.t('filter.language'), (value) => {
    choose({ languageId: value });
  });
  const kind = createSelect(words.t('filter.kind'), (value) => {
    choose({ kind: KIND_GROUPS.find((group) => group === value) ?? '' });
  });
  const since = createSelect(words.t('filter.since'), (value) => {
    choose({ since: SINCE.find((each) => each === value) ?? '' });
  });
  kind.offer([
    ['', words.t('filter.kind.any')],
    ...KIND_GROUPS.map((group) => [group, words.t(`filter.kind.${group}`)] as const),
  ]);
  since.offer([
    ['', words.t('filter.since.any')],
    ...SINCE.map((each) => [each, words.t(`filter.since.${each}`)] as const),
  ]);
  const clear = textButton(words.t('filter.clear'), 'link-button', () => {
    toggle.focus(); // this button goes
    choose(NO_FILTER);
  });
  const id = `filters-${tab}`;
  const element = el(
    'div',
    { class: 'filters', id, role: 'group', 'aria-label': words.t('filter.show') },
    ...(head ? [head.element] : []),
    paths.element,
    el('div', { class: 'filter-selects' }, language.element, kind.element, since.element, clear),
  );
  const toggle = iconButton('filter', '', () => {
    context.dispatch({ type: 'toggleFilters', tab });
  });
  toggle.setAttribute('aria-controls', id);
  return {
    element,
    toggle,
    update(state) {
      const filter = state.filters[tab];
      const open = state.filtersOpen[tab];
      const set = filtersSet(filter);
      element.hidden = !open;
      clear.hidden = set === 0;
      const label = set === 0 ? words.t('filter.show') : words.t('filter.active', words.count(set));
      setAttribute(toggle, 'aria-expanded', String(open));
      setAttribute(toggle, 'aria-label', label);
      toggle.title = label;
      setIcon(toggle, set === 0 ? 'filter' : 'filter-filled');
      toggle.classList.toggle('set', set > 0);
      if (!open) return;
      head?.update(state);
      paths.update(state);
      const counts = Object.entries(state.snapshot.engine?.languages ?? {}).sort(([, a], [, b]) => b - a);
      const known = counts.some(([languageId]) => languageId === filter.languageId);
      language.offer([
        ['', words.t('filter.language.any')],
        ...counts.map(([each, count]) => [each, `${each} (${words.count(count)})`] as const),
        ...(filter.languageId === '' || known ? [] : [[filter.languageId, filter.languageId] as const]),
      ]);
      language.show(filter.languageId);
      kind.show(filter.kind);
      since.show(filter.since);
    },
  };
}

/** Sets a tab's filter and asks with it. */
export function setFilter(context: ViewContext, tab: HitTab, filter: ViewFilter): void {
  context.dispatch({ type: 'filter', tab, filter });
  if (tab === 'similar') context.request('filterSimilar', { filter });
  else context.request('search', { query: context.state().query.trim(), filter });
}

interface Select {
  readonly element: HTMLSelectElement;
  /** Values with their names. */
  offer(choices: readonly (readonly [value: string, name: string])[]): void;
  show(value: string): void;
}

function createSelect(label: string, chosen: (value: string) => void): Select {
  const element = el('select', { class: 'filter-select', 'aria-label': label, title: label });
  element.addEventListener('change', () => {
    chosen(element.value);
  });
  let offered = '';
  return {
    element,
    offer(choices) {
      const key = JSON.stringify(choices);
      if (key === offered) return; // an open list stays open
      offered = key;
      element.replaceChildren(...choices.map(([value, name]) => el('option', { value }, name)));
    },
    show(value) {
      if (element.value !== value) element.value = value;
      element.classList.toggle('set', value !== '');
    },
  };
}
