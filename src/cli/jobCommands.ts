// Batch jobs from the terminal: embed --job and jobs. A command that is interrupted leaves its jobs to the service; the same
// command again goes on with them.
import path from 'node:path';
import type { JobInfo } from '../protocol/engineApi.ts';
import { FORMATS, refusedAnswer } from './catalogueCommands.ts';
import { agreeToJob } from './consent.ts';
import type { CommandContext } from './folderCommands.ts';

const ROWS_A_READ = 500;

/** As `embed`, one answer per line of the file. */
export async function embedByJob(context: CommandContext): Promise<void> {
  const { engine, args, signal, out, warn } = context;
  const [name = ''] = args.positionals;
  const isUrl = /^https?:\/\//i.test(name);
  const texts = {
    ...(isUrl ? { url: name } : { file: path.resolve(name) }),
    ...(args.model !== 'auto' && { model: args.model }),
  };
  const estimate = await engine.estimateJob(texts);
  if (estimate.jobs > 0) await agreeToJob(context, { ...estimate, isUrl });
  const jobs = await engine.submitJob(texts);
  if (process.stderr.isTTY) for (const job of jobs) warn(`job ${job.id}: ${job.state}`);
  await engine.waitForJobs({ ids: jobs.map(({ id }) => id) }, signal);
  const format = args.format ?? (args.json ? 'jsonl' : 'lines');
  if (format === 'csv') out('index,embedding,error');
  let before = 0;
  for (const { id } of jobs) before += await printRows(context, id, before, FORMATS[format]);
}

/** Resolves with the number of rows. */
async function printRows(
  { engine, out, warn }: CommandContext,
  id: string,
  before: number,
  format: (typeof FORMATS)['lines'],
): Promise<number> {
  for (let start = 0; ; start += ROWS_A_READ) {
    const rows = await engine.jobRows({ id, start, count: ROWS_A_READ });
    for (const { index, vector, parts, refused } of rows) {
      const place = before + index;
      if (parts !== undefined) warn(`line ${place + 1} is too long for the model: it was split into ${parts} parts`);
      const found = { ...(vector && { embedding: Array.from(vector) }), ...(parts !== undefined && { parts }) };
      out(format(place, refused ? refusedAnswer(refused) : found));
    }
    if (rows.length < ROWS_A_READ) return start + rows.length;
  }
}

export async function manageJobs(context: CommandContext): Promise<void> {
  const { engine, args, out } = context;
  const [act, id = ''] = args.positionals;
  const jobs = await engine.jobs();
  if (act === undefined) {
    if (jobs.length === 0 && !args.json) out('There are no batch jobs.');
    for (const job of jobs) print(context, job);
    return;
  }
  const job = jobs.find((each) => each.id === id);
  // The job says where it belongs; a host named by the user must be the same.
  if (job && args.baseUrl === undefined) await context.reconfigure({ baseUrl: job.baseUrl });
  print(context, act === 'cancel' ? await engine.cancelJob({ id }) : await resume(context, job, id));
}

/** Waits until the job is done. */
async function resume(context: CommandContext, job: JobInfo | undefined, id: string): Promise<JobInfo> {
  const { engine, signal } = context;
  if (job && !job.isSent) {
    const { baseUrl, model, rows = 0, tokens } = job;
    await agreeToJob(context, { origin: new URL(baseUrl).origin, model, rows, tokens, isUrl: job.rows === undefined });
  }
  const resumed = await engine.resumeJob({ id });
  const [done] = await engine.waitForJobs({ ids: [id] }, signal);
  return done ?? resumed;
}

function print({ args, out, warn }: CommandContext, job: JobInfo): void {
  const { id, taskId = null, model, state, rows = null, submittedAtMs, reason } = job;
  const submittedAt = submittedAtMs === undefined ? null : new Date(submittedAtMs).toISOString();
  const why = reason === undefined ? {} : { reason };
  if (args.json) out(JSON.stringify({ id, taskId, model, state, rows, submittedAt, ...why }));
  else out([id, state.padEnd(10), model, `${rows ?? '?'} rows`, submittedAt ?? '', reason ?? ''].join('  ').trimEnd());
  if (reason === 'still-running')
    warn('The service no longer cancels this task: it runs on and is paid for. "jobs resume" fetches its result.');
}
