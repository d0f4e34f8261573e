// Stage 5, hits: rows -> what the user sees. Cost: one object a row.
import type { DocumentRecord, Hit, VectorTable } from '../model.ts';
import type { Found } from './topRows.ts';

/** `percentileOf`: see percentile.ts; undefined (no two chunks to compare) counts as 100. */
export function toHits(
  table: VectorTable,
  documents: ReadonlyMap<string, DocumentRecord>,
  found: readonly Found[],
  percentileOf: (similarity: number) => number | undefined,
): Hit[] {
  return found.flatMap(({ row, similarity }) => {
    const chunk = table.chunks[row];
    if (!chunk) return [];
    const { path, startLine, endLine, symbol, text, kind } = chunk;
    const document = documents.get(path);
    return {
      path,
      startLine,
      endLine,
      ...(symbol !== undefined && { symbol }),
      text,
      kind,
      languageId: document?.languageId ?? 'plaintext',
      similarity,
      percentile: percentileOf(similarity) ?? 100,
      ...(document?.kept && { kept: document.kept }),
    };
  });
}
