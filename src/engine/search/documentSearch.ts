// Stage 5: documents that resemble a document. The similarity of another document is the mean, over the example's chunks, of
// the best cosine in that document (a symmetric half of the Chamfer similarity): 1 where each chunk has its twin there.
// Invariant: the codes choose the documents, the exact vectors give their similarities and order. Cost: one scan for each chunk of
// the example, and the exact products of the chosen documents.
import type { VectorTable } from '../model.ts';
import { dot } from './dot.ts';
import type { RowMask } from './filter.ts';
import type { Found } from './topRows.ts';
import { scanRows } from './vectorSearch.ts';

interface FoundDocument extends Found {
  readonly path: string;
}

/** Documents compared in full beyond those asked for, since the codes may put near ones in another order. */
const SPARE = 8;

/**
 * The `k` nearest documents, best first, ties by path; `row` is the chunk of that document nearest to any of the example's,
 * the place to show. Rows outside the mask do not count.
 */
export function bestPerDocument(
  table: VectorTable,
  queries: readonly Float32Array[],
  k: number,
  mask?: RowMask,
): Found[] {
  const wide = queries.map((query) => Float64Array.from(query));
  return nearestByCodes(table, queries, mask)
    .slice(0, k + SPARE)
    .map((path) => compareExactly(table, path, wide, mask))
    .sort((a, b) => b.similarity - a.similarity || (a.path < b.path ? -1 : 1))
    .slice(0, k)
    .map(({ row, similarity }) => ({ row, similarity }));
}

/** Paths, nearest first. */
function nearestByCodes(table: VectorTable, queries: readonly Float32Array[], mask: RowMask | undefined): string[] {
  const documentOf = new Int32Array(table.count).fill(-1);
  const documents = new Map<string, number>();
  table.chunks.forEach(({ path }, row) => {
    if (row >= table.count || mask?.[row] === 0) return;
    const known = documents.get(path) ?? documents.size;
    documents.set(path, known);
    documentOf[row] = known;
  });
  const sums = new Float64Array(documents.size);
  const best = new Float64Array(documents.size);
  for (const query of queries) {
    const { scores } = scanRows(table, query, mask);
    best.fill(-Infinity);
    for (let row = 0; row < table.count; row++) {
      const document = documentOf[row] ?? -1;
      if (document >= 0 && (scores[row] ?? 0) > (best[document] ?? 0)) best[document] = scores[row] ?? 0;
    }
    for (let document = 0; document < best.length; document++)
      sums[document] = (sums[document] ?? 0) + (best[document] ?? 0);
  }
  const sum = (path: string): number => sums[documents.get(path) ?? -1] ?? 0;
  return [...documents.keys()].sort((a, b) => sum(b) - sum(a) || (a < b ? -1 : 1));
}

function compareExactly(
  table: VectorTable,
  path: string,
  queries: readonly Float64Array[],
  mask: RowMask | undefined,
): FoundDocument {
  const best = new Float64Array(queries.length).fill(-Infinity);
  let nearest = { row: 0, similarity: -Infinity };
  for (const row of table.rowsOf(path)) {
    if (mask?.[row] === 0) continue;
    const vector = table.row(row);
    for (const [q, query] of queries.entries()) {
      const similarity = dot(vector, query);
      if (similarity > (best[q] ?? 0)) best[q] = similarity;
      if (similarity > nearest.similarity) nearest = { row, similarity };
    }
  }
  return { path, row: nearest.row, similarity: best.reduce((sum, each) => sum + each, 0) / queries.length };
}
