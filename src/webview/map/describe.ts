// What is said of a point: in the list, in its tooltip, to a screen reader.
import { shownPlace } from '../analysis/placeRow.ts';
import { splitPath } from '../dom.ts';
import type { ViewContext } from '../viewContext.ts';
import type { Grouping } from './groups.ts';
import { colourOf } from './paint.ts';
import type { MapPoints } from './points.ts';
import type { MapTheme } from './theme.ts';
import type { TipFacts } from './tooltip.ts';

/** A kept snippet is known by where it came from. */
export function shownAt(context: ViewContext, points: MapPoints, point: number): TipFacts['shown'] {
  return shownPlace(context.state(), { ...points.placeOf(point), text: '' });
}

export function clusterName({ words }: ViewContext, points: MapPoints | undefined, cluster: number): string {
  return points?.map.clusters[cluster]?.label ?? words.t('clusters.unclustered');
}

export function spokenPoint(context: ViewContext, points: MapPoints, point: number): string {
  const { path, startLine, endLine } = shownAt(context, points, point);
  const { folder, name } = splitPath(path);
  const lines = points.map.of === 'documents' ? '' : context.words.lines(startLine, endLine);
  return [name, lines, clusterName(context, points, points.groupOf(point)), folder].filter((part) => part !== '').join(', '); // prettier-ignore
}

export function tipFacts(
  context: ViewContext,
  points: MapPoints,
  point: number,
  grouping: Grouping,
  theme: MapTheme,
): TipFacts {
  const { words } = context;
  const score = 100 * (points.map.outlierScore[point] ?? 0);
  return {
    colour: dotColour(grouping, point, theme),
    group: clusterName(context, points, points.groupOf(point)),
    score: grouping.way === 'outlier' ? words.t('outliers.rank', words.percent(score)) : undefined,
    shown: shownAt(context, points, point),
  };
}

export function dotColour(grouping: Grouping, point: number, theme: MapTheme): string {
  return colourOf(grouping, grouping.groupOf[point] ?? 0, theme);
}
