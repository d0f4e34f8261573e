// Prune: what lies in a storage folder and is of no use any more, and how it is removed. Invariant: the index in use is never among
// it, nor a job whose result nobody has taken; what was freed is measured, not guessed. Cost: a stat for each folder of documents.
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import type { EngineConfig, PruneItem } from '../protocol/engineApi.ts';
import { EngineError } from './errors.ts';
import { removeJob, spentJobs } from './jobDisk.ts';
import { locate, resolveRoots, type Root } from './source/roots.ts';
import { removeSetAside } from './store/checkpoint.ts';
import { SET_ASIDE, bytesBelow, namesIn, nodeFileSystem as fs } from './store/durableFiles.ts';
import { readManifest } from './store/manifest.ts';
import { removeSpaceFolder, removeSpaceNamed, spaceFolderName, spacesIn } from './store/spaces.ts';
import { storagesIn, unopenedStorages } from './store/storages.ts';
import type { VectorStore } from './store/store.ts';
import { verifyIndex } from './store/verifyIndex.ts';

type Place = Pick<EngineConfig, 'storageFolder' | 'roots'>;

interface Prunable {
  readonly item: PruneItem;
  readonly remove: () => Promise<void>;
}

/** Largest first. `store`: the index in use. */
export async function listPrunable(place: Place, store: VectorStore): Promise<PruneItem[]> {
  return (await findPrunable(place, store)).map(({ item }) => item);
}

/** Removes the items with these ids; resolves with the bytes that were freed. Throws `index-locked`, `storage-failed`. */
export async function prune(place: Place, store: VectorStore, ids: readonly string[]): Promise<number> {
  const chosen = (await findPrunable(place, store)).filter(({ item }) => ids.includes(item.id));
  const before = await bytesBelow(fs, place.storageFolder);
  for (const { remove } of chosen) await remove();
  return Math.max(0, before - (await bytesBelow(fs, place.storageFolder)));
}

async function findPrunable(place: Place, store: VectorStore): Promise<Prunable[]> {
  const found = await Promise.all([
    otherSpaces(place, store),
    Promise.resolve(retired(store)),
    setAside(place),
    unopenedFolders(place, store),
    deletedFolders(place, store),
    jobs(place),
  ]);
  return found.flat().sort((a, b) => b.item.bytes - a.item.bytes);
}

async function otherSpaces({ storageFolder }: Place, store: VectorStore): Promise<Prunable[]> {
  const current = spaceFolderName(store.space);
  const items: Prunable[] = [];
  const storages = await storagesIn(storageFolder);
  const seen = new Set([current]);
  const add = (name: string, item: Omit<PruneItem, 'id' | 'kind'>): void => {
    seen.add(name);
    items.push({
      item: { id: `space:${name}`, kind: 'space', ...item },
      remove: () => removeSpaceNamed(storages, name),
    });
  };
  for (const { name, space, documents, bytes } of await spacesIn(storages)) {
    if (name !== current) add(name, { space, count: documents, bytes });
  }
  for (const storage of storages) {
    for (const name of await namesIn(fs, storage)) {
      const folder = path.join(storage, name);
      if (seen.has(name) || !(await isFolder(folder))) continue;
      const verified = await verifyIndex(fs, folder);
      if (!verified || verified.findings.some(({ kind }) => kind === 'manifest-too-new')) continue;
      add(name, { name, count: verified.documents, bytes: verified.bytes });
    }
  }
  return items;
}

function retired(store: VectorStore): Prunable[] {
  if (store.retired === 0) return [];
  const bytes = store.retired * store.space.dimension * 4;
  return [
    { item: { id: 'retired', kind: 'retired', count: store.retired, bytes }, remove: () => store.forgetRetired() },
  ];
}

async function setAside({ storageFolder }: Place): Promise<Prunable[]> {
  const items: Prunable[] = [];
  for (const storage of await storagesIn(storageFolder)) {
    for (const found of await namesIn(fs, storage)) {
      const folder = path.join(storage, found);
      if (!(await isFolder(path.join(folder, SET_ASIDE)))) continue;
      const name = path.relative(storageFolder, folder);
      const files = await namesIn(fs, path.join(folder, SET_ASIDE));
      const bytes = await bytesBelow(fs, path.join(folder, SET_ASIDE));
      const item: PruneItem = { id: `set-aside:${name}`, kind: 'set-aside', name, count: files.length, bytes };
      items.push({ item, remove: () => removeSetAside(fs, folder) });
    }
  }
  return items;
}

/** Indexes, in the space in use, of folders that the workspace had: added again, nothing of them is embedded again. */
async function unopenedFolders(place: Place, { space }: VectorStore): Promise<Prunable[]> {
  const items: Prunable[] = [];
  for (const storage of await unopenedStorages(place)) {
    const folder = path.join(storage, spaceFolderName(space));
    if (!(await isFolder(folder))) continue;
    const { documents = [] } = (await readManifest(fs, folder).catch(() => undefined)) ?? {};
    const name = `${documents[0]?.document.path.split('/')[0] ?? path.basename(storage)}/`;
    const item: PruneItem = {
      id: `folder:${path.basename(storage)}`,
      kind: 'folder',
      name,
      count: documents.length,
      bytes: await bytesBelow(fs, folder),
    };
    items.push({ item, remove: () => removeSpaceFolder(folder, fs) });
  }
  return items;
}

/** Documents whose folder is gone, by the topmost folder that is: a scan would remove them too, where it comes by. */
async function deletedFolders({ roots }: Place, store: VectorStore): Promise<Prunable[]> {
  const resolved = await resolveRoots(roots);
  const isThere = remembered(isFolder);
  const byFolder = new Map<string, string[]>();
  for (const { path: document, kept } of store.documents.values()) {
    const gone = kept ? undefined : await goneFolder(resolved, document, isThere);
    if (gone !== undefined) byFolder.set(gone, [...(byFolder.get(gone) ?? []), document]);
  }
  return [...byFolder].map(([name, paths]) => ({
    item: {
      id: `documents:${name}`,
      kind: 'documents',
      name,
      count: paths.length,
      bytes: paths.reduce((sum, one) => sum + store.rowsOf(one).length, 0) * store.space.dimension * 4,
    },
    remove: async () => {
      const rows = paths.flatMap((one) => store.rowsOf(one));
      const hashes = rows.flatMap((row) => store.table.chunks[row]?.hash ?? []);
      await store.removeDocuments(paths);
      await store.forgetRetired(hashes);
    },
  }));
}

/** Undefined where the folder is there, and where its whole workspace folder is not: a disk may be out. */
async function goneFolder(
  roots: readonly Root[],
  document: string,
  isThere: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  const location = locate(roots, document);
  if (!location) return `${document.split('/')[0] ?? ''}/`;
  const { root, names } = location;
  if (!(await isThere(root.realFolder))) return undefined;
  for (let depth = 1; depth < names.length; depth++) {
    const inner = names.slice(0, depth);
    if (!(await isThere(path.join(root.realFolder, ...inner)))) return `${root.prefix}${inner.join('/')}/`;
  }
  return undefined;
}

async function jobs({ storageFolder }: Place): Promise<Prunable[]> {
  const spent = await spentJobs(storageFolder);
  if (spent.length === 0) return [];
  const remove = async (): Promise<void> => {
    for (const { id } of spent) await removeJob(storageFolder, id);
  };
  const bytes = spent.reduce((sum, job) => sum + job.bytes, 0);
  return [{ item: { id: 'jobs', kind: 'jobs', count: spent.length, bytes }, remove }];
}

async function isFolder(folder: string): Promise<boolean> {
  return fsPromises.stat(folder).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      // What can't be looked at is not gone.
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return false;
      throw new EngineError('storage-failed', { path: folder, reason: String(error) }, { cause: error });
    },
  );
}

function remembered(ask: (key: string) => Promise<boolean>): (key: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}
