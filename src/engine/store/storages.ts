// Stage 4, storage folders: a workspace has one, and below it one for each of several opened folders, so that each has an index of
// its own. Invariant: a folder under its name has the same place in every version. Cost: one list of names.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { type FileSystem, namesIn, nodeFileSystem } from './durableFiles.ts';

const FOLDERS = 'folders';

/** An opened folder, absolute, and what the paths of its documents begin with: its name in the workspace and '/'. */
export interface OpenedFolder {
  readonly folder: string;
  readonly prefix: string;
}

interface Workspace {
  readonly storageFolder: string;
  readonly roots: readonly OpenedFolder[];
}

/** Of several opened folders, where the index of each lies; none for one folder, whose index is the workspace's. */
export function folderStorages({
  storageFolder,
  roots,
}: Workspace): { readonly prefix: string; readonly storage: string }[] {
  if (roots.length < 2) return [];
  return roots.map((root) => ({ prefix: root.prefix, storage: storageOf(storageFolder, root) }));
}

function storageOf(storageFolder: string, { folder, prefix }: OpenedFolder): string {
  const slug = path
    .basename(prefix)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const hash = createHash('sha256')
    .update(JSON.stringify([prefix, folder]))
    .digest('hex')
    .slice(0, 10);
  return path.join(storageFolder, FOLDERS, `${slug}-${hash}`);
}

/** The workspace's own storage folder, and those of its folders that are on disk, opened now or not. */
export async function storagesIn(storageFolder: string, fs: FileSystem = nodeFileSystem): Promise<string[]> {
  const below = path.join(storageFolder, FOLDERS);
  const found = [storageFolder];
  for (const name of await namesIn(fs, below)) {
    const stats = await fs.stat(path.join(below, name)).catch(() => undefined);
    if (stats?.isDirectory()) found.push(path.join(below, name));
  }
  return found;
}

/** The workspace's own, and those of its opened folders, on disk or not. */
export function openedStorages(workspace: Workspace): string[] {
  return [workspace.storageFolder, ...folderStorages(workspace).map(({ storage }) => storage)];
}

/** Those of folders that are not opened now, or not under that name. */
export async function unopenedStorages(workspace: Workspace): Promise<string[]> {
  const opened = new Set(openedStorages(workspace));
  return (await storagesIn(workspace.storageFolder)).filter((storage) => !opened.has(storage));
}
