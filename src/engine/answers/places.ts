// From items of an analysis to places that a user can open. Cost: a look at the item's rows.
import type { AnalysisItems } from '../analysis/items.ts';
import type { Place, VectorTable } from '../model.ts';
import { placeOf } from './snippetAt.ts';

/** All places of a text; the one of a document, from its first line to its last, with the text of its first chunk. */
export function placesOf({ chunks }: Pick<VectorTable, 'chunks'>, { of, rows }: AnalysisItems, item: number): Place[] {
  const own = (rows[item] ?? []).flatMap((row) => chunks[row] ?? []);
  if (of === 'chunks') return own.map(placeOf);
  const [first] = own;
  if (!first) return [];
  const { path, startLine, text } = first;
  return [{ path, startLine, endLine: own.reduce((last, { endLine }) => Math.max(last, endLine), 1), text }];
}
