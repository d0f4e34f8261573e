import * as vscode from 'vscode';
import { isCancelled } from '../../engine/errors.ts';
import type { JobTexts } from '../../protocol/engineApi.ts';
import type { FollowedJobs } from '../followedJobs.ts';
import { HostError, problemOf, type ProblemCode } from '../problems.ts';
import { tell, tellProblem, tellWithActions } from '../notify.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../world.ts';
import { openJobResult } from './openJobResult.ts';

/** Gives the lines of a file to DashScope as batch jobs. They go on without this window, and with the next one. */
export async function embedByJob(services: Services, clicked?: unknown): Promise<void> {
  requireTrust(services.world());
  const file = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  if (!file) throw new HostError('no-editor');
  if (file.scheme !== 'file') throw new HostError('not-saved', { path: vscode.workspace.asRelativePath(file) });
  const { model, provider } = services.configuration.settings;
  if (provider !== 'dashscope') throw new HostError('no-batch-jobs');
  const texts: JobTexts = { file: file.fsPath, ...(model.includes('-async-') && { model }) };
  await services.sending.permit({ job: texts });
  const jobs = await services.engine.request('submitJob', texts);
  const rows = jobs.reduce((sum, job) => sum + (job.rows ?? 0), 0);
  const followed = { ids: jobs.map(({ id }) => id), rows, file: file.fsPath };
  await services.jobs.add(followed);
  tell(vscode.l10n.t('{0} lines go to {1} as a batch job.', rows, jobs[0]?.model ?? ''), 'showJobs');
  void follow(services, followed);
}

/** Jobs that an earlier window left: their end is still to be told. Starts the engine where there are some. */
export async function followLeftJobs(services: Services): Promise<void> {
  if (!services.world().trusted || services.sending.endpoint?.provider !== 'dashscope') return;
  await Promise.all(services.jobs.list().map((jobs) => follow(services, jobs)));
}

/** Tells how jobs end. A window that is closed meanwhile leaves that to the next one. */
async function follow(services: Services, jobs: FollowedJobs): Promise<void> {
  const { ids, rows, file } = jobs;
  try {
    await waitFor(services, ids);
    await services.jobs.remove(jobs);
    tellWithActions(vscode.l10n.t('The batch job is done: {0} lines.', rows), [
      { title: vscode.l10n.t('Open Result'), act: () => openJobResult(services, ids, vscode.Uri.file(file)) },
    ]);
  } catch (error) {
    const problem = problemOf(error);
    services.log.warn(`embedByJob: ${String(error)}`);
    if (problem.code === 'cancelled') return;
    if (ENDED.has(problem.code)) await services.jobs.remove(jobs);
    if (problem.details['reason'] !== 'cancelled') tellProblem(problem);
  }
}

/** A change of settings ends the waiting, but not the jobs. Throws what the engine throws. */
async function waitFor({ engine }: Services, ids: readonly string[]): Promise<void> {
  for (;;) {
    try {
      await engine.request('waitForJobs', { ids });
      return;
    } catch (error) {
      if (!isCancelled(error)) throw error;
      const jobs = await engine.request('jobs', undefined);
      if (!jobs.some(({ id, isActive }) => isActive && ids.includes(id))) throw error;
    }
  }
}

/** Nothing more comes of such jobs by themselves. */
const ENDED: ReadonlySet<ProblemCode> = new Set(['job-failed', 'job-expired', 'job-unknown']);
