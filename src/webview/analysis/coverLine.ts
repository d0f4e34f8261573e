// How much of the workspace an answer is about, and whether the index has changed since. Leads to the Coverage tab.
import type { AnalysisCover } from '../../protocol/engineApi.ts';
import { el, setText, textButton } from '../dom.ts';
import { exportButton } from './exportButton.ts';
import type { ViewContext } from '../viewContext.ts';

/** As many as the host tells apart. */
const MOST_CHANGES = 100;

export interface CoverLine {
  readonly element: HTMLElement;
  /** `changed`: files that changed since the answer. */
  update(cover: AnalysisCover | undefined, changed: number): void;
}

/** `also`: what else is to be said of it. */
export function createCoverLine(context: ViewContext, refresh: () => void, also: readonly HTMLElement[]): CoverLine {
  const { words } = context;
  const cover = textButton('', 'cover dim', () => {
    context.dispatch({ type: 'showTab', tab: 'coverage' });
  });
  const changes = el('span', { class: 'cover-changes' });
  const again = textButton(words.t('analysis.refresh'), 'link-button', refresh);
  const changed = el('div', { class: 'cover-changed', role: 'status' }, changes, again);
  const element = el(
    'div',
    { class: 'cover-line' },
    el('div', { class: 'cover-words' }, cover, ...also, changed),
    exportButton(context),
  );
  return {
    element,
    update(answer, count) {
      element.hidden = answer === undefined;
      if (!answer) return;
      const { indexed, skipped, failed, excluded } = answer.coverage;
      const total = indexed + skipped + failed;
      setText(
        cover,
        indexed === total
          ? words.t(total === 1 ? 'analysis.coverOne' : 'analysis.coverAll', words.count(total))
          : words.t('analysis.cover', words.count(indexed), words.count(total)),
      );
      cover.title = words.t('analysis.coverDetail', ...[indexed, skipped, failed, excluded].map((n) => words.count(n)));
      changed.hidden = count === 0;
      const shown = count >= MOST_CHANGES ? `${words.count(MOST_CHANGES)}+` : words.count(count);
      if (count > 0)
        setText(changes, count === 1 ? words.t('analysis.changedOne') : words.t('analysis.changed', shown));
    },
  };
}
