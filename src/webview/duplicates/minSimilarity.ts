// From which similarity on two texts count as meaning the same. It asks when one lets go: another threshold is more than a knob's work.
import type { DuplicateResult } from '../../protocol/engineApi.ts';
import { debounce } from '../debounce.ts';
import { el, setAttribute, setText } from '../dom.ts';
import type { ViewState } from '../state.ts';
import { createAutomatic } from '../analysis/automatic.ts';
import type { ViewContext } from '../viewContext.ts';

const WAIT_MS = 150;
/** Below, almost everything is alike. */
const LOWEST = 50;

export interface MinSimilarity {
  readonly element: HTMLElement;
  update(state: ViewState, answer: DuplicateResult | undefined): void;
}

export function createMinSimilarity(context: ViewContext): MinSimilarity {
  const { words } = context;
  const label = words.t('duplicates.minSimilarity');
  const slider = el('input', {
    type: 'range',
    class: 'slider',
    min: String(LOWEST),
    max: '100',
    step: '1',
    'aria-label': label,
  });
  const number = el('output', { class: 'slider-value', 'aria-hidden': 'true' });
  const automatic = createAutomatic(words);
  const element = el('div', { class: 'slider-line' }, el('span', { class: 'dim', 'aria-hidden': 'true' }, label), slider, number, automatic); // prettier-ignore
  const choose = (minSimilarity: number | undefined): void => {
    const { duplicates } = context.state().analysis;
    context.dispatch({ type: 'analysis', choices: { duplicates: { ...duplicates, minSimilarity } } });
  };
  const settle = debounce(WAIT_MS, () => choose(Number(slider.value) / 100));
  let isMoving = false;
  const show = (value: number): void => {
    const text = words.similarity(value);
    setText(number, text);
    setAttribute(slider, 'aria-valuetext', text);
  };
  slider.addEventListener('input', () => {
    isMoving = true;
    show(Number(slider.value) / 100);
    settle();
  });
  automatic.addEventListener('click', () => {
    settle.cancel();
    isMoving = false;
    choose(undefined);
  });
  return {
    element,
    update({ analysis: { duplicates } }, answer) {
      element.hidden = !answer;
      setAttribute(automatic, 'aria-pressed', String(duplicates.minSimilarity === undefined && !isMoving));
      const value = duplicates.minSimilarity ?? answer?.minSimilarity ?? 1;
      if (isMoving && Math.round(value * 100) !== Number(slider.value)) return; // the question follows in a moment
      isMoving = false;
      if (Number(slider.value) !== Math.round(value * 100)) slider.value = String(Math.round(value * 100));
      show(value);
    },
  };
}
