// The Similar tab: a target and what is near it. It follows the cursor in the host; here it only shows.
import { el } from './dom.ts';
import { createResultPanel } from './resultPanel.ts';
import { createSnippetList } from './snippetList.ts';
import { createTargetHeader } from './targetHeader.ts';
import type { TabFactory } from './viewContext.ts';

export const createSimilarTab: TabFactory = (context) => {
  const header = createTargetHeader(context, 'snippets');
  const snippets = createSnippetList(context, 'snippets');
  const results = createResultPanel({
    context,
    tab: 'similar',
    label: 'tab.similar',
    isAsked: () => true,
    emptyOf: ({ snapshot: { similar } }) => (similar.hits.length === 0 ? similar.empty : undefined),
  });
  return {
    element: el('div', { class: 'tab-inside' }, header.element, snippets.element, results.element),
    update(state) {
      header.update(state);
      snippets.update(state);
      results.update(state);
    },
    focus() {
      if (!results.list.focus()) results.element.querySelector<HTMLElement>('.empty button, .scroller')?.focus();
    },
    step: (by) => results.list.step(by),
  };
};
