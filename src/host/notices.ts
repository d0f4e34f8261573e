// What happened by itself, as sentences for the sidebar. No `vscode` at run time.
import type { EngineStatus } from '../protocol/engineApi.ts';
import type { L10n } from './errorMessages.ts';

/** What opening the index mended or, for a window that only reads, missed; or undefined. */
export function mendedNotice(l10n: L10n, mended: EngineStatus['mended'], readOnly: boolean): string | undefined {
  if (!mended) return undefined;
  const { lostDocuments, setAside } = mended;
  if (lostDocuments === 0 && setAside.length === 0) return undefined;
  if (readOnly)
    return l10n.t('A part of the index can’t be read. Documents that are missing here: {0}.', lostDocuments);
  return setAside.length === 0
    ? l10n.t('A part of the index could not be read. Documents that are embedded again: {0}.', lostDocuments)
    : l10n.t(
        'A part of the index was damaged and was set aside. Files: {0}. Documents that are embedded again: {1}.',
        setAside.length,
        lostDocuments,
      );
}

/** That the engine died; `indexing`: a run was under way. */
export function crashNotice(l10n: L10n, returns: boolean, indexing: boolean): string {
  if (!returns) return l10n.t('Vectorscope’s engine ended several times and was not started again.');
  return indexing
    ? l10n.t('The engine ended unexpectedly and was started again. Indexing goes on where it was.')
    : l10n.t('The engine ended unexpectedly and was started again.');
}
