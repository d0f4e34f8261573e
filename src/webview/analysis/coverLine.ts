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

export interface CoverButton {
  readonly element: HTMLElement;
  update(cover: AnalysisCover): void;
}

/** How much of the workspace alone. */
export function createCoverButton(context: ViewContext): CoverButton {
  const { words } = context;
  const element = textButton('', 'cover dim', () => {
    context.dispatch({ type: 'showTab', tab: 'coverage' });
  });
  return {
    element,
    update({ coverage: { indexed, skipped, failed, excluded } }) {
      const total = indexed + skipped + failed;
      setText(
        element,
        indexed === total
          ? words.t(total === 1 ? 'analysis.coverOne' : 'analysis.coverAll', words.count(total))
          : words.t('analysis.cover', words.count(indexed), words.count(total)),
      );
      element.title = words.t(
        'analysis.coverDetail',
        ...[indexed, skipped, failed, excluded].map((n) => words.count(n)),
      );
    },
  };
}

/** `also`: what else is to be said of it. */
export function createCoverLine(context: ViewContext, refresh: () => void, also: readonly HTMLElement[]): CoverLine {
  const { words } = context;
  const cover = createCoverButton(context);
  const changes = el('span', { class: 'cover-changes' });
  const again = textButton(words.t('analysis.refresh'), 'link-button', refresh);
  const changed = el('div', { class: 'cover-changed', role: 'status' }, changes, again);
  const element = el(
    'div',
    { class: 'cover-line' },
    el('div', { class: 'cover-words' }, cover.element, ...also, changed),
    exportButton(context),
  );
  return {
    element,
    update(answer, count) {
      element.hidden = answer === undefined;
      if (!answer) return;
      cover.update(answer);
      changed.hidden = count === 0;
      const shown = count >= MOST_CHANGES ? `${words.count(MOST_CHANGES)}+` : words.count(count);
      if (count > 0)
        setText(changes, count === 1 ? words.t('analysis.changedOne') : words.t('analysis.changed', shown));
    },
  };
}
