// Why a tab shows nothing, with the button that cures it.
import { NO_FILTER, type EmptyState, type ViewCommand, type ViewStringKey, type ViewTab } from '../protocol/viewApi.ts';
import { el, icon, textButton } from './dom.ts';
import { setFilter } from './filterPanel.ts';
import { filtersSet, isHitTab, type ViewState } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

interface Cure {
  readonly label: ViewStringKey;
  readonly run: (context: ViewContext) => void;
}
interface Explanation {
  readonly icon: string;
  readonly sentence: ViewStringKey;
  readonly detail?: ViewStringKey;
  /** The first is the one to press. */
  readonly cures: readonly Cure[];
}

const command = (label: ViewStringKey, name: ViewCommand): Cure => ({
  label,
  run: (context) => context.request('command', { command: name }),
});
const RESUME = command('action.resume', 'resumeIndexing');
const SHOW_LOG = command('action.showLog', 'showLog');
const UNHIDE: Cure = { label: 'hits.unhideAll', run: (context) => context.request('unhideAll', undefined) };
const CLEAR_FILTERS: Cure = {
  label: 'filter.clear',
  run: (context) => {
    const { tab } = context.state();
    if (isHitTab(tab)) setFilter(context, tab, NO_FILTER);
  },
};
const GO_SEARCH: Cure = {
  label: 'empty.nothingSelected.action',
  run: (context) => {
    context.dispatch({ type: 'showTab', tab: 'search' });
  },
};

const SHOW_COVERAGE: Cure = {
  label: 'empty.noHits.action',
  run: (context) => {
    context.dispatch({ type: 'showTab', tab: 'coverage' });
  },
};

const EXPLANATIONS: Readonly<Record<EmptyState, Explanation>> = {
  'no-folder': { icon: 'folder', sentence: 'empty.noFolder', cures: [command('empty.noFolder.action', 'openFolder')] },
  untrusted: { icon: 'shield', sentence: 'empty.untrusted', cures: [command('empty.untrusted.action', 'manageTrust')] },
  'not-indexed': {
    icon: 'telescope',
    sentence: 'empty.notIndexed',
    detail: 'empty.notIndexed.detail',
    cures: [command('empty.notIndexed.action', 'embedWorkspace')],
  },
  indexing: { icon: 'sync', sentence: 'empty.indexing', cures: [] },
  'nothing-selected': { icon: 'selection', sentence: 'empty.nothingSelected', cures: [GO_SEARCH] },
  'too-short': {
    icon: 'selection',
    sentence: 'empty.tooShort',
    cures: [GO_SEARCH],
  },
  'no-hits': {
    icon: 'search',
    sentence: 'empty.noHits',
    cures: [SHOW_COVERAGE],
  },
  'file-left-out': {
    icon: 'circle-slash',
    sentence: 'empty.fileLeftOut',
    cures: [command('empty.fileLeftOut.action', 'findSimilarToFile')],
  },
  'consent-needed': {
    icon: 'shield',
    sentence: 'empty.consentNeeded',
    detail: 'empty.consentNeeded.detail',
    cures: [command('empty.consentNeeded.action', 'reviewSending')],
  },
  'key-missing': {
    icon: 'key',
    sentence: 'empty.keyMissing',
    cures: [command('empty.keyMissing.action', 'setKey')],
  },
  'engine-down': {
    icon: 'debug-disconnect',
    sentence: 'empty.engineDown',
    cures: [command('empty.engineDown.action', 'restartEngine'), SHOW_LOG],
  },
};

/** The explanation of a tab, or nothing to see; `stateOf` says which state it is in. */
export function createEmptyState(
  context: ViewContext,
  tab: ViewTab,
  stateOf: (state: ViewState) => EmptyState | undefined,
): Part {
  const { words } = context;
  const element = el('div', { class: 'empty' });
  let shown = '';
  return {
    element,
    update(state) {
      const empty = stateOf(state);
      element.hidden = empty === undefined;
      if (empty === undefined) {
        shown = '';
        element.replaceChildren();
        return;
      }
      const explanation = EXPLANATIONS[empty];
      const { remoteHost } = state.snapshot;
      const host = remoteHost ?? '';
      const detailWords = detailKey(empty, explanation, remoteHost !== undefined);
      const cures = curesOf(empty, explanation, state, tab);
      const detail =
        empty === 'file-left-out' ? state.snapshot.similar.emptyDetail : detailWords && words.t(detailWords, host);
      const key = [empty, detail, host, ...cures.map(({ label }) => label)].join('\n');
      if (key === shown) return; // so that a button in use keeps the focus
      shown = key;
      element.replaceChildren(
        icon(explanation.icon, 'empty-icon'),
        el('p', {}, words.t(explanation.sentence, host)),
        ...(detail === undefined ? [] : [el('p', { class: 'dim' }, detail)]),
        ...cures.map(({ label, run }, i) =>
          textButton(words.t(label), i === 0 ? 'button' : 'button secondary', () => run(context)),
        ),
      );
    },
  };
}

/** What is said of the first run depends on where the model is. */
function detailKey(empty: EmptyState, { detail }: Explanation, remote: boolean): ViewStringKey | undefined {
  return empty === 'not-indexed' && remote ? 'empty.notIndexed.remote' : detail;
}

/** What helps depends on what is in the way. */
function curesOf(empty: EmptyState, { cures }: Explanation, state: ViewState, tab: ViewTab): readonly Cure[] {
  const { snapshot } = state;
  if (empty === 'indexing' && snapshot.engine?.phase === 'paused') return [RESUME];
  if (empty !== 'no-hits' || !isHitTab(tab)) return cures;
  if ((snapshot[tab].hidden ?? 0) > 0) return [UNHIDE];
  if (filtersSet(state.filters[tab]) > 0) return [CLEAR_FILTERS];
  return cures;
}
