// The Outliers tab: what stands apart from everything else, most unusual first, each with its reason.
import type { AnalysisUnit, Outlier } from '../../engine/model.ts';
import type { OutlierResult } from '../../protocol/engineApi.ts';
import { createAnalysisFrame, type AnalysisFrame } from '../analysis/analysisFrame.ts';
import { createRowTree } from '../analysis/rowTree.ts';
import { countOf, createUnitChoice } from '../analysis/unitChoice.ts';
import { el, setText } from '../dom.ts';
import { hitKeys } from '../hitKeys.ts';
import type { TabFactory } from '../viewContext.ts';
import { outlierRow } from './outlierRow.ts';

/** Nobody reads more of them; whoever wants all exports them. */
const MOST_OUTLIERS = 200;
/** Of a small workspace, only the most unusual tenth, and a screenful. */
const UNUSUAL = 0.9;
const SCREENFUL = 20;

export const createOutliersTab: TabFactory = (context) => {
  const { words } = context;
  const unitOf = (): AnalysisUnit => context.state().analysis.outliers;
  const units = createUnitChoice(
    context,
    'outlier-unit',
    ({ analysis }) => analysis.outliers,
    (outliers) => context.dispatch({ type: 'analysis', choices: { outliers } }),
  );
  const scroller = el('div', { class: 'scroller', tabindex: '-1' });
  const tree = createRowTree({
    context,
    label: words.t('outliers.list'),
    scroller,
    toggle: (row, expanded) => context.dispatch({ type: 'expand', keys: [row.key], expanded }),
    fallback: () => frame.focusNote() || scroller.focus(),
  });
  const leftOut = el('span', { class: 'left-out dim', title: words.t('outliers.leftOutDetail') });
  const drawRows = (answer: OutlierResult | undefined): void => {
    const outliers = answer ? shownOf(answer) : [];
    const keys = hitKeys(outliers).map((key) => `outlier:${key}`);
    const { expanded } = context.state();
    tree.update(
      outliers.map((outlier, i) => {
        const key = keys[i] ?? '';
        return outlierRow(context, { key, outlier, position: i + 1, setSize: outliers.length, expanded: expanded.has(key) }); // prettier-ignore
      }),
    );
    leftOut.hidden = (answer?.leftOut ?? 0) === 0;
    setText(leftOut, words.t('outliers.leftOut', words.count(answer?.leftOut ?? 0)));
  };
  const frame: AnalysisFrame<'outliers'> = createAnalysisFrame({
    context,
    tab: 'outliers',
    paramsOf: ({ analysis }) => ({ of: analysis.outliers, top: MOST_OUTLIERS }),
    controls: [units.element],
    coverEnd: [leftOut],
    summaryOf: (answer) =>
      words.t('outliers.count', words.count(shownOf(answer).length), countOf(words, unitOf(), answer.cover.items)),
    noneOf: ({ outliers }) =>
      outliers.length > 0
        ? undefined
        : { icon: 'pass', sentence: words.t('outliers.none'), detail: words.t('outliers.noneDetail'), actions: [] },
    draw: drawRows,
    tree,
    scroller,
  });
  return {
    element: frame.element,
    update(state) {
      units.update(state);
      frame.update(state);
    },
    focus() {
      if (!tree.focus() && !frame.focusNote()) scroller.focus();
    },
    step: (by) => tree.step(by),
  };
};

function shownOf({ outliers }: OutlierResult): readonly Outlier[] {
  return outliers.filter(({ score }, i) => i < SCREENFUL || score >= UNUSUAL);
}
