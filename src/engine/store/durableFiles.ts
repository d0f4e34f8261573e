// Stage 4, the disk: every byte of the store goes through here. Invariant: a file appears under its name whole or not at all,
// and a failing call becomes `storage-failed` with the path and errno. Cost: one fsync a file, one a folder.
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { EngineError, errnoOf } from '../errors.ts';

/** What the store asks of `node:fs/promises`; tests pass one that fails. */
export type FileSystem = Pick<
  typeof fsPromises,
  'open' | 'readFile' | 'readdir' | 'rename' | 'unlink' | 'mkdir' | 'stat' | 'rm' | 'utimes'
>;

export const nodeFileSystem: FileSystem = fsPromises;

/** Windows refuses a rename for a moment while a virus scanner or an indexer has the target open. */
const BUSY_ON_WINDOWS: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);
const BUSY_RETRIES = 10;
const BUSY_PAUSE_MS = 50;

/** An error of the file system as `storage-failed`; an EngineError stays what it is. */
export function storageFailed(error: unknown, file: string): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError('storage-failed', { path: file, reason: errnoOf(error) ?? String(error) }, { cause: error });
}

/** Runs a file operation. Throws `storage-failed` naming `file`. */
export async function onDisk<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageFailed(error, file);
  }
}

/** A file's bytes, or undefined when there is none. */
export async function readIfThere(fs: FileSystem, file: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw storageFailed(error, file);
  }
}

/** Names in a folder, sorted; none when there is no such folder. */
export async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw storageFailed(error, folder);
  }
}

/** Writes beside the target, flushes, renames over it. The name itself survives a power cut only after {@link syncFolder}. */
export async function writeWhole(fs: FileSystem, file: string, parts: readonly Buffer[]): Promise<void> {
  const temporary = `${file}.tmp`;
  await onDisk(file, async () => {
    try {
      const handle = await fs.open(temporary, 'w');
      try {
        for (const part of parts) await handle.writeFile(part);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await renameOver(fs, temporary, file);
    } catch (error) {
      await fs.unlink(temporary).catch(() => undefined); // the first error is the one to tell; a sweep takes the rest
      throw error;
    }
  });
}

async function renameOver(fs: FileSystem, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      const busy = process.platform === 'win32' && BUSY_ON_WINDOWS.has(errnoOf(error));
      if (!busy || attempt > BUSY_RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

/** Flushes a folder's list of names. Windows has no such call and needs none. */
export async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await onDisk(folder, async () => {
    const handle = await fs.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

export async function removeIfThere(fs: FileSystem, file: string): Promise<void> {
  await onDisk(file, () => fs.rm(file, { force: true }));
}

/** Where damaged files go, below the space's folder. */
export const SET_ASIDE = 'set-aside';

/** Moves a damaged file out of the way under a name of its own; returns the new path. */
export async function setAside(fs: FileSystem, folder: string, name: string, nowMs: number): Promise<string> {
  const target = await asidePath(fs, folder, name, nowMs);
  await onDisk(target, () => renameOver(fs, path.join(folder, name), target));
  return target;
}

/** As {@link setAside} for a file that is still needed where it is. */
export async function copyAside(
  fs: FileSystem,
  folder: string,
  name: string,
  nowMs: number,
  bytes: Buffer,
): Promise<string> {
  const target = await asidePath(fs, folder, name, nowMs);
  await writeWhole(fs, target, [bytes]);
  return target;
}

async function asidePath(fs: FileSystem, folder: string, name: string, nowMs: number): Promise<string> {
  const target = path.join(folder, SET_ASIDE, `${name}.${nowMs.toString(36)}`);
  await onDisk(target, () => fs.mkdir(path.dirname(target), { recursive: true }));
  return target;
}

/** Bytes of all files below a folder; what vanishes meanwhile counts nothing. */
export async function bytesBelow(fs: FileSystem, folder: string): Promise<number> {
  let total = 0;
  for (const name of await namesIn(fs, folder)) {
    const file = path.join(folder, name);
    try {
      const stats = await fs.stat(file);
      total += stats.isDirectory() ? await bytesBelow(fs, file) : stats.size;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw storageFailed(error, file);
    }
  }
  return total;
}
