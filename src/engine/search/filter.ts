// Stage 5, the filter: what the user typed -> the rows that may be found. Globs follow VS Code's search box: a name without a slash is
// looked for at any depth, a folder stands for its content, `./` anchors at the workspace. Cost: one match a document.
import picomatch from 'picomatch';
import { EngineError } from '../errors.ts';
import type { DocumentRecord, SearchFilter, VectorTable } from '../model.ts';

/** By row: 1 for one that may be found, else 0. */
export type RowMask = Uint8Array;

/** Undefined when everything passes. Throws `bad-request` for a glob that is none. */
export function maskRows(
  filter: SearchFilter | undefined,
  table: Pick<VectorTable, 'count' | 'chunks' | 'rowsOf'>,
  documents: ReadonlyMap<string, DocumentRecord>,
): RowMask | undefined {
  const matchesPath = pathMatcher(filter?.paths ?? []);
  const languageIds = filter?.languageIds?.length ? new Set(filter.languageIds) : undefined;
  const kinds = filter?.kinds?.length ? new Set(filter.kinds) : undefined;
  const since = filter?.modifiedSinceMs;
  if (!matchesPath && !languageIds && !kinds && since === undefined) return undefined;
  const acceptsDocument = (path: string): boolean => {
    if (languageIds && !languageIds.has(documents.get(path)?.languageId ?? '')) return false;
    if (since !== undefined && (documents.get(path)?.mtimeMs ?? 0) < since) return false;
    // A kept snippet is found where it came from.
    return matchesPath?.(documents.get(path)?.kept?.sourcePath ?? path) ?? true;
  };
  const mask = new Uint8Array(table.count);
  for (const path of documents.keys()) {
    if (!acceptsDocument(path)) continue;
    for (const row of table.rowsOf(path)) {
      const chunk = table.chunks[row];
      if (chunk && (kinds?.has(chunk.kind) ?? true)) mask[row] = 1;
    }
  }
  return mask;
}

function pathMatcher(globs: readonly string[]): ((path: string) => boolean) | undefined {
  const trimmed = globs.map((glob) => glob.trim()).filter((glob) => glob !== '' && glob !== '!');
  if (trimmed.length === 0) return undefined;
  const excluded = trimmed.filter((glob) => glob.startsWith('!')).flatMap((glob) => expand(glob.slice(1)));
  const included = trimmed.filter((glob) => !glob.startsWith('!')).flatMap(expand);
  const isExcluded = matcher(excluded);
  const isIncluded = included.length > 0 ? matcher(included) : () => true;
  return (path) => isIncluded(path) && !isExcluded(path);
}

/** The file itself and, should it be a folder, its content; at any depth unless anchored. */
function expand(glob: string): string[] {
  const anchored = /^\.?\//.test(glob);
  const bare = glob.replace(/^\.?\//, '').replace(/\/+$/, '');
  if (bare === '' || bare === '.') return ['**'];
  const rooted = anchored || bare.startsWith('**/') ? bare : `**/${bare}`;
  return [rooted, `${rooted}/**`];
}

function matcher(globs: string[]): (path: string) => boolean {
  try {
    // Leading '!' are taken off above: what is left is meant literally. `dot`: a hidden file that is indexed can be found.
    return picomatch(globs, { dot: true, nonegate: true });
  } catch (error) {
    throw new EngineError('bad-request', { request: 'filter', reason: String(error) }, { cause: error });
  }
}
