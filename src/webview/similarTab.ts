// The Similar tab: a target, filters and what is near it. It follows the cursor in the host; here it only shows.
import { createCoverButton } from './analysis/coverLine.ts';
import { debounce } from './debounce.ts';
import { el } from './dom.ts';
import { createFilterPanel } from './filterPanel.ts';
import { createSimilarModeChoice } from './modeChoice.ts';
import { createResultPanel } from './resultPanel.ts';
import { createSnippetList } from './snippetList.ts';
import { createTargetHeader } from './targetHeader.ts';
import type { TabFactory } from './viewContext.ts';

const TYPING_MS = 350;

export const createSimilarTab: TabFactory = (context) => {
  const ask = (): void => context.request('filterSimilar', { filter: context.state().filters.similar });
  const typed = debounce(TYPING_MS, ask);
  const filters = createFilterPanel(context, 'similar', {
    ask() {
      typed.cancel();
      ask();
    },
    typed: () => typed(),
    down: () => results.list.enter(),
  });
  const mode = createSimilarModeChoice(context);
  const modes = el('div', { class: 'similar-modes' }, mode.element);
  const header = createTargetHeader(context, 'snippets', filters.toggle);
  const snippets = createSnippetList(context, 'snippets');
  const cover = createCoverButton(context);
  const coverLine = el('div', { class: 'cover-line' }, cover.element);
  const results = createResultPanel({
    context,
    tab: 'similar',
    label: 'tab.similar',
    isAsked: () => true,
    emptyOf: ({ snapshot: { similar } }) => (similar.hits.length === 0 ? similar.empty : undefined),
    belowCount: coverLine,
  });
  return {
    element: el(
      'div',
      { class: 'tab-inside' },
      modes,
      header.element,
      filters.element,
      snippets.element,
      results.element,
    ),
    update(state) {
      const { similar } = state.snapshot;
      mode.update(state);
      modes.hidden = !similar.target && similar.empty !== undefined && similar.empty !== 'nothing-selected';
      header.update(state);
      filters.update(state);
      if (similar.mode === 'next') filters.element.hidden = true; // what to read next is not filtered
      snippets.update(state);
      coverLine.hidden = similar.cover === undefined;
      if (similar.cover) cover.update(similar.cover);
      results.update(state);
    },
    focus() {
      if (!results.list.focus()) results.element.querySelector<HTMLElement>('.empty button, .scroller')?.focus();
    },
    step: (by) => results.list.step(by),
  };
};
