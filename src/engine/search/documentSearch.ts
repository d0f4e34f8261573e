// Stage 5: documents that resemble a document. The similarity of another document is the mean, over the example's chunks, of
// the best cosine in that document (a symmetric half of the Chamfer similarity): 1 where each chunk has its twin there.
// Cost: one scan of the matrix for each chunk of the example.
import type { StoredChunk, VectorTable } from '../model.ts';
import { dotProducts } from './dotProducts.ts';
import type { Found } from './topRows.ts';

/**
 * The `k` nearest documents, best first, ties by path; `row` is the chunk of that document nearest to any of the example's,
 * the place to show. `accept` sees every chunk.
 */
export function bestPerDocument(
  table: VectorTable,
  queries: readonly Float32Array[],
  k: number,
  accept: (chunk: StoredChunk) => boolean,
): Found[] {
  const documentOf = new Int32Array(table.count).fill(-1);
  const paths = new Map<string, number>();
  table.chunks.forEach((chunk, row) => {
    if (row >= table.count || !accept(chunk)) return;
    const known = paths.get(chunk.path) ?? paths.size;
    paths.set(chunk.path, known);
    documentOf[row] = known;
  });
  const sum = new Float64Array(paths.size);
  const nearest = new Float64Array(paths.size).fill(-Infinity);
  const nearestRow = new Int32Array(paths.size);
  const best = new Float64Array(paths.size);
  for (const query of queries) {
    const similarities = dotProducts(table, query);
    best.fill(-Infinity);
    for (let row = 0; row < table.count; row++) {
      const document = documentOf[row] ?? -1;
      if (document < 0) continue;
      const similarity = similarities[row] ?? 0;
      if (similarity > (best[document] ?? 0)) best[document] = similarity;
      if (similarity > (nearest[document] ?? 0)) {
        nearest[document] = similarity;
        nearestRow[document] = row;
      }
    }
    for (let document = 0; document < best.length; document++)
      sum[document] = (sum[document] ?? 0) + (best[document] ?? 0);
  }
  return [...paths]
    .map(([path, document]) => ({
      path,
      row: nearestRow[document] ?? 0,
      similarity: (sum[document] ?? 0) / queries.length,
    }))
    .sort((a, b) => b.similarity - a.similarity || (a.path < b.path ? -1 : 1))
    .slice(0, k)
    .map(({ row, similarity }) => ({ row, similarity }));
}
