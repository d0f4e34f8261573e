// The Coverage tab: every file with how it stands in the index. Chips filter by state and reason, a box by path; the rows
// come from the host page by page, and again when the engine says that something changed, at most once a second.
import type { CoverageState } from '../engine/model.ts';
import type { CoverageView, ViewSnapshot } from '../protocol/viewApi.ts';
import { blockedBy } from './blockedBy.ts';
import { createChips } from './chips.ts';
import { debounce } from './debounce.ts';
import { el, setText, textButton } from './dom.ts';
import { createEmptyState } from './emptyState.ts';
import { createFileList } from './fileList.ts';
import { PagedRows } from './pagedRows.ts';
import type { FilesFilter } from './persisted.ts';
import { createSearchBox } from './searchBox.ts';
import type { TabFactory } from './viewContext.ts';

const TYPING_MS = 150;
const REFRESH_MS = 1_000;

const STATES: readonly CoverageState[] = ['indexed', 'excluded', 'skipped', 'failed'];
const NOTHING: Pick<CoverageView, 'counts' | 'reasons' | 'total'> = {
  counts: { indexed: 0, excluded: 0, skipped: 0, failed: 0 },
  reasons: [],
  total: 0,
};

export const createCoverageTab: TabFactory = (context) => {
  const { words } = context;
  let view = NOTHING;
  let problem = false;
  /** What was asked last: the question, and the state of the engine that it was about. */
  let asked = { question: '', change: '' };
  let isNew = true;

  const filter = (change: Partial<Record<keyof FilesFilter, unknown>>): void => {
    const { text, state, reason } = { ...context.state().files, ...change } as FilesFilter;
    context.dispatch({ type: 'files', files: { text, ...(state && { state }), ...(reason && { reason }) } });
  };
  const rows = new PagedRows({
    fetch: (offset, count, signal) => {
      const { text, state, reason } = context.state().files;
      const query = { offset, count, ...(text.trim() !== '' && { text: text.trim() }), ...(state && { state }), ...(reason && { reason }) }; // prettier-ignore
      return context.ask('coverage', query, signal);
    },
    arrived(answer) {
      const changed = answer.total !== view.total || isNew;
      view = answer;
      problem = false;
      draw();
      list.draw(isNew);
      isNew = false;
      if (changed) context.announce(countOf(answer.total));
    },
    failed() {
      problem = true;
      draw();
    },
  });
  const countOf = (count: number): string =>
    count === 1 ? words.t('coverage.one') : words.t('coverage.count', words.count(count));

  const box = createSearchBox(context, {
    valueOf: ({ files }) => files.text,
    change: (text) => filter({ text }),
    icon: 'filter',
    label: 'coverage.filter',
    typed: () => undefined,
    enter: () => undefined,
    down: () => list.focus(),
  });
  const states = createChips('states', words.t('coverage.states'), (key) => filter({ state: key, reason: undefined }));
  const reasons = createChips('reasons', words.t('coverage.reasons'), (key) => filter({ reason: key }));
  const count = el('span', { class: 'hits-count' });
  const retry = textButton(words.t('coverage.retry'), 'link-button', () => {
    context.request('command', { command: 'retryFailed' });
  });
  const showAll = textButton(words.t('coverage.showAll'), 'link-button', () => {
    filter({ text: '', state: undefined, reason: undefined });
    box.focus();
  });
  const list = createFileList(context, rows);
  const head = el(
    'div',
    { class: 'coverage-head' },
    el('div', { class: 'search-form', role: 'search', 'aria-label': words.t('coverage.filter') }, box.element),
    states.element,
    reasons.element,
  );
  const line = el('div', { class: 'hits-toolbar' }, count, showAll, el('span', { class: 'space' }), retry);
  const empty = createEmptyState(context, 'coverage', ({ snapshot }) => blockedBy(snapshot));
  const element = el('div', { class: 'tab-inside coverage-tab' }, empty.element, head, line, list.element);

  const chip = (key: string, label: string, number: number) => ({ key, label, count: words.count(number), spoken: words.t('coverage.chip', label, words.count(number)) }); // prettier-ignore
  /** All but the rows. */
  const draw = (): void => {
    const { files, snapshot } = context.state();
    const isBlocked = blockedBy(snapshot) !== undefined;
    head.hidden = line.hidden = isBlocked;
    if (isBlocked) list.element.hidden = true;
    states.update(
      STATES.map((state) => chip(state, words.t(`coverage.${state}`), view.counts[state])),
      files.state,
    );
    const shown = view.reasons.filter(({ state }) => files.state === undefined || state === files.state);
    reasons.update(
      shown.map(({ reason, label, count: number }) => chip(reason, label, number)),
      files.reason,
    );
    const isFiltered = files.text.trim() !== '' || files.state !== undefined || files.reason !== undefined;
    setText(count, problem ? words.t('coverage.problem') : view.total === 0 && isFiltered ? words.t('coverage.none') : countOf(view.total)); // prettier-ignore
    showAll.hidden = !isFiltered;
    retry.hidden = view.counts.failed === 0;
  };
  const refresh = (): void => {
    const [first, last] = isNew ? [0, 0] : list.inSight();
    rows.ask(first, last, isNew);
  };
  const typed = debounce(TYPING_MS, refresh);
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    element,
    update(state) {
      box.update(state);
      empty.update(state);
      draw();
      if (blockedBy(state.snapshot) !== undefined) return;
      const question = JSON.stringify(state.files);
      const change = changeOf(state.snapshot);
      if (question !== asked.question) {
        const onlyTyped = asked.question !== '';
        asked = { question, change };
        isNew = true;
        if (onlyTyped) typed();
        else refresh();
      } else if (change !== asked.change) {
        asked = { question, change };
        timer ??= setTimeout(() => {
          timer = undefined;
          refresh();
        }, REFRESH_MS);
      }
    },
    focus: () => box.focus(),
    step: () => undefined, // steps through hits; here are none
  };
};

/** What the list may have changed with. */
function changeOf({ engine, engineState }: ViewSnapshot): string {
  return JSON.stringify([engine?.coverage, engine?.chunks, engine?.phase, engine?.space, engineState]);
}
