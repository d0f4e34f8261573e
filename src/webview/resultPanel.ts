// What both tabs have below their head: problem, explanation, count, rows. It scrolls; the head does not.
import type { Hit } from '../engine/model.ts';
import type { EmptyState, ViewStringKey, ViewTab } from '../protocol/viewApi.ts';
import { createBanner } from './banner.ts';
import { debounce } from './debounce.ts';
import { el } from './dom.ts';
import { createEmptyState } from './emptyState.ts';
import { createHitList, type HitList } from './hitList.ts';
import { createHitsToolbar } from './hitsToolbar.ts';
import type { ViewState } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface ResultPanel extends Part {
  readonly list: HitList;
}

export interface ResultPanelOptions {
  readonly context: ViewContext;
  readonly tab: ViewTab;
  readonly label: ViewStringKey;
  readonly hitsOf: (state: ViewState) => readonly Hit[];
  readonly emptyOf: (state: ViewState) => EmptyState | undefined;
}

export function createResultPanel({ context, tab, label, hitsOf, emptyOf }: ResultPanelOptions): ResultPanel {
  const scroller = el('div', { class: 'scroller', tabindex: '-1' });
  const fallback = (): void => {
    // Rows gone, but perhaps a button that cures it is there.
    const cure = scroller.querySelector<HTMLElement>('.empty button');
    (cure ?? scroller).focus({ preventScroll: true });
  };
  const list = createHitList({ context, tab, label, hitsOf, fallback, scroller });
  const parts: readonly Part[] = [
    createBanner(context, { kind: 'problem', sentenceOf: ({ snapshot }) => snapshot[tab].problem }),
    createEmptyState(context, tab, emptyOf),
    createHitsToolbar(context, tab),
    list,
  ];
  const [problem, empty, toolbar] = parts;
  if (problem && empty && toolbar) scroller.append(problem.element, empty.element, list.element);

  let knownTop = 0;
  const scrolled = debounce(150, () => {
    knownTop = scroller.scrollTop;
    context.dispatch({ type: 'scroll', tab, top: knownTop });
  });
  scroller.addEventListener('scroll', scrolled, { passive: true });
  const element = el('div', { class: 'results' }, ...(toolbar ? [toolbar.element] : []), scroller);
  return {
    element,
    list,
    update(state) {
      const hits = hitsOf(state);
      // Rows came back to where the focus waited for them.
      const waiting = document.activeElement === scroller && hits.length > 0;
      for (const part of parts) part.update(state);
      if (toolbar) toolbar.element.hidden = hits.length === 0 && (state.snapshot[tab].hidden ?? 0) === 0;
      if (waiting) list.focus();
      const top = state.scrollTop[tab];
      if (top !== knownTop && hits.length > 0 && state.tab === tab) {
        scrolled.cancel();
        scroller.scrollTop = top;
        knownTop = top;
      }
    },
  };
}
