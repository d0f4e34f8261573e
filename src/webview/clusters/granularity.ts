// How many clusters: a slider from few to many. It says the number before the answer is there, because every answer brings the
// numbers of all positions; the question follows while one drags.
import type { ClusterResult } from '../../protocol/engineApi.ts';
import { el, setAttribute, setText } from '../dom.ts';
import type { ViewState } from '../state.ts';
import { createAutomatic } from '../analysis/automatic.ts';
import type { ViewContext } from '../viewContext.ts';

export interface Granularity {
  readonly element: HTMLElement;
  update(state: ViewState, answer: ClusterResult | undefined): void;
}

export function createGranularity(context: ViewContext): Granularity {
  const { words } = context;
  const slider = el('input', { type: 'range', class: 'slider', min: '0', step: '1', 'aria-label': words.t('clusters.granularity') }); // prettier-ignore
  const automatic = createAutomatic(words);
  const few = el('span', { class: 'dim', 'aria-hidden': 'true' }, words.t('clusters.few'));
  const many = el('span', { class: 'dim', 'aria-hidden': 'true' }, words.t('clusters.many'));
  const number = el('output', { class: 'slider-value', 'aria-hidden': 'true' });
  const element = el('div', { class: 'slider-line' }, few, slider, many, number, automatic);
  let counts: readonly number[] = [];

  const choose = (granularity: number | undefined): void => {
    const { of } = context.state().analysis.clusters;
    const clusters = { of, ...(granularity !== undefined && { granularity }) };
    context.dispatch({ type: 'analysis', choices: { clusters } });
  };
  slider.addEventListener('input', () => choose(Number(slider.value) / Math.max(1, counts.length - 1)));
  automatic.addEventListener('click', () => choose(undefined));

  return {
    element,
    update({ analysis: { clusters } }, answer) {
      counts = answer?.counts ?? counts;
      element.hidden = counts.length < 2;
      const last = Math.max(1, counts.length - 1);
      const isAutomatic = clusters.granularity === undefined;
      const at = Math.round((clusters.granularity ?? answer?.granularity ?? 0) * last);
      setAttribute(slider, 'max', String(last));
      if (slider.value !== String(at)) slider.value = String(at);
      // Between two positions of the table, the answer itself knows.
      const count = isAutomatic ? (answer?.clusters.length ?? 0) : (counts[at] ?? 0);
      const text = count === 1 ? words.t('clusters.one') : words.t('clusters.count', words.count(count));
      setAttribute(slider, 'aria-valuetext', isAutomatic ? `${text}, ${words.t('clusters.automatic')}` : text);
      slider.title = text;
      setText(number, words.count(count));
      setAttribute(automatic, 'aria-pressed', String(isAutomatic));
    },
  };
}
