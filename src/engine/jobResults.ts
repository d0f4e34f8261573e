// What finished batch jobs made, read from their folders. Invariant: reading needs neither a key nor the service. Cost: a read a row.
import path from 'node:path';
import type { JobRows } from '../protocol/engineApi.ts';
import { findDashScopeModel } from './embed/dashscope/catalogue.ts';
import { JobVectors } from './embed/dashscope/jobs/jobVectors.ts';
import type { JobRecord } from './embed/dashscope/jobs/jobRecord.ts';
import { VECTORS_FILE } from './embed/dashscope/jobs/runJob.ts';
import { EngineError } from './errors.ts';
import { jobFolder, readRecord, readRows } from './jobDisk.ts';

/** Rows `start`, `start + 1` ... of a job that is done. Throws `job-unknown`, `job-failed`. */
export async function jobRows(storageFolder: string, id: string, start: number, count: number): Promise<JobRows> {
  const { rows = 0 } = await doneRecord(storageFolder, id);
  const vectors = await openJobVectors(storageFolder, id);
  try {
    return Array.from({ length: Math.max(0, Math.min(count, rows - start)) }, (_, i) => {
      const index = start + i;
      const { vector, parts } = vectors.row(index);
      if (vector instanceof EngineError) return { index, refused: { code: vector.code, details: vector.details } };
      return { index, vector, ...(parts > 1 && { parts }) };
    });
  } finally {
    vectors.close();
  }
}

/** To be closed. Throws `job-unknown`, `job-failed`. */
export async function openJobVectors(storageFolder: string, id: string): Promise<JobVectors> {
  const { model, refused = {} } = await doneRecord(storageFolder, id);
  const dimension = findDashScopeModel(model)?.defaultDimension;
  if (dimension === undefined) throw new EngineError('unknown-model', { model, known: '' });
  const table = await readRows(storageFolder, id);
  return new JobVectors(path.join(jobFolder(storageFolder, id), VECTORS_FILE), dimension, table?.places, refused);
}

/** Text hashes of a job's rows; none for a job that is of no index. */
export async function jobHashes(storageFolder: string, id: string): Promise<readonly string[]> {
  return (await readRows(storageFolder, id))?.hashes ?? [];
}

async function doneRecord(storageFolder: string, id: string): Promise<JobRecord> {
  const record = await readRecord(storageFolder, id);
  if (!record) throw new EngineError('job-unknown', { job: id });
  if (record.state !== 'done') throw new EngineError('job-failed', { job: id, reason: record.state });
  return record;
}
