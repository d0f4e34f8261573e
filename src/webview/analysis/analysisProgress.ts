// What the engine does for a question about the whole index, how far it is, and Stop. A quick answer shows nothing of it.
import { el, iconButton, setAttribute, setText } from '../dom.ts';
import type { Part, ViewContext } from '../viewContext.ts';

/** Sooner than that, an answer needs no progress. */
const PATIENCE_MS = 300;

export interface Asking {
  readonly isAsking: boolean;
  stop(): void;
}

export function createAnalysisProgress(context: ViewContext, asking: readonly Asking[], id: string): Part {
  const { words } = context;
  const sentence = el('div', { class: 'progress-text', id });
  const stop = iconButton('debug-stop', words.t('action.stop'), () => {
    for (const each of asking) each.stop();
  });
  const isAsking = (): boolean => asking.some((each) => each.isAsking);
  const fill = el('div', { class: 'progress-fill' });
  const bar = el('div', { class: 'progress-bar', role: 'progressbar', 'aria-labelledby': id, 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill); // prettier-ignore
  const element = el(
    'section',
    { class: 'analysis-progress', 'aria-labelledby': id },
    sentence,
    el('div', { class: 'progress-line' }, bar, stop),
  );
  element.hidden = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLate = false;
  const draw = (): void => {
    element.hidden = !(isAsking() && isLate);
    if (element.hidden) return;
    const work = context.state().snapshot.engine?.analysis;
    const percent = Math.floor(100 * (work?.share ?? 0));
    setText(sentence, words.t(work ? `analysis.${work.stage}` : 'analysis.working'));
    bar.classList.toggle('indeterminate', work === undefined);
    setAttribute(bar, 'aria-valuenow', work ? String(percent) : undefined);
    fill.style.width = work ? `${percent}%` : '';
  };
  return {
    element,
    update() {
      if (!isAsking()) {
        clearTimeout(timer);
        timer = undefined;
        isLate = false;
      } else {
        timer ??= setTimeout(() => {
          isLate = true;
          draw();
          context.announce(sentence.textContent);
        }, PATIENCE_MS);
      }
      draw();
    },
  };
}
