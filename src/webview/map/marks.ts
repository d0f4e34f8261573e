// Which points are marked for what the user does elsewhere: the file that is open, the place of the cursor, the hits of the search.
import type { Place } from '../../engine/model.ts';
import type { ViewState } from '../state.ts';
import type { Marks } from './overlay.ts';
import type { MapPoints } from './points.ts';

/** The file that is lit: what the Similar tab looks at, as it follows the cursor; else the active editor's. */
export function currentPath({ snapshot }: ViewState): string | undefined {
  const { currentPath: active } = snapshot;
  return active ?? snapshot.similar.target?.path;
}

export function marksOf(points: MapPoints, state: ViewState): Marks {
  const { similar, search } = state.snapshot;
  const path = currentPath(state);
  const { target } = similar;
  const file = path === undefined ? [] : points.ofPath(path);
  const isCursor = target && target.path === path && (target.kind === 'selection' || target.kind === 'symbol' || target.kind === 'row'); // prettier-ignore
  return {
    file,
    cursor: isCursor && points.map.of === 'chunks' ? touching(points, target) : [],
    hits: search.query === '' ? [] : [...new Set(search.hits.flatMap((hit) => foundAt(points, hit)))],
  };
}

/** A hit is a chunk: its very lines, else what it touches. */
function foundAt(points: MapPoints, hit: Omit<Place, 'text'>): readonly number[] {
  const there = points.ofPath(hit.path);
  if (points.map.of === 'documents') return there;
  const { startLine, endLine } = points.map;
  const same = there.filter((point) => startLine[point] === hit.startLine && endLine[point] === hit.endLine);
  return same.length > 0 ? same : touching(points, hit);
}

function touching(
  points: MapPoints,
  { path, startLine, endLine }: Pick<Place, 'path' | 'startLine' | 'endLine'>,
): readonly number[] {
  const { map } = points;
  return points.ofPath(path).filter((point) => (map.startLine[point] ?? 0) <= endLine && (map.endLine[point] ?? 0) >= startLine); // prettier-ignore
}
