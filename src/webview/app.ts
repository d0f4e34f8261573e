// The page: tabs, banners, the tab shown, progress, footer. Built once; every change of state updates all parts, which
// touch only what differs.
import type { HostEvents, ViewTab } from '../protocol/viewApi.ts';
import { createBanner } from './banner.ts';
import { createClustersTab } from './clusters/clustersTab.ts';
import { el } from './dom.ts';
import { createCoverageTab } from './coverageTab.ts';
import { createDuplicatesTab } from './duplicates/duplicatesTab.ts';
import { createFooter } from './footer.ts';
import { createOutliersTab } from './outliers/outliersTab.ts';
import { createMapTab } from './mapTab.ts';
import { createProgress } from './progress.ts';
import { createSearchTab } from './searchTab.ts';
import { createSimilarTab } from './similarTab.ts';
import { isHitTab, targetKey, type ViewState } from './state.ts';
import { createTabBar, type TabTitle } from './tabBar.ts';
import type { Part, TabFactory, TabPart, ViewContext } from './viewContext.ts';

/** The tabs in their order. Another tab is a line here. */
const TABS: readonly (TabTitle & { readonly create: TabFactory })[] = [
  { id: 'similar', title: 'tab.similar', icon: 'telescope', create: createSimilarTab },
  { id: 'search', title: 'tab.search', icon: 'search', create: createSearchTab },
  { id: 'clusters', title: 'tab.clusters', icon: 'group-by-ref-type', create: createClustersTab },
  { id: 'outliers', title: 'tab.outliers', icon: 'issues', create: createOutliersTab },
  { id: 'duplicates', title: 'tab.duplicates', icon: 'copy', create: createDuplicatesTab },
  { id: 'map', title: 'tab.map', icon: 'map', create: createMapTab },
  { id: 'coverage', title: 'tab.coverage', icon: 'checklist', create: createCoverageTab },
];

export interface App {
  update(state: ViewState): void;
  /** Puts the focus into the tab shown. */
  focus(): void;
  step(by: HostEvents['step']['by']): void;
}

export function createApp(context: ViewContext, root: HTMLElement): App {
  const tabs = new Map<ViewTab, { readonly inside: TabPart; readonly panel: HTMLElement }>();
  for (const { id, create } of TABS) {
    const inside = create(context);
    const attributes = { class: 'panel', role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}` };
    tabs.set(id, { inside, panel: el('div', attributes, inside.element) });
  }
  const tabBar = createTabBar(context, TABS);
  const busy = el('div', { class: 'busy-bar', 'aria-hidden': 'true' });
  const imported = createBanner(context, {
    kind: 'info',
    sentenceOf: ({ snapshot }) => snapshot.imported && context.words.t('imported.banner', snapshot.imported.name),
    actionOf: () => ({ title: context.words.t('imported.back'), command: 'backToWorkspace' }),
  });
  const notice = createBanner(context, {
    kind: 'info',
    sentenceOf: ({ snapshot }) => snapshot.notice,
    dismiss: () => context.request('dismissNotice', undefined),
  });
  const problem = createBanner(context, {
    kind: 'problem',
    sentenceOf: ({ snapshot, dismissedProblem }) =>
      snapshot.problem === dismissedProblem ? undefined : snapshot.problem,
    actionOf: ({ snapshot }) => snapshot.problemAction,
    dismiss: () => {
      context.dispatch({ type: 'dismissProblem' });
    },
  });
  const progress = createProgress(context);
  const footer = createFooter(context);
  const around: readonly Part[] = [tabBar, imported, notice, problem, progress, footer];
  root.replaceChildren(
    tabBar.element,
    busy,
    imported.element,
    notice.element,
    problem.element,
    el('main', { class: 'panels' }, ...[...tabs.values()].map(({ panel }) => panel)),
    progress.element,
    footer.element,
  );

  let announced = '';
  const announceResults = (state: ViewState): void => {
    if (!isHitTab(state.tab)) return;
    const view = state.snapshot[state.tab];
    if (view.busy || (view.empty !== undefined && view.empty !== 'no-hits')) return;
    const question = state.tab === 'similar' ? targetKey(state.snapshot.similar.target) : state.snapshot.search.query;
    const key = [state.tab, question, view.hits.length].join('\n');
    if (key === announced || question === '') return;
    announced = key;
    context.announce(context.words.results(view.hits.length));
  };

  return {
    update(state) {
      const { snapshot } = state;
      for (const part of around) part.update(state);
      for (const [id, { inside, panel }] of tabs) {
        panel.hidden = id !== state.tab;
        if (id === state.tab) inside.update(state);
      }
      const waits = snapshot.engineState === 'starting' || snapshot.engineState === 'restarting';
      const asks = isHitTab(state.tab) && snapshot[state.tab].busy;
      busy.classList.toggle('on', asks || waits);
      announceResults(state);
    },
    focus: () => tabs.get(context.state().tab)?.inside.focus(),
    step: (by) => tabs.get(context.state().tab)?.inside.step(by),
  };
}
