// Batch jobs of one storage folder: made, worked on, listed, cancelled. Invariant: the same rows are the same job, whoever
// asks and how often; a job that is under way goes on in one process. Cost: nothing until there is a job.
import type { JobEstimate, JobInfo, JobTexts } from '../protocol/engineApi.ts';
import { findDashScopeModel } from './embed/dashscope/catalogue.ts';
import { machineClock, type JobClock } from './embed/dashscope/jobs/jobClock.ts';
import { hasEnded, isSent, reopened, type JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import { runJob } from './embed/dashscope/jobs/runJob.ts';
import { EngineError, isCancelled, toEngineError } from './errors.ts';
import { createJob, listRecords, lockJob, readRecord, removeJob, requestCancel } from './jobDisk.ts';
import { draftJobs, type JobDraft } from './jobDrafts.ts';
import { jobInfo } from './jobInfo.ts';
import { JobLink } from './jobLink.ts';
import { jobHashes } from './jobResults.ts';
import type { RemoteContext } from './remoteContext.ts';

export interface JobBoardOptions {
  readonly storageFolder: string;
  /** Undefined: jobs can be listed and read. */
  readonly remote: RemoteContext | undefined;
  readonly changed: () => void;
  readonly clock?: JobClock;
}

interface Working {
  readonly abort: AbortController;
  readonly result: Promise<JobRecord>;
}

/** Another process works on a job: looked at this often. */
const LOOK_EVERY_MS = 1000;
/** Results of jobs that nobody asked for again. */
const KEPT_MS = 30 * 24 * 3_600_000;

export class JobBoard {
  private readonly working = new Map<string, Working>();
  /** Jobs that this process works on, as they were last written. */
  private readonly current = new Map<string, JobRecord>();
  private readonly problems = new Map<string, EngineError>();
  private readonly clock: JobClock;
  private link: JobLink | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly options: JobBoardOptions) {
    this.clock = options.clock ?? machineClock;
  }

  /** Of this process, for the status. */
  get active(): { jobs: number; rows: number } | undefined {
    const records = [...this.current.values()].filter((record) => !hasEnded(record) && this.working.has(record.id));
    if (records.length === 0) return undefined;
    return { jobs: records.length, rows: records.reduce((sum, { rows = 0 }) => sum + rows, 0) };
  }

  async list(): Promise<JobInfo[]> {
    return (await listRecords(this.options.storageFolder)).map((record) => this.info(record));
  }

  /** What `submit` would send. Sends nothing. */
  async estimate(texts: JobTexts): Promise<JobEstimate> {
    const drafts = await this.drafts(texts);
    const found = await Promise.all(drafts.map(({ record }) => readRecord(this.options.storageFolder, record.id)));
    const missing = drafts.filter((_, i) => {
      const record = found[i];
      return !record || !isSent(record);
    });
    const sum = (of: (record: JobRecord) => number): number => missing.reduce((n, { record }) => n + of(record), 0);
    const [{ record: first } = { record: undefined }] = drafts;
    const price = first && findDashScopeModel(first.model)?.pricePer1kTokens;
    const tokens = sum((record) => record.tokens);
    return {
      origin: first ? new URL(first.baseUrl).origin : '',
      model: first?.model ?? '',
      jobs: missing.length,
      rows: sum((record) => record.rows ?? 0),
      tokens,
      ...(price !== undefined && { amount: (tokens / 1000) * price }),
      known: found.flatMap((record) => (record ? [this.info(record)] : [])),
    };
  }

  /**
   * Jobs of these rows, in their order, under way or done: those that are known go on, those that ended without a result begin
   * again, the others are made. Throws `not-supported`, `unknown-model`, `consent-needed`, `key-missing`, `budget-reached`.
   */
  async submit(texts: JobTexts): Promise<JobInfo[]> {
    const { storageFolder } = this.options;
    const drafts = await this.drafts(texts);
    const infos: JobInfo[] = [];
    for (const { record: draft, lines, rows } of drafts) {
      const known = await readRecord(storageFolder, draft.id);
      if (!known) {
        this.linkNow().permit(draft, this.pendingTokens(draft.id));
        while (!(await createJob(storageFolder, draft, lines, rows))) {
          await this.clock.sleep(LOOK_EVERY_MS, this.closing.signal);
        }
      }
      const record = known && hasEnded(known) && known.state !== 'done' ? await this.reopen(known) : (known ?? draft);
      if (record.state !== 'done') void this.start(record);
      infos.push(this.info(record));
    }
    return infos;
  }

  /** Goes on with a job, from the start where the service has no task of it any more. */
  async resume(id: string): Promise<JobInfo> {
    const known = await this.known(id);
    const record = hasEnded(known) ? await this.reopen(known) : known;
    if (record.state !== 'done') void this.start(record);
    return this.info(record);
  }

  /** Resolves when the jobs are done. Throws `job-failed`, `job-expired`, and what stops the work on one. */
  async wait(ids: readonly string[], signal?: AbortSignal): Promise<JobInfo[]> {
    const all = ids.map(async (id) => {
      const known = await this.known(id);
      const record = hasEnded(known) ? known : await this.start(known);
      const { state, reason = state } = record;
      if (state === 'expired') throw new EngineError('job-expired', { job: id });
      if (state !== 'done') throw new EngineError('job-failed', { job: id, reason });
      return this.info(record);
    });
    const stopped = signal && whenAborted(signal);
    try {
      return await (stopped ? Promise.race([Promise.all(all), stopped.promise]) : Promise.all(all));
    } finally {
      stopped?.forget();
      for (const one of all) one.catch(() => undefined); // the first failure is told
    }
  }

  /** Ends a job: at the service while it waits there; one that runs goes on there and its result is not fetched. */
  async cancel(id: string): Promise<JobInfo> {
    const known = await this.known(id);
    if (hasEnded(known)) return this.info(known);
    if (known.taskId !== undefined || known.state === 'submitting') this.linkNow().requireKey();
    await requestCancel(this.options.storageFolder, id);
    const working = this.working.get(id);
    working?.abort.abort();
    await working?.result.catch(() => undefined);
    return this.info(await this.start(known));
  }

  /** Goes on with what an earlier process left, as far as it belongs to the configured endpoint; forgets what is old. */
  async resumeAll(): Promise<void> {
    const link = this.options.remote && this.linkNow();
    for (const record of await listRecords(this.options.storageFolder)) {
      if (hasEnded(record)) {
        const age = this.clock.now() - (record.doneAtMs ?? record.createdAtMs);
        if (age > KEPT_MS) await removeJob(this.options.storageFolder, record.id);
      } else if (link?.mayWorkOn(record) === true) void this.start(record);
    }
  }

  /** Goes on with the jobs of an index that hold any of these texts, by their hashes. */
  async takeUp(model: string, hashes: Iterable<string>): Promise<Map<string, { readonly hashes: readonly string[] }>> {
    const wanted = new Set(hashes);
    const found = new Map<string, { readonly hashes: readonly string[] }>();
    const link = this.linkNow();
    for (const record of await listRecords(this.options.storageFolder)) {
      const isOver = hasEnded(record) && record.state !== 'done';
      if (record.purpose !== 'index' || record.model !== model || record.baseUrl !== link.baseUrl || isOver) continue;
      const own = await jobHashes(this.options.storageFolder, record.id);
      if (!own.some((hash) => wanted.has(hash))) continue;
      found.set(record.id, { hashes: own });
      if (record.state !== 'done') void this.start(record);
    }
    return found;
  }

  /** A job whose rows are stored elsewhere by now. */
  async forget(id: string): Promise<void> {
    if (!this.working.has(id)) await removeJob(this.options.storageFolder, id);
  }

  /** Leaves jobs under way to the service and to the next process. */
  async close(): Promise<void> {
    this.closing.abort();
    const all = [...this.working.values()];
    for (const { abort } of all) abort.abort();
    await Promise.all(all.map(({ result }) => result.catch(() => undefined)));
    await this.link?.close();
  }

  // ---- the work -----------------------------------------------------------------------------------------------------

  private start(record: JobRecord): Promise<JobRecord> {
    const known = this.working.get(record.id);
    if (known) return known.result;
    const abort = new AbortController();
    if (this.closing.signal.aborted) abort.abort();
    this.problems.delete(record.id);
    const result = this.work(record.id, abort.signal)
      .catch((error: unknown) => {
        if (!isCancelled(error)) this.problems.set(record.id, toEngineError(error));
        throw error;
      })
      .finally(() => {
        this.working.delete(record.id);
        this.options.changed();
      });
    result.catch(() => undefined); // `wait` and the list tell
    this.working.set(record.id, { abort, result });
    this.current.set(record.id, record);
    this.options.changed();
    return result;
  }

  private async work(id: string, signal: AbortSignal): Promise<JobRecord> {
    const { storageFolder, changed } = this.options;
    for (;;) {
      const job = await lockJob(storageFolder, id);
      if ('pid' in job) {
        const record = await this.known(id);
        if (hasEnded(record)) return record;
        await this.clock.sleep(LOOK_EVERY_MS, signal);
        continue;
      }
      try {
        job.onWrite = (record) => {
          this.current.set(id, record);
          changed();
        };
        this.current.set(id, job.record);
        if (hasEnded(job.record)) return job.record;
        const link = this.linkNow();
        link.requireOrigin(job.record);
        return await runJob(job, link.work(job.record, this.clock, () => this.pendingTokens(id), () => this.taskIds()), signal); // prettier-ignore
      } finally {
        await job.release();
      }
    }
  }

  private async reopen(record: JobRecord): Promise<JobRecord> {
    const job = await lockJob(this.options.storageFolder, record.id);
    if ('pid' in job) return record; // who has it has begun again
    try {
      const next = reopened(job.record);
      if (!isSent(next)) this.linkNow().permit(next, this.pendingTokens(record.id));
      await job.clearCancel();
      if (next !== job.record) await job.write(next);
      return next;
    } finally {
      await job.release();
    }
  }

  private async known(id: string): Promise<JobRecord> {
    const record = await readRecord(this.options.storageFolder, id);
    if (!record) throw new EngineError('job-unknown', { job: id });
    return record;
  }

  private async taskIds(): Promise<ReadonlySet<string>> {
    const records = await listRecords(this.options.storageFolder);
    return new Set(records.flatMap(({ taskId }) => taskId ?? []));
  }

  /** Of the other jobs under way: not in the ledger yet. */
  private pendingTokens(besides: string): number {
    const others = [...this.current.values()].filter(
      (record) => record.id !== besides && !hasEnded(record) && isSent(record),
    );
    return others.reduce((sum, { tokens }) => sum + tokens, 0);
  }

  private drafts(texts: JobTexts): Promise<JobDraft[]> {
    return draftJobs(texts, this.linkNow().baseUrl, this.clock.now());
  }

  private linkNow(): JobLink {
    const { remote } = this.options;
    if (remote?.options.config.provider !== 'dashscope')
      throw new EngineError('not-supported', { model: remote?.options.config.provider ?? 'local', feature: 'batch' });
    this.link ??= new JobLink(remote);
    return this.link;
  }

  private info(record: JobRecord): JobInfo {
    return jobInfo(record, this.working.has(record.id), this.problems.get(record.id));
  }
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new EngineError('cancelled'));
    forget = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  promise.catch(() => undefined);
  return { promise, forget };
}
