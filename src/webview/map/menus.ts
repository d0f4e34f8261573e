// What can be done with a point, a cluster, or what is in sight.
import { placeActions } from '../analysis/placeActions.ts';
import type { MenuItem } from '../menu.ts';
import type { ViewContext } from '../viewContext.ts';
import type { MapPoints } from './points.ts';

export interface MenuAnswers {
  selectCluster(cluster: number): void;
  selectInSight(): void;
  /** Shows a cluster's points of the list. */
  frame(cluster: number): void;
  toggle(cluster: number): void;
}

export function inSightItem({ words }: ViewContext, answers: MenuAnswers): MenuItem {
  return { label: words.t('map.selectInSight'), icon: 'selection', run: () => answers.selectInSight() };
}

export function pointItems(
  context: ViewContext,
  points: MapPoints,
  point: number,
  answers: MenuAnswers,
): readonly MenuItem[] {
  return [
    ...placeActions(context, points.placeOf(point)),
    { ...clusterItem(context, points.groupOf(point), answers), separated: true },
    inSightItem(context, answers),
  ];
}

export function clusterItems(
  context: ViewContext,
  cluster: number,
  isCollapsed: boolean,
  answers: MenuAnswers,
): readonly MenuItem[] {
  const { words } = context;
  return [
    { label: words.t('map.frame'), icon: 'target', run: () => answers.frame(cluster) },
    clusterItem(context, cluster, answers),
    {
      label: words.t(isCollapsed ? 'row.expand' : 'row.collapse'),
      icon: isCollapsed ? 'unfold' : 'fold',
      hint: isCollapsed ? '→' : '←',
      run: () => answers.toggle(cluster),
    },
  ];
}

function clusterItem({ words }: ViewContext, cluster: number, answers: MenuAnswers): MenuItem {
  return {
    label: words.t('map.selectGroup'),
    icon: 'group-by-ref-type',
    run: () => answers.selectCluster(cluster),
  };
}
