// What is known of the index while the engine that came back has not opened it yet. No `vscode` here.
import type { EngineStatus } from '../protocol/engineApi.ts';

/**
 * The status to show. A fresh engine tells of no index until it opens one, though there is the one that the engine before it
 * (`before`: the status shown last) told of: the sidebar must not say "not indexed" meanwhile.
 */
export function knownStatus(status: EngineStatus, before: EngineStatus | undefined): EngineStatus {
  if (status.space || !before?.space || status.modelSetting !== before.modelSetting) return status;
  const { space, documents, chunks, bytes, coverage, languages } = before;
  return { ...status, space, documents, chunks, bytes, coverage, languages };
}
