// Stage 6, from items to what lies behind them. Invariant: only chunks that still are what the item was made of; a document that was
// deleted meanwhile has none. Cost: one pass over the items.
import type { StoredChunk, VectorTable } from '../model.ts';
import type { AnalysisItems } from './items.ts';

/** By item; must be called in the same turn in which the items came. Chunks stay what they are when rows move. */
export function chunksOf({ chunks }: Pick<VectorTable, 'chunks'>, { of, keys, rows }: AnalysisItems): StoredChunk[][] {
  return rows.map((own, item) => {
    const found: StoredChunk[] = [];
    for (const row of own) {
      const chunk = chunks[row];
      if (chunk && (of === 'chunks' ? chunk.hash : chunk.path) === keys[item]) found.push(chunk);
    }
    return found;
  });
}
