// Stage 6, what is compared: every distinct text once (copies would be each other's only neighbours), or every document as the mean of
// its chunks. Invariant: the same index gives the same items in the same order, whatever its rows' order. Cost: one pass over the chunks.
import type { AnalysisUnit, VectorTable } from '../model.ts';

export interface AnalysisItems {
  readonly of: AnalysisUnit;
  /** The table's revision that `rows` are of. */
  readonly revision: number;
  readonly count: number;
  /** Chunk hash, or path; ascending. */
  readonly keys: readonly string[];
  /** Rows of each item: places of one text by path and line, or a document's chunks in their order. */
  readonly rows: readonly (readonly number[])[];
}

export function itemsOf(table: VectorTable, of: AnalysisUnit): AnalysisItems {
  const rows = new Map<string, number[]>();
  for (const [row, chunk] of table.chunks.entries()) {
    const key = of === 'chunks' ? chunk.hash : chunk.path;
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  }
  const keys = [...rows.keys()].sort();
  const byPlace = (a: number, b: number): number => {
    const one = table.chunks[a];
    const other = table.chunks[b];
    if (!one || !other || one.path === other.path) return (one?.startLine ?? 0) - (other?.startLine ?? 0);
    return one.path < other.path ? -1 : 1;
  };
  return {
    of,
    revision: table.revision,
    count: keys.length,
    keys,
    rows: keys.map((key) => (rows.get(key) ?? []).sort(byPlace)),
  };
}

/** Unit vectors of the items, count x dimension. */
export function vectorsOf(table: VectorTable, { rows }: AnalysisItems): Float32Array {
  const { dimension } = table;
  const vectors = new Float32Array(rows.length * dimension);
  for (const [item, own] of rows.entries()) {
    const first = own[0];
    if (first === undefined) continue;
    const sum = table.row(first);
    const hashes = new Set([table.chunks[first]?.hash]);
    for (const row of own.slice(1)) {
      const hash = table.chunks[row]?.hash;
      if (hashes.has(hash)) continue; // one text counts once, however often it is there
      hashes.add(hash);
      const vector = table.row(row);
      for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
    }
    const length = Math.hypot(...sum) || 1;
    for (let i = 0; i < dimension; i++) vectors[item * dimension + i] = (sum[i] ?? 0) / length;
  }
  return vectors;
}
