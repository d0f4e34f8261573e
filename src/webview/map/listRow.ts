// One row of the list beside the map: a cluster, or a place.
import { el, icon, middleTruncated, splitPath } from '../dom.ts';
import type { ViewContext } from '../viewContext.ts';
import type { GroupRow, PointRow } from './groupRows.ts';
import type { MapPoints } from './points.ts';

export interface RowFacts {
  /** The colour of its dot. */
  colourOf(point: number): string;
  nameOf(group: number): string;
  /** As people know it: a kept snippet by where it came from. */
  shownPlace(point: number): { readonly path: string; readonly startLine: number; readonly endLine: number };
}

interface Where {
  readonly id: string;
  readonly groups: number;
  readonly expanded: boolean;
}

export function drawRow(
  context: ViewContext,
  { map }: MapPoints,
  row: GroupRow | PointRow,
  { id, groups, expanded }: Where,
  facts: RowFacts,
): HTMLElement {
  const { words } = context;
  if (!('point' in row)) {
    const name = facts.nameOf(row.group);
    const count = words.count(row.size);
    const attributes = { class: 'map-row map-group', role: 'treeitem', id, title: name, 'aria-level': '1', 'aria-expanded': String(expanded), 'aria-posinset': String(row.position), 'aria-setsize': String(groups), 'aria-label': `${name}, ${count}` }; // prettier-ignore
    const label = el('span', { class: 'map-name' }, name);
    return el('div', attributes, icon(`chevron-${expanded ? 'down' : 'right'}`), label, el('span', { class: 'map-count dim' }, count)); // prettier-ignore
  }
  const { path, startLine, endLine } = facts.shownPlace(row.point);
  const { folder, name } = splitPath(path);
  const lines = map.of === 'documents' ? '' : endLine > startLine ? `${startLine}–${endLine}` : String(startLine);
  const spoken = [name, map.of === 'documents' ? '' : words.lines(startLine, endLine), folder].filter((part) => part !== '').join(', '); // prettier-ignore
  const item = el('div', {
    class: 'map-row map-point',
    role: 'treeitem',
    id,
    title: lines === '' ? path : `${path}:${lines}`,
    'aria-level': '2',
    'aria-posinset': String(row.position),
    'aria-setsize': String(row.setSize),
    'aria-label': spoken,
  });
  const dot = el('span', { class: 'map-swatch', 'aria-hidden': 'true' });
  dot.style.background = facts.colourOf(row.point);
  item.append(dot, middleTruncated(name, 'name'));
  if (lines !== '') item.append(el('span', { class: 'lines dim' }, lines));
  if (folder !== '') item.append(middleTruncated(folder, 'folder dim'));
  return item;
}
