// What an indexing run did, as a sentence. No `vscode` at run time.
import type { IndexSummary } from '../protocol/engineApi.ts';
import type { L10n } from './errorMessages.ts';

export function summaryText(l10n: L10n, summary: IndexSummary): string {
  const { documents, embedded, reused, failed } = summary;
  const done =
    embedded === 0
      ? l10n.t('Nothing new to embed. Documents in the index: {0}.', documents)
      : l10n.t('Chunks embedded: {0}, unchanged: {1}. Documents in the index: {2}.', embedded, reused, documents);
  return failed.length === 0 ? done : `${done} ${l10n.t('{0} failed.', failed.length)}`;
}
