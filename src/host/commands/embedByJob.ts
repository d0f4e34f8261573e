import * as vscode from 'vscode';
import type { JobTexts } from '../../protocol/engineApi.ts';
import { HostError, problemOf } from '../problems.ts';
import { tell, tellProblem, tellWithAction } from '../notify.ts';
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
  const ids = jobs.map(({ id }) => id);
  tell(vscode.l10n.t('{0} lines go to {1} as a batch job.', rows, jobs[0]?.model ?? ''), 'showJobs');
  void services.engine.request('waitForJobs', { ids }).then(
    () =>
      tellWithAction(vscode.l10n.t('The batch job is done: {0} lines.', rows), vscode.l10n.t('Open Result'), () =>
        openJobResult(services, ids, file),
      ),
    (error: unknown) => {
      const problem = problemOf(error);
      services.log.warn(`embedByJob: ${String(error)}`);
      if (problem.code !== 'cancelled' && problem.details['reason'] !== 'cancelled') tellProblem(problem);
    },
  );
}
