// Stage 6, what is compared: every distinct text once (copies would be each other's only neighbours), or every document as the mean of
// its chunks. Invariant: the same index gives the same items in the same order, whatever its rows' order. Cost: one pass over the chunks.
import type { AnalysisUnit, VectorTable } from '../model.ts';

export interface AnalysisItems {
  readonly of: AnalysisUnit;
  /** The table's revision that the keys are of. */
  readonly revision: number;
  readonly count: number;
  /** Chunk hash, or path; ascending. */
  readonly keys: readonly string[];
  /**
   * Rows of each item: places of one text by path and line, or a document's chunks in their order; none where it is gone by now. Rows
   * move: hold no row number across an await.
   */
  readonly rows: readonly (readonly number[])[];
}

/** `isLeftOut`: documents that are no part of the workspace, such as kept snippets. */
export function itemsOf(
  table: Pick<VectorTable, 'chunks' | 'revision'>,
  of: AnalysisUnit,
  isLeftOut: (path: string) => boolean = () => false,
): AnalysisItems {
  const rows = rowsByKey(table, of, isLeftOut);
  const keys = [...rows.keys()].sort();
  return { of, revision: table.revision, count: keys.length, keys, rows: keys.map((key) => rows.get(key) ?? []) };
}

/** The same items with the rows that they have now. */
export function itemsNow(
  table: Pick<VectorTable, 'chunks'>,
  items: AnalysisItems,
  isLeftOut: (path: string) => boolean,
): AnalysisItems {
  const rows = rowsByKey(table, items.of, isLeftOut);
  return { ...items, rows: items.keys.map((key) => rows.get(key) ?? []) };
}

function rowsByKey(
  { chunks }: Pick<VectorTable, 'chunks'>,
  of: AnalysisUnit,
  isLeftOut: (path: string) => boolean,
): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [row, chunk] of chunks.entries()) {
    if (isLeftOut(chunk.path)) continue;
    const key = of === 'chunks' ? chunk.hash : chunk.path;
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  }
  for (const own of rows.values()) {
    if (own.length < 2) continue;
    own.sort((a, b) => {
      const one = chunks[a];
      const other = chunks[b];
      if (!one || !other || one.path === other.path) return (one?.startLine ?? 0) - (other?.startLine ?? 0);
      return one.path < other.path ? -1 : 1;
    });
  }
  return rows;
}
