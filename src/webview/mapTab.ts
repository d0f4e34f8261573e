// The Map tab: asks the engine for the map of snippets or of documents, and shows it. Invariant: a hidden tab asks nothing; saving a
// file makes no new map, since a layout takes its time: the map is marked as old, and Refresh makes another.
import type { EmptyState } from '../protocol/viewApi.ts';
import { createAnalysisProgress } from './analysis/analysisProgress.ts';
import { createCoverLine } from './analysis/coverLine.ts';
import { createNote, type NoteContent } from './analysis/note.ts';
import { Question } from './analysis/question.ts';
import { countOf, createUnitChoice } from './analysis/unitChoice.ts';
import { blockedBy } from './blockedBy.ts';
import { el } from './dom.ts';
import { createEmptyState } from './emptyState.ts';
import { createColourChoice } from './map/colourChoice.ts';
import { createMapView } from './map/mapView.ts';
import { mapPoints, type MapPoints } from './map/points.ts';
import { isIndexing, isPartial, spaceOf, type ViewState } from './state.ts';
import type { TabFactory, TabPart, ViewContext } from './viewContext.ts';

export const createMapTab: TabFactory = (context) =>
  createMap(context, () => context.request('command', { command: 'showMap' }));

/** `openInEditor`: undefined where it is in an editor. */
export function createMap(context: ViewContext, openInEditor: (() => void) | undefined): TabPart {
  const { words } = context;
  let asked = { of: '', space: '', change: 0, chunks: 0, whileIndexing: false };
  let points: MapPoints | undefined;

  const question: Question<'map'> = new Question(context, 'map', () => {
    const { answer, halt } = question;
    if (answer && halt === undefined) {
      points = mapPoints(answer);
      if (!points) question.halt = { kind: 'failed' };
      view.show(points);
      if (points) context.announce(words.t('map.label', countOf(words, answer.of, points.count)));
    }
    if (asked.space === '') asked.space = spaceOf(context.state()); // the engine was started by the question
    part.update(context.state());
  });
  const ask = (state: ViewState): void => {
    const { snapshot, map } = state;
    asked = {
      of: map.of,
      space: spaceOf(state),
      change: snapshot.changes?.at(-1) ?? 0,
      chunks: snapshot.engine?.chunks ?? 0,
      whileIndexing: isIndexing(snapshot),
    };
    question.ask(map.of, { of: map.of });
  };
  const refresh = (): void => {
    ask(context.state());
    draw(context.state());
  };
  /** Asks where there is reason to. */
  const askIfNeeded = (state: ViewState): void => {
    if (state.tab !== 'map' || blockedBy(state.snapshot) !== undefined) return;
    if (asked.space !== '' && spaceOf(state) !== asked.space) {
      question.forget();
      points = undefined;
      view.show(undefined);
      asked = { ...asked, of: '' };
    }
    const isNew = state.map.of !== asked.of;
    if (question.isAsking && !isNew) return;
    const isSettled = !isIndexing(state.snapshot);
    const chunks = state.snapshot.engine?.chunks ?? 0;
    const hasNowSome = question.halt?.kind === 'nothing-indexed' && chunks > 0 && chunks !== asked.chunks;
    const wasPartial = question.answer !== undefined && asked.whileIndexing;
    if (isNew || (isSettled && (hasNowSome || wasPartial))) ask(state);
  };

  const emptyOf = ({ snapshot }: ViewState): EmptyState | undefined => {
    const blocked = blockedBy(snapshot);
    if (blocked !== undefined || question.halt?.kind !== 'nothing-indexed' || question.isAsking) return blocked;
    return isIndexing(snapshot) ? 'indexing' : 'not-indexed';
  };
  const noteOf = (): NoteContent | undefined => {
    const { halt } = question;
    if (question.isAsking || (points && halt?.kind !== 'failed')) return undefined;
    const again = { label: words.t('analysis.again'), run: refresh };
    if (halt?.kind === 'stopped')
      return { icon: 'debug-stop', sentence: words.t('analysis.stopped'), actions: [again] };
    if (halt?.kind !== 'failed') return undefined;
    const log = { label: words.t('action.showLog'), run: () => context.request('command', { command: 'showLog' }) };
    const detail = halt.sentence === undefined ? {} : { detail: halt.sentence };
    return { icon: 'warning', sentence: words.t('analysis.failed'), ...detail, actions: [again, log] };
  };

  const view = createMapView(context, openInEditor);
  const units = createUnitChoice(context, 'map-unit', ({ map }) => map.of, (of) => context.dispatch({ type: 'map', map: { of } })); // prettier-ignore
  const colours = createColourChoice(context);
  const controls = el('div', { class: 'analysis-controls map-controls' }, colours.element, units.element);
  const empty = createEmptyState(context, 'map', emptyOf);
  const note = createNote();
  const body = el('div', { class: 'map-body' }, view.stage, view.side);
  const partial = el('span', { class: 'badge', title: words.t('analysis.partial') }, words.t('hits.partial'));
  const cover = createCoverLine(context, refresh, [partial]);
  const progress = createAnalysisProgress(context, [question], 'map-progress');
  const element = el('div', { class: 'tab-inside map-tab' }, empty.element, controls, note.element, body, cover.element, progress.element); // prettier-ignore

  const draw = (state: ViewState): void => {
    empty.update(state);
    units.update(state);
    colours.update(state);
    const isBlocked = emptyOf(state) !== undefined;
    const why = isBlocked ? undefined : noteOf();
    controls.hidden = isBlocked;
    note.update(why);
    body.hidden = isBlocked || why !== undefined;
    body.classList.toggle('old', question.isAsking);
    body.classList.toggle('bare', points === undefined);
    partial.hidden = !isPartial(state.snapshot);
    const changed = (state.snapshot.changes ?? []).filter((change) => change > asked.change).length;
    cover.update(body.hidden ? undefined : question.answer?.cover, question.isAsking ? 0 : changed);
    view.update(state);
    progress.update(state);
  };
  const part: TabPart = {
    element,
    update(state) {
      askIfNeeded(state);
      draw(state);
    },
    focus() {
      if (!note.focus() && emptyOf(context.state()) === undefined) view.focus();
      else empty.element.querySelector('button')?.focus();
    },
    step: (by) => view.step(by),
  };
  return part;
}
