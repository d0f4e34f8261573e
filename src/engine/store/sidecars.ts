// Stage 4, sidecars: files beside the shards that others make of the index and could make again. Invariant: whole or absent; nothing
// of the index depends on one, so one that is stale or damaged is for its owner to tell. Cost: their bytes.
import path from 'node:path';
import { type FileSystem, namesIn, readIfThere, removeIfThere, syncFolder, writeWhole } from './durableFiles.ts';

const ENDING = '.sidecar';

/** Undefined when there is none. Throws `storage-failed`. */
export function readSidecar(fs: FileSystem, folder: string, name: string): Promise<Buffer | undefined> {
  return readIfThere(fs, path.join(folder, name + ENDING));
}

/** Throws `storage-failed`; the older one then stays. */
export async function writeSidecar(
  fs: FileSystem,
  folder: string,
  name: string,
  parts: readonly Buffer[],
): Promise<void> {
  await writeWhole(fs, path.join(folder, name + ENDING), parts);
  await syncFolder(fs, folder);
}

/** Throws `storage-failed`. */
export async function removeSidecars(fs: FileSystem, folder: string): Promise<void> {
  for (const name of await namesIn(fs, folder)) {
    if (name.endsWith(ENDING)) await removeIfThere(fs, path.join(folder, name));
  }
}

/** Whether a writer that was killed left this file. */
export function isHalfSidecar(name: string): boolean {
  return name.endsWith(`${ENDING}.tmp`);
}
