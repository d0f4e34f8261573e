// What the tabs about the whole index share: when to ask, what is in the way, how much was compared, progress, and why there is
// nothing. Invariant: a hidden tab asks nothing; an answer stays until a newer one; a question that only turns a knob waits for the
// one under way, since what that works out is shared.
import type { EmptyState, ViewRequests, ViewTab } from '../../protocol/viewApi.ts';
import { blockedBy } from '../blockedBy.ts';
import { el, setText } from '../dom.ts';
import { createEmptyState } from '../emptyState.ts';
import { isIndexing, isPartial, spaceOf, type ViewState } from '../state.ts';
import type { ViewContext } from '../viewContext.ts';
import { createAnalysisProgress, type Asking } from './analysisProgress.ts';
import { createCoverLine } from './coverLine.ts';
import { createNote, type NoteContent } from './note.ts';
import { Question, type Halt } from './question.ts';
import type { RowTree } from './rowTree.ts';

type AnalysisRequest = 'clusters' | 'outliers' | 'duplicates';
type Params<K extends AnalysisRequest> = ViewRequests[K]['params'];
type Answer<K extends AnalysisRequest> = ViewRequests[K]['result'];

export interface AnalysisFrameOptions<K extends AnalysisRequest> {
  readonly context: ViewContext;
  readonly tab: ViewTab & K;
  /** What the state asks. */
  readonly paramsOf: (state: ViewState) => Params<K>;
  /** Above the list: what the question can be changed by. */
  readonly controls: readonly HTMLElement[];
  /** At the end of the line that counts. */
  readonly lineEnd?: readonly HTMLElement[];
  /** After how much was compared. */
  readonly coverEnd?: readonly HTMLElement[];
  readonly summaryOf: (answer: Answer<K>) => string;
  /** Why an answer shows no rows, or undefined when it shows some. */
  readonly noneOf: (answer: Answer<K>, state: ViewState) => NoteContent | undefined;
  /** Draws controls and rows; also without an answer. */
  readonly draw: (answer: Answer<K> | undefined) => void;
  readonly tree: RowTree;
  readonly scroller: HTMLElement;
  /** What is asked besides the question: shown and stopped as it is. */
  readonly alsoAsking?: Asking;
}

export interface AnalysisFrame<K extends AnalysisRequest> {
  readonly element: HTMLElement;
  readonly question: Question<K>;
  update(state: ViewState): void;
  refresh(): void;
  /** The answer turned out to be of an older index: asks again when no run is under way, once a revision. */
  outdated(): void;
  focusNote(): boolean;
}

export function createAnalysisFrame<K extends AnalysisRequest>(options: AnalysisFrameOptions<K>): AnalysisFrame<K> {
  const { context, tab, paramsOf, tree, scroller } = options;
  const { words } = context;
  let last: Params<K> | undefined;
  let asked = { space: '', change: 0, chunks: 0, whileIndexing: false };
  let announced = '';
  /** Revision of the newest answer that turned out to be old. */
  let oldRevision: number | undefined;
  let isOutdated = false;

  const question = new Question<K>(context, tab, () => {
    const { answer } = question;
    if (asked.space === '') asked.space = spaceOf(context.state()); // the engine was started by the question
    draw();
    const summary = answer ? options.summaryOf(answer) : '';
    if (answer && !question.isAsking && summary !== announced) context.announce((announced = summary));
    update(context.state());
  });
  const ask = (state: ViewState, params: Params<K>): void => {
    const { snapshot } = state;
    asked = {
      space: spaceOf(state),
      change: snapshot.changes?.at(-1) ?? 0,
      chunks: snapshot.engine?.chunks ?? 0,
      whileIndexing: isIndexing(snapshot),
    };
    last = params;
    isOutdated = false;
    question.ask(JSON.stringify(params), params);
    draw();
  };
  const refresh = (): void => ask(context.state(), paramsOf(context.state()));

  const emptyOf = (state: ViewState): EmptyState | undefined => {
    const blocked = blockedBy(state.snapshot);
    if (blocked !== undefined || question.halt?.kind !== 'nothing-indexed' || question.isAsking) return blocked;
    return isIndexing(state.snapshot) ? 'indexing' : 'not-indexed';
  };
  const empty = createEmptyState(context, tab, emptyOf);
  const note = createNote();
  const summary = el('span', { class: 'hits-count' });
  const partial = el('span', { class: 'badge', title: words.t('analysis.partial') }, words.t('hits.partial'));
  const line = el(
    'div',
    { class: 'hits-toolbar' },
    summary,
    partial,
    el('span', { class: 'space' }),
    ...(options.lineEnd ?? []),
  );
  const cover = createCoverLine(context, refresh, options.coverEnd ?? []);
  const asking = [question, ...(options.alsoAsking ? [options.alsoAsking] : [])];
  const progress = createAnalysisProgress(context, asking, `${tab}-progress`);
  const controls = el('div', { class: 'analysis-controls' }, ...options.controls);
  scroller.append(note.element, tree.element);
  const element = el(
    'div',
    { class: `tab-inside analysis-tab ${tab}-tab` },
    empty.element,
    controls,
    line,
    cover.element,
    scroller,
    progress.element,
  );

  const noteOf = (state: ViewState): NoteContent | undefined => {
    const { answer, halt, isAsking } = question;
    if (isAsking) return undefined;
    if (answer && halt?.kind !== 'failed') return options.noneOf(answer, state);
    return halt && haltNote(halt);
  };
  const haltNote = (halt: Halt): NoteContent => {
    const again = { label: words.t('analysis.again'), run: refresh };
    if (halt.kind !== 'failed') return { icon: 'debug-stop', sentence: words.t('analysis.stopped'), actions: [again] };
    const log = { label: words.t('action.showLog'), run: () => context.request('command', { command: 'showLog' }) };
    return {
      icon: 'warning',
      sentence: words.t('analysis.failed'),
      ...(halt.sentence !== undefined && { detail: halt.sentence }),
      actions: [again, log],
    };
  };
  const draw = (): void => {
    const state = context.state();
    const { answer, halt } = question;
    const waits = document.activeElement === scroller; // came when there was no row yet
    empty.update(state);
    const isBlocked = emptyOf(state) !== undefined;
    controls.hidden = isBlocked;
    line.hidden = isBlocked || !answer;
    scroller.hidden = isBlocked;
    note.update(isBlocked ? undefined : noteOf(state));
    cover.update(isBlocked ? undefined : answer?.cover, changedSince(state));
    partial.hidden = !isPartial(state.snapshot);
    if (answer) setText(summary, options.summaryOf(answer));
    scroller.classList.toggle('old', question.isAsking);
    options.draw(isBlocked || halt?.kind === 'failed' ? undefined : answer);
    if (waits && !question.isAsking) tree.focus();
    progress.update(state);
  };
  const changedSince = ({ snapshot }: ViewState): number =>
    question.isAsking ? 0 : (snapshot.changes ?? []).filter((change) => change > asked.change).length;

  /** Asks where there is reason to. */
  const update = (state: ViewState): void => {
    const { snapshot } = state;
    if (state.tab !== tab || blockedBy(snapshot) !== undefined) return;
    if (asked.space !== '' && spaceOf(state) !== asked.space) question.forget();
    const params = paramsOf(state);
    const isNew = JSON.stringify(params) !== question.asked;
    if (question.isAsking) {
      if (isNew && !isKnob(params, last)) ask(state, params);
      return;
    }
    const isSettled = !isIndexing(snapshot);
    const chunks = snapshot.engine?.chunks ?? 0;
    const hasNowSome = question.halt?.kind === 'nothing-indexed' && chunks > 0 && chunks !== asked.chunks;
    const wasPartial = question.answer !== undefined && asked.whileIndexing;
    if (isNew || (isSettled && (hasNowSome || wasPartial || isOutdated))) ask(state, params);
  };
  return {
    element,
    question,
    refresh,
    outdated() {
      const revision = question.answer?.cover.revision;
      if (question.isAsking || revision === oldRevision) return;
      oldRevision = revision;
      isOutdated = true;
      update(context.state());
    },
    focusNote: () => note.focus() || (empty.element.querySelector('button')?.focus(), !empty.element.hidden),
    update(state) {
      update(state);
      draw();
    },
  };
}

/** Whether the questions differ in what they take of the same work only. */
function isKnob(a: object, b: object | undefined): boolean {
  return !('of' in a) || (b !== undefined && 'of' in b && a.of === b.of);
}
