// "Why isn't this file here?": the ledger's line for one path, or what the rules and the file itself say now.
import { coverageStateOf, type CoverageEntry, type LeftOut } from './model.ts';
import type { Source } from './source/source.ts';
import type { VectorStore } from './store/store.ts';

/** Never throws for a path that does not exist: `vanished` is an answer. */
export async function whyNot(store: VectorStore, source: Source, path: string): Promise<CoverageEntry> {
  const indexed = store.documents.get(path);
  if (indexed) {
    return {
      path,
      state: 'indexed',
      chunks: store.rowsOf(path).length,
      ...(indexed.truncatedAtBytes !== undefined && { truncatedAtBytes: indexed.truncatedAtBytes }),
    };
  }
  const result = await source.read(path);
  if ('leftOut' in result) return entryOf(result.leftOut);
  const known = store.leftOut().find((line) => line.path === path && coverageStateOf(line.reason) === 'failed');
  return entryOf(known ?? { path, reason: 'not-indexed-yet' });
}

export function entryOf(leftOut: LeftOut): CoverageEntry {
  return { ...leftOut, state: coverageStateOf(leftOut.reason) };
}
