// Groups of duplicates that the user does not want to see, beside the indexes of all models. Invariant: the file is replaced as a whole;
// one that can't be understood counts as none and is written anew with the next change. Cost: one small file.
import path from 'node:path';
import { nodeFileSystem as fs, onDisk, readIfThere, writeWhole } from '../store/durableFiles.ts';

const FILE = 'ignored-duplicates.json';

export async function ignoredDuplicates(storageFolder: string): Promise<ReadonlySet<string>> {
  const bytes = await readIfThere(fs, path.join(storageFolder, FILE));
  return new Set(bytes ? idsIn(bytes) : []);
}

export async function ignoreDuplicates(storageFolder: string, ids: readonly string[], ignored: boolean): Promise<void> {
  const known = new Set(await ignoredDuplicates(storageFolder));
  for (const id of ids) {
    if (ignored) known.add(id);
    else known.delete(id);
  }
  const text = JSON.stringify({ version: 1, ids: [...known].sort() }, undefined, 1);
  await onDisk(storageFolder, () => fs.mkdir(storageFolder, { recursive: true }));
  await writeWhole(fs, path.join(storageFolder, FILE), [Buffer.from(text)]);
}

function idsIn(bytes: Buffer): string[] {
  try {
    const { ids } = JSON.parse(bytes.toString('utf8')) as { ids?: unknown };
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return []; // damaged: the groups are shown again
  }
}
