// An outlier: how alike its nearest relatives are, beside what is usual, in a figure and in a sentence.
import type { Outlier, Place } from '../../engine/model.ts';
import { placeActions, type RowAction } from '../analysis/placeActions.ts';
import { figure, placeLines, placePreview, shownPlace, spokenPlace } from '../analysis/placeRow.ts';
import type { TreeRow } from '../analysis/treeItem.ts';
import { el, icon, splitPath } from '../dom.ts';
import { placeOf } from '../hitKeys.ts';
import type { ViewContext } from '../viewContext.ts';

export interface OutlierFacts {
  readonly key: string;
  readonly outlier: Outlier;
  readonly position: number;
  readonly setSize: number;
  readonly expanded: boolean;
}

export function outlierRow(context: ViewContext, facts: OutlierFacts): TreeRow {
  const { words } = context;
  const { outlier, expanded } = facts;
  const { nearest, similarity, usual, score } = outlier;
  const actions = nearest ? nearestActions(context, outlier, nearest) : [];
  return {
    ...facts,
    level: 1,
    look: JSON.stringify([outlier, expanded]),
    className: 'outlier',
    place: outlier,
    draw(id) {
      const state = context.state();
      const place = shownPlace(state, outlier);
      const reason = words.t('outliers.reason', words.similarity(similarity), words.similarity(usual));
      const rank = words.t('outliers.rank', words.percent(100 * score));
      const content: Node[] = [
        el('div', { class: 'hit-head' }, figure(words, similarity, `${reason}\n${rank}`, usual), placeLines(place)),
        el('div', { class: 'reason', title: rank }, reason),
        placePreview(`${id}-text`, words, state, place, expanded),
      ];
      const spoken = [spokenPlace(words, place), reason, rank];
      if (nearest) {
        const relative = shownPlace(state, nearest);
        content.push(nearestLine(context, relative, nearest.similarity));
        spoken.push(words.t('outliers.nearestSpoken', splitPath(relative.path).name, words.similarity(nearest.similarity))); // prettier-ignore
      }
      return { content, label: spoken.join(', '), describedBy: `${id}-text` };
    },
    actions: () => placeActions(context, outlier, actions),
  };
}

function nearestLine({ words }: ViewContext, relative: Place, similarity: number): HTMLElement {
  const { name } = splitPath(relative.path);
  const lines = `${relative.path}:${relative.startLine}`;
  const link = el(
    'button',
    { type: 'button', class: 'link-button', tabindex: '-1', 'data-command': 'openNearest', title: `${words.t('outliers.openNearest')}\n${lines}` },
    relative.symbol === undefined ? name : `${name} › ${relative.symbol}`,
  ); // prettier-ignore
  const figures = el('span', { class: 'dim' }, words.similarity(similarity));
  return el('div', { class: 'nearest' }, icon('arrow-small-right'), el('span', { class: 'dim' }, words.t('outliers.nearest')), link, figures); // prettier-ignore
}

function nearestActions(
  context: ViewContext,
  outlier: Outlier,
  nearest: NonNullable<Outlier['nearest']>,
): readonly RowAction[] {
  const { words } = context;
  const other = placeOf(nearest);
  return [
    {
      command: 'openNearest',
      icon: 'arrow-small-right',
      label: words.t('outliers.openNearest'),
      run: () => context.request('open', { place: other, mode: 'open' }),
    },
    {
      command: 'compare',
      icon: 'diff',
      label: words.t('outliers.compareNearest'),
      inline: true,
      run: () => context.request('compare', { place: placeOf(outlier), other, similarity: nearest.similarity }),
    },
  ];
}
