// Stage 3, DashScope, batch jobs: a job from where it stands to its end. Invariant: each step is on disk before the next one
// begins, so that a process that ends anywhere goes on from there; a task that is known is never submitted again. Cost: an upload,
// a poll every few seconds, a download.
import path from 'node:path';
import { EngineError, isEngineError, throwIfAborted } from '../../../errors.ts';
import { engineErrorOf, RemoteFailure, type FailureKind } from '../../remote/remoteFailure.ts';
import { cancelTask } from './cancelTask.ts';
import { fetchResult } from './fetchResult.ts';
import { failureDelayMs, pollDelayMs, type JobClock } from './jobClock.ts';
import { hasEnded, type JobRecord } from './jobRecord.ts';
import type { JobSlots } from './jobSlots.ts';
import { uploadFile } from './ossUpload.ts';
import { findLostTask } from './findLostTask.ts';
import type { StoredResult } from './storeResult.ts';
import type { TaskApi, TaskReport } from './taskApi.ts';

export const ROWS_FILE = 'rows.txt';
export const VECTORS_FILE = 'vectors.f32';

/** A job's folder, locked for this process. */
export interface JobFolder {
  readonly path: string;
  /** The record as it was last written. */
  readonly record: JobRecord;
  /** On disk when it resolves. Throws `storage-failed`, `index-locked` when another process took over. */
  write(record: JobRecord): Promise<void>;
  readFile(name: string): Promise<Buffer>;
  /** Another process asks for the end of the job. */
  cancelRequested(): Promise<boolean>;
}

export interface JobWork {
  readonly api: TaskApi;
  readonly clock: JobClock;
  readonly slots: JobSlots;
  readonly dimension: number;
  /** Before rows leave the machine. Throws `consent-needed`, `budget-reached`, `key-missing`. */
  readonly permit: (record: JobRecord) => void;
  /** What the service counted; kept on disk when it resolves. */
  readonly spend: (tokens: number) => Promise<void>;
  /** Ids of tasks that other jobs have. */
  readonly knownTasks: () => Promise<ReadonlySet<string>>;
  readonly onLink: (link: 'ok' | 'limited' | 'offline') => void;
}

/** Uploaded files are kept for 48 hours. */
const UPLOAD_KEPT_MS = 47 * 3_600_000;
/** Failures of one step in a row before it is given up; a poll is never given up. */
const ATTEMPTS = 6;

/**
 * Resolves with the ended record (done, failed, cancelled, expired); throws what another try may cure or the user must: `cancelled`
 * (the signal fired; the job stays), `consent-needed`, `key-refused`, `network-failed` ...
 */
export async function runJob(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<JobRecord> {
  const isAlive = ['submitted', 'running'].includes(folder.record.state);
  let leave = isAlive ? work.slots.occupy() : undefined;
  try {
    while (!hasEnded(folder.record)) {
      throwIfAborted(signal);
      if (await folder.cancelRequested()) await cancelTask(folder, work, signal);
      else if (folder.record.state === 'prepared') await upload(folder, work, signal);
      else if (folder.record.state === 'uploaded') {
        leave ??= await work.slots.enter(signal).catch(() => {
          throw new EngineError('cancelled');
        });
        await work.slots.exclusive(() => submit(folder, work, signal));
      } else if (folder.record.state === 'submitting') {
        await work.slots.exclusive(() => findLostTask(folder, work, signal));
      } else if (folder.record.state === 'fetched') await folder.write({ ...folder.record, state: 'done' });
      else await waitForTask(folder, work, signal);
    }
    return folder.record;
  } finally {
    leave?.();
  }
}

async function upload(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<void> {
  const { record } = folder;
  work.permit(record);
  if (record.url !== undefined) {
    await folder.write({ ...record, state: 'uploaded' });
    return;
  }
  const bytes = await folder.readFile(ROWS_FILE);
  const ossUrl = await persist(work, record, signal, () => uploadFile(work.api, record.model, bytes, signal));
  await folder.write({ ...record, state: 'uploaded', ossUrl, uploadedAtMs: work.clock.now() });
}

async function submit(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<void> {
  const { api, clock, slots } = work;
  const { record } = folder;
  const { url, ossUrl, uploadedAtMs = 0 } = record;
  const address = url ?? ossUrl;
  if (address === undefined || (url === undefined && clock.now() - uploadedAtMs > UPLOAD_KEPT_MS)) {
    await folder.write({ ...record, state: 'prepared' });
    return;
  }
  work.permit(record);
  for (let failures = 0; ;) {
    await slots.pace(clock, signal);
    await folder.write({ ...record, state: 'submitting', submittingAtMs: clock.now() });
    try {
      const taskId = await api.submit(record.model, address, signal);
      await folder.write({ ...folder.record, state: 'submitted', taskId, submittedAtMs: clock.now() });
      work.onLink('ok');
      return;
    } catch (error) {
      // Stopped or without an answer: the service may have taken it. The list of tasks tells.
      if (!(error instanceof RemoteFailure)) throw error;
      const { kind, status } = error.facts;
      const isRefused =
        kind !== 'network' && kind !== 'answer' && !(kind === 'server' && [0, 502, 504].includes(status));
      if (!isRefused) return;
      await folder.write(record);
      failures = kind === 'rate' ? failures : failures + 1; // a full queue empties by itself
      await pauseAfter(error, Math.max(1, failures), work, record, signal, failures < ATTEMPTS);
    }
  }
}

async function waitForTask(folder: JobFolder, work: JobWork, signal: AbortSignal): Promise<void> {
  const { api, clock } = work;
  const { taskId = '', submittedAtMs = clock.now() } = folder.record;
  let failures = 0;
  for (let polls = 0; ; polls++) {
    await clock.sleep(pollDelayMs(polls, clock.now() - submittedAtMs), signal);
    if (await folder.cancelRequested()) return;
    let report: TaskReport;
    try {
      report = await api.poll(taskId, signal);
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      await pauseAfter(error, ++failures, work, folder.record, signal, true);
      continue;
    }
    failures = 0;
    work.onLink('ok');
    switch (report.status) {
      case 'PENDING':
        break;
      case 'SUSPENDED':
      case 'RUNNING':
        if (folder.record.state !== 'running') await folder.write({ ...folder.record, state: 'running' });
        break;
      case 'SUCCEEDED':
        await fetchAndStore(folder, work, report, signal);
        return;
      case 'FAILED':
        await folder.write({ ...folder.record, state: 'failed', reason: report.code ?? 'FAILED' });
        return;
      case 'CANCELED':
        await folder.write({ ...folder.record, state: 'cancelled' });
        return;
      case 'UNKNOWN':
        await folder.write({ ...folder.record, state: 'expired', reason: 'UNKNOWN' });
        return;
    }
  }
}

async function fetchAndStore(folder: JobFolder, work: JobWork, report: TaskReport, signal: AbortSignal): Promise<void> {
  const { record } = folder;
  if (!mayBeOurs(record, report)) {
    await folder.write({ ...record, state: 'failed', reason: FOREIGN });
    return;
  }
  const file = path.join(folder.path, VECTORS_FILE);
  let stored: StoredResult;
  try {
    stored = await persist(work, record, signal, () => fetchResult(work, report, file, record.lines, signal));
  } catch (error) {
    if (record.recovered !== true || !isEngineError(error, 'bad-answer')) throw error;
    await folder.write({ ...record, state: 'failed', reason: FOREIGN });
    return;
  }
  const usedTokens = report.tokens ?? record.tokens;
  // A process that ends between these two counts the job twice: rather too much in the ledger than too little.
  await work.spend(usedTokens);
  const { lines, refused } = stored;
  await folder.write({
    ...record,
    state: 'fetched',
    usedTokens,
    lines,
    rows: record.rows ?? lines,
    doneAtMs: work.clock.now(),
    ...(Object.keys(refused).length > 0 && { refused }),
  });
}

/** A task that was found in the list, and turned out to be of other rows: somebody else's with the same key. */
const FOREIGN = 'its task was not found';
/** The estimate is an upper one; no tokenizer counts a twentieth of it. */
const LEAST_SHARE = 1 / 20;

function mayBeOurs({ recovered, url, tokens }: JobRecord, { tokens: counted }: TaskReport): boolean {
  if (recovered !== true || url !== undefined || counted === undefined) return true;
  return counted <= tokens && counted >= tokens * LEAST_SHARE;
}

/** A step again and again while waiting helps. */
async function persist<T>(work: JobWork, record: JobRecord, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
      // What the service has made waits there: for it a lost network is waited out.
      const isWaitedFor = error.facts.kind === 'network' && record.taskId !== undefined;
      await pauseAfter(error, failures, work, record, signal, isWaitedFor || failures < ATTEMPTS);
    }
  }
}

const PASSING: ReadonlySet<FailureKind> = new Set(['rate', 'server', 'network', 'answer']);

/** Waits where that helps, else throws the failure as the engine's error. */
export async function pauseAfter(
  failure: RemoteFailure,
  failures: number,
  { clock, onLink }: JobWork,
  { baseUrl, model }: JobRecord,
  signal: AbortSignal,
  mayGoOn: boolean,
): Promise<void> {
  const { kind, retryAfterMs } = failure.facts;
  if (!mayGoOn || !PASSING.has(kind)) throw engineErrorOf(failure, new URL(baseUrl).origin, model);
  if (kind === 'rate') onLink('limited');
  if (kind === 'network') onLink('offline');
  await clock.sleep(failureDelayMs(failures, retryAfterMs), signal);
}
