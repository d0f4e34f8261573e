// Batch jobs on disk: `<storage>/jobs/<id>/` with job.json, the rows and, in the end, their vectors. Invariant: a folder without
// job.json is no job yet; files appear whole; one process at a time works on a job. Cost: two fsyncs a step.
import path from 'node:path';
import type { RowPlace } from './embed/dashscope/jobs/jobLines.ts';
import { hasEnded, parseRecord, type JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import { ROWS_FILE, type JobFolder } from './embed/dashscope/jobs/runJob.ts';
import { EngineError } from './errors.ts';
import {
  bytesBelow,
  namesIn,
  nodeFileSystem as fs,
  onDisk,
  readIfThere,
  removeIfThere,
  syncFolder,
  writeWhole,
} from './store/durableFiles.ts';
import { takeWriterLock, type WriterLock } from './store/writerLock.ts';

const RECORD_FILE = 'job.json';
const PLACES_FILE = 'rows.json';
const CANCEL_FILE = 'cancel';
const TAKEN_FILE = 'taken';

/** Which line of the job's file belongs to which row; `hashes`: of the rows' texts, for jobs of an index. */
export interface RowTable {
  readonly places: readonly RowPlace[];
  readonly hashes?: readonly string[];
}

export function jobFolder(storageFolder: string, id: string): string {
  return path.join(storageFolder, 'jobs', id);
}

/** Oldest first. */
export async function listRecords(storageFolder: string): Promise<JobRecord[]> {
  const ids = await namesIn(fs, path.join(storageFolder, 'jobs'));
  const records = await Promise.all(ids.map((id) => readRecord(storageFolder, id)));
  return records.flatMap((record) => record ?? []).sort((a, b) => a.createdAtMs - b.createdAtMs);
}

export async function readRecord(storageFolder: string, id: string): Promise<JobRecord | undefined> {
  if (!/^[0-9a-f]{6,64}$/.test(id)) return undefined; // it becomes a path
  const bytes = await readIfThere(fs, path.join(jobFolder(storageFolder, id), RECORD_FILE));
  const record = bytes && parseRecord(bytes.toString('utf8'));
  return record?.id === id ? record : undefined;
}

/** A new job, unless there is one; its record comes last. False: another process is about to make it. */
export async function createJob(
  storageFolder: string,
  record: JobRecord,
  lines: readonly string[],
  rows: RowTable | undefined,
): Promise<boolean> {
  const folder = jobFolder(storageFolder, record.id);
  await onDisk(folder, () => fs.mkdir(folder, { recursive: true }));
  const lock = await takeWriterLock(fs, folder);
  if ('pid' in lock) return (await readRecord(storageFolder, record.id)) !== undefined;
  try {
    if (await readRecord(storageFolder, record.id)) return true;
    await writeWhole(fs, path.join(folder, ROWS_FILE), portions(lines));
    if (rows) await writeWhole(fs, path.join(folder, PLACES_FILE), [Buffer.from(JSON.stringify(rows))]);
    await writeRecord(folder, record);
    return true;
  } finally {
    await lock.release();
  }
}

const LINES_A_WRITE = 1000;

function portions(lines: readonly string[]): Buffer[] {
  const buffers: Buffer[] = [];
  for (let start = 0; start < lines.length; start += LINES_A_WRITE) {
    buffers.push(Buffer.from(`${lines.slice(start, start + LINES_A_WRITE).join('\n')}\n`));
  }
  return buffers;
}

export async function readRows(storageFolder: string, id: string): Promise<RowTable | undefined> {
  const bytes = await readIfThere(fs, path.join(jobFolder(storageFolder, id), PLACES_FILE));
  return bytes && (JSON.parse(bytes.toString('utf8')) as RowTable);
}

export async function requestCancel(storageFolder: string, id: string): Promise<void> {
  await writeWhole(fs, path.join(jobFolder(storageFolder, id), CANCEL_FILE), []);
}

/** Its result was handed out as a whole: nobody is harmed when Prune removes the job. */
export async function markTaken(storageFolder: string, id: string): Promise<void> {
  await writeWhole(fs, path.join(jobFolder(storageFolder, id), TAKEN_FILE), []);
}

/** Jobs that need not be kept: they ended, and their result, if there is one, was taken. */
export async function spentJobs(storageFolder: string): Promise<{ readonly id: string; readonly bytes: number }[]> {
  const spent: { id: string; bytes: number }[] = [];
  for (const record of await listRecords(storageFolder)) {
    const folder = jobFolder(storageFolder, record.id);
    const isTaken = (await readIfThere(fs, path.join(folder, TAKEN_FILE))) !== undefined;
    if (hasEnded(record) && (isTaken || record.state !== 'done')) {
      spent.push({ id: record.id, bytes: await bytesBelow(fs, folder) });
    }
  }
  return spent;
}

export async function removeJob(storageFolder: string, id: string): Promise<void> {
  const folder = jobFolder(storageFolder, id);
  await removeIfThere(fs, path.join(folder, RECORD_FILE));
  await onDisk(folder, () => fs.rm(folder, { recursive: true, force: true }));
}

/** The job for this process alone until `release`, or who has it. Throws `job-unknown`. */
export async function lockJob(storageFolder: string, id: string): Promise<LockedJob | { readonly pid: number }> {
  if (!(await readRecord(storageFolder, id))) throw new EngineError('job-unknown', { job: id });
  const lock = await takeWriterLock(fs, jobFolder(storageFolder, id));
  if ('pid' in lock) return lock;
  const record = await readRecord(storageFolder, id);
  if (record) return new LockedJob(jobFolder(storageFolder, id), record, lock);
  await lock.release();
  throw new EngineError('job-unknown', { job: id });
}

export class LockedJob implements JobFolder {
  /** Called after each write. */
  onWrite: (record: JobRecord) => void = () => undefined;

  constructor(
    readonly path: string,
    private current: JobRecord,
    private readonly lock: WriterLock,
  ) {}

  get record(): JobRecord {
    return this.current;
  }

  async write(record: JobRecord): Promise<void> {
    await this.lock.assertOwned();
    await writeRecord(this.path, record);
    this.current = record;
    // A request to cancel concerns the job as it was.
    if (hasEnded(record)) await this.clearCancel();
    this.onWrite(record);
  }

  async clearCancel(): Promise<void> {
    await removeIfThere(fs, path.join(this.path, CANCEL_FILE));
  }

  async readFile(name: string): Promise<Buffer> {
    const file = path.join(this.path, name);
    return onDisk(file, () => fs.readFile(file));
  }

  async cancelRequested(): Promise<boolean> {
    return (await readIfThere(fs, path.join(this.path, CANCEL_FILE))) !== undefined;
  }

  async release(): Promise<void> {
    await this.lock.release();
  }
}

async function writeRecord(folder: string, record: JobRecord): Promise<void> {
  await writeWhole(fs, path.join(folder, RECORD_FILE), [Buffer.from(JSON.stringify(record))]);
  await syncFolder(fs, folder);
}
