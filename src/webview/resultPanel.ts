// What both tabs have below their head: problem, explanation, count, rows. It scrolls; the head does not.
import type { ShownHit } from './hitRow.ts';
import type { EmptyState, ViewStringKey, HitTab } from '../protocol/viewApi.ts';
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
  readonly tab: HitTab;
  readonly label: ViewStringKey;
  /** Whether there is a question at all: without one, the hits of an older one are not shown. */
  readonly isAsked: (state: ViewState) => boolean;
  readonly emptyOf: (state: ViewState) => EmptyState | undefined;
  /** Below the count. */
  readonly belowCount?: HTMLElement;
}

export function createResultPanel(options: ResultPanelOptions): ResultPanel {
  const { context, tab, label, isAsked, emptyOf, belowCount } = options;
  const scroller = el('div', { class: 'scroller', tabindex: '-1' });
  const hitsOf = (state: ViewState): readonly ShownHit[] => (isAsked(state) ? state.snapshot[tab].hits : []);
  const fallback = (): void => {
    // Rows gone, but perhaps a button that cures it is there.
    const cure = element.querySelector<HTMLElement>('.empty button, .hits-toolbar .link-button:not([hidden])');
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
  const head = [toolbar?.element, belowCount].filter((part) => part !== undefined);
  const element = el('div', { class: 'results' }, ...head, scroller);
  return {
    element,
    list,
    update(state) {
      const hits = hitsOf(state);
      // Rows came back to where the focus waited for them.
      const waiting = document.activeElement === scroller && hits.length > 0;
      for (const part of parts) part.update(state);
      // With all hits hidden, it is the toolbar that brings them back.
      if (toolbar)
        toolbar.element.hidden = hits.length === 0 && !(isAsked(state) && (state.snapshot[tab].hidden ?? 0) > 0);
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
