// What the page's filter means to the engine. No `vscode` here.
import type { ChunkKind, SearchFilter } from '../engine/model.ts';
import type { KindGroup, Since, ViewFilter } from '../protocol/viewApi.ts';
import { parsePathsFilter } from './pathsFilter.ts';

const KINDS: Readonly<Record<KindGroup, readonly ChunkKind[]>> = {
  functions: ['function', 'method'],
  classes: ['class'],
  code: ['code', 'cell', 'lines'],
  text: ['section', 'paragraph'],
  rows: ['row'],
  snippets: ['snippet'],
  images: ['image'],
};

const DAYS: Readonly<Record<Since, number>> = { today: 0, week: 7, month: 30, year: 365 };

/** `today` begins at midnight here; the others are days before now. */
export function toSearchFilter({ paths, languageId, kind, since }: ViewFilter, now: Date): SearchFilter {
  const from = new Date(now);
  if (since === 'today') from.setHours(0, 0, 0, 0);
  else if (since !== '') from.setDate(from.getDate() - DAYS[since]);
  return {
    paths: parsePathsFilter(paths),
    ...(languageId !== '' && { languageIds: [languageId] }),
    ...(kind !== '' && { kinds: KINDS[kind] }),
    ...(since !== '' && { modifiedSinceMs: from.getTime() }),
  };
}
