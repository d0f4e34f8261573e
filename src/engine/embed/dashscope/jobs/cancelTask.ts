// Stage 3, DashScope, batch jobs: the end that the user asked for. Invariant: what was cancelled in vain says so: the service
// cancels only what waits, and what runs is paid for. Cost: two requests.
import { RemoteFailure } from '../../remote/remoteFailure.ts';
import { findLostTask } from './findLostTask.ts';
import { hasEnded, STILL_RUNNING } from './jobRecord.ts';
import { pauseAfter, type JobFolder, type JobWork } from './runJob.ts';

const ATTEMPTS = 4;

/** Leaves the job ended. */
export async function cancelTask(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<void> {
  if (folder.record.state === 'submitting') await work.slots.exclusive(() => findLostTask(folder, work, signal));
  const { record } = folder;
  if (hasEnded(record)) return;
  const { taskId } = record;
  if (taskId === undefined) {
    await folder.write({ ...record, state: 'cancelled' });
    return;
  }
  for (let failures = 1; ; failures++) {
    try {
      await work.api.cancel(taskId, signal);
      await folder.write({ ...record, state: 'cancelled' });
      return;
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      if (error.facts.kind === 'refused') {
        // It runs or has ended: its result would still be fetched by going on with the job.
        await folder.write({ ...record, state: 'cancelled', reason: STILL_RUNNING });
        return;
      }
      await pauseAfter(error, failures, work, record, signal, failures < ATTEMPTS);
    }
  }
}
