// Rows of finished batch jobs -> a file of JSON lines. Invariant: the file has its name only when it is whole. Cost: a row in
// memory at a time, about 16 KB a row on disk.
import { open, rename, rm } from 'node:fs/promises';
import { throwIfAborted } from './errors.ts';
import { markTaken } from './jobDisk.ts';
import type { JobRows } from '../protocol/engineApi.ts';
import { jobRows } from './jobResults.ts';
import { onDisk } from './store/durableFiles.ts';

const ROWS_A_READ = 500;

/** As {@link jobRows}; whoever has come to the end has taken the result. */
export async function handOutJobRows(
  storageFolder: string,
  id: string,
  start: number,
  count: number,
): Promise<JobRows> {
  const rows = await jobRows(storageFolder, id, start, count);
  if (rows.length < count) await markTaken(storageFolder, id).catch(() => undefined); // the rows are what counts
  return rows;
}

/** Throws `job-unknown`, `job-failed`, `storage-failed`, `cancelled`. */
export async function writeJobRows(
  storageFolder: string,
  ids: readonly string[],
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const temporary = `${file}.part`;
  const handle = await onDisk(file, () => open(temporary, 'w'));
  try {
    let before = 0;
    for (const id of ids) {
      for (let start = 0; ; start += ROWS_A_READ) {
        throwIfAborted(signal);
        const rows = await jobRows(storageFolder, id, start, ROWS_A_READ);
        const lines = rows.map(({ index, vector, parts, refused }) =>
          JSON.stringify({
            index: before + index,
            ...(vector && { embedding: Array.from(vector) }),
            ...(parts !== undefined && { parts }),
            ...(refused && { error: refused.code }),
          }),
        );
        if (lines.length > 0) await onDisk(file, () => handle.writeFile(`${lines.join('\n')}\n`));
        if (rows.length === ROWS_A_READ) continue;
        before += start + rows.length;
        break;
      }
    }
    await handle.close();
    await onDisk(file, () => rename(temporary, file));
    for (const id of ids) await markTaken(storageFolder, id).catch(() => undefined); // the rows are written
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
