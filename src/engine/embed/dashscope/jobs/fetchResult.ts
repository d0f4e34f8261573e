// Stage 3, DashScope, batch jobs: a task's result -> the job's file of vectors. Invariant: the result's address is signed by
// itself, so no key goes there. Cost: the download, streamed.
import { badAnswer } from '../../remote/readVectors.ts';
import { RemoteFailure } from '../../remote/remoteFailure.ts';
import { readResult } from './resultLines.ts';
import type { JobWork } from './runJob.ts';
import { storeResult, type StoredResult } from './storeResult.ts';
import type { TaskReport } from './taskApi.ts';

/** Throws {@link RemoteFailure}. */
export async function fetchResult(
  { api, dimension }: JobWork,
  { resultUrl }: TaskReport,
  file: string,
  lines: number | undefined,
  signal: AbortSignal,
): Promise<StoredResult> {
  if (resultUrl === undefined) throw badAnswer('a task that succeeded without a result');
  const stored = await api.http.download(
    resultUrl,
    (body) => storeResult(readResult(body), file, dimension, lines),
    signal,
  );
  if ('status' in stored) {
    throw new RemoteFailure({ kind: 'server', status: stored.status, reason: `result HTTP ${stored.status}` });
  }
  return stored;
}
