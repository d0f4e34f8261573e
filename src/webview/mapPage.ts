// The page of the map in an editor: the Map tab at full size, with the problems of the sidebar's page above it and the indexing run
// below.
import type { App } from './app.ts';
import { createBanner } from './banner.ts';
import { el } from './dom.ts';
import { createMap } from './mapTab.ts';
import { createProgress } from './progress.ts';
import type { ViewContext } from './viewContext.ts';

export function createMapPage(page: ViewContext, root: HTMLElement): App {
  // The other tabs are in the sidebar: the host shows them there.
  const context: ViewContext = {
    ...page,
    dispatch(action) {
      if (action.type === 'showTab') page.request('showTab', { tab: action.tab });
      else page.dispatch(action);
    },
  };
  const problem = createBanner(context, {
    kind: 'problem',
    sentenceOf: ({ snapshot, dismissedProblem }) =>
      snapshot.problem === dismissedProblem ? undefined : snapshot.problem,
    actionOf: ({ snapshot }) => snapshot.problemAction,
    dismiss: () => context.dispatch({ type: 'dismissProblem' }),
  });
  const map = createMap(context, undefined);
  const progress = createProgress(context);
  root.replaceChildren(problem.element, el('main', { class: 'panels' }, map.element), progress.element);
  return {
    update(state) {
      for (const part of [problem, map, progress]) part.update(state);
    },
    focus: () => map.focus(),
    step: (by) => map.step(by),
  };
}
