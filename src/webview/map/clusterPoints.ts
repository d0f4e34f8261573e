// Which points are a cluster's, whatever its granularity: the map itself knows those of the automatic one. Cost: one request.
import type { Place } from '../../engine/model.ts';
import type { ClusterToShow } from '../persisted.ts';
import type { ViewContext } from '../viewContext.ts';
import type { MapPoints } from './points.ts';

/** As many as the host takes at once (`sidebar/checkViewRequest.ts`): of larger clusters the most central. */
const MOST_MEMBERS = 1_000;

/** When none of its members can be had, or none is on the map any more: what is of its representative's document. */
export async function clusterPoints(
  context: ViewContext,
  points: MapPoints,
  { id, query, representative }: ClusterToShow,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const params = { ...query, id, offset: 0, count: MOST_MEMBERS };
  const members = await context.ask('clusterMembers', params, signal).catch(() => []);
  const found = pointsAt(points, members);
  return found.length > 0 ? found : points.ofPath(representative.path);
}

function pointsAt(points: MapPoints, places: readonly Place[]): readonly number[] {
  const { startLine, endLine } = points.map;
  const linesOf = new Map<string, Set<string>>();
  for (const place of places) {
    const lines = linesOf.get(place.path) ?? new Set();
    linesOf.set(place.path, lines.add(`${place.startLine}-${place.endLine}`));
  }
  return [...linesOf].flatMap(([path, lines]) =>
    points.ofPath(path).filter((point) => lines.has(`${startLine[point] ?? 0}-${endLine[point] ?? 0}`)),
  );
}
