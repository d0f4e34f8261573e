// "Why isn't this file here?": the ledger's line for one path, as the Coverage tab shows it, or what the rules and the file say now.
import { coverageStateOf, type CoverageEntry, type LeftOut } from './model.ts';
import type { Source } from './source/source.ts';
import type { VectorStore } from './store/store.ts';

/** Never throws for a path that does not exist: `vanished` is an answer. */
export async function whyNot(store: VectorStore, source: Source, path: string): Promise<CoverageEntry> {
  const line = store.leftOut().find((one) => one.path === path);
  const indexed = store.documents.get(path);
  if (indexed) {
    return {
      path,
      state: 'indexed',
      ...(line && entryOf(line)),
      chunks: store.rowsOf(path).length,
      ...(!line && indexed.truncatedAtBytes !== undefined && { truncatedAtBytes: indexed.truncatedAtBytes }),
    };
  }
  const result = await source.read(path);
  if ('leftOut' in result) return entryOf(result.leftOut);
  const { size, mtimeMs } = result.document;
  const fits = line && (coverageStateOf(line.reason) === 'failed' || (line.size === size && line.mtimeMs === mtimeMs));
  return entryOf(fits ? line : { path, reason: 'not-indexed-yet' });
}

export function entryOf(leftOut: LeftOut): CoverageEntry {
  return { ...leftOut, state: coverageStateOf(leftOut.reason) };
}
