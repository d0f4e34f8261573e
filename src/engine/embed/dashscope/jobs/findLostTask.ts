// Stage 3, DashScope, batch jobs: a submission whose answer was lost (a killed process, a broken connection) -> its task.
// Invariant: a job is submitted again only when the service's list shows that it never arrived, and takes over a task only when
// that can be no other's. Cost: a request a page of the list.
import { EngineError } from '../../../errors.ts';
import { RemoteFailure } from '../../remote/remoteFailure.ts';
import { pauseAfter, type JobFolder, type JobWork } from './runJob.ts';
import type { ListedTask } from './taskApi.ts';

/** The service's clock and ours differ by this at most; a request may be this long under way. */
const BEFORE_MS = 120_000;
const AFTER_MS = 300_000;
/** Tasks are listed for a day. */
const LISTED_MS = 24 * 3_600_000;

/** Leaves the job `submitted`, `uploaded` (it never arrived) or `failed` (nobody can tell). */
export async function findLostTask(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<void> {
  const { record } = folder;
  const { submittingAtMs = 0 } = record;
  if (work.clock.now() - submittingAtMs > LISTED_MS) {
    await folder.write({ ...record, state: 'expired', reason: 'submitted without an answer' });
    return;
  }
  const listed = await listTasks(folder, work, signal);
  const known = await work.knownTasks();
  const unknown = listed.filter(({ id }) => !known.has(id));
  const [task, ...others] = unknown;
  if (!task) await folder.write({ ...record, state: 'uploaded' });
  else if (others.length === 0) {
    await folder.write({
      ...record,
      state: 'submitted',
      taskId: task.id,
      submittedAtMs: task.startedMs,
      recovered: true,
    });
  } else {
    const reason = `submitted without an answer; ${unknown.length} tasks may be it`;
    await folder.write({ ...record, state: 'failed', reason });
    throw new EngineError('job-failed', { job: record.id, reason });
  }
}

async function listTasks({ record }: JobFolder, work: JobWork, signal: AbortSignal): Promise<ListedTask[]> {
  const { submittingAtMs = 0, model } = record;
  for (let failures = 1; ; failures++) {
    try {
      return await work.api.list(model, submittingAtMs - BEFORE_MS, submittingAtMs + AFTER_MS, signal);
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      await pauseAfter(error, failures, work, record, signal, true);
    }
  }
}
