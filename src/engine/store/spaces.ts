// Stage 4, the spaces of a storage folder, one folder each. Invariant: equal spaces have equal folder names in every version,
// different ones differ; looking changes nothing. Cost: one manifest a space.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { EngineError } from '../errors.ts';
import type { EmbeddingSpace } from '../model.ts';
import { type FileSystem, bytesBelow, namesIn, nodeFileSystem, onDisk } from './durableFiles.ts';
import { MANIFEST, readManifest } from './manifest.ts';
import { takeWriterLock } from './writerLock.ts';

const SLUG_LETTERS = 48;

/** A readable slug (the end of a long model name says more than its beginning) and a hash that tells spaces apart. */
export function spaceFolderName(space: EmbeddingSpace): string {
  const slug = `${space.provider}-${space.model.slice(-SLUG_LETTERS)}-${space.dimension}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return `${slug}-${createHash('sha256').update(spaceKey(space)).digest('hex').slice(0, 10)}`;
}

export function isSameSpace(a: EmbeddingSpace, b: EmbeddingSpace): boolean {
  return spaceKey(a) === spaceKey(b);
}

function spaceKey({ provider, model, dimension, output, prompt, chunkerVersion }: EmbeddingSpace): string {
  return JSON.stringify([provider, model, dimension, output, prompt, chunkerVersion]);
}

/** In some storages together. Counts are those of the last checkpoint: for a space that is open ask its store. */
export interface SpaceOnDisk {
  /** Name of its folder in each of the storages. */
  readonly name: string;
  readonly space: EmbeddingSpace;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** All spaces in storages whose manifest can be read, by folder name. Throws `storage-failed`. */
export async function spacesIn(storages: readonly string[], fs: FileSystem = nodeFileSystem): Promise<SpaceOnDisk[]> {
  const spaces = new Map<string, SpaceOnDisk>();
  for (const storage of storages) {
    for (const one of await spacesInStorage(storage, fs)) {
      const { documents = 0, chunks = 0, bytes = 0 } = spaces.get(one.name) ?? {};
      spaces.set(one.name, {
        ...one,
        documents: one.documents + documents,
        chunks: one.chunks + chunks,
        bytes: one.bytes + bytes,
      });
    }
  }
  return [...spaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function spacesInStorage(storage: string, fs: FileSystem): Promise<SpaceOnDisk[]> {
  const spaces: SpaceOnDisk[] = [];
  for (const name of await namesIn(fs, storage)) {
    const folder = path.join(storage, name);
    const manifest = await readManifest(fs, folder).catch(() => undefined); // a plain file: opening that space says so
    if (!manifest) continue;
    const { space, documents } = manifest;
    const chunks = documents.reduce((sum, document) => sum + document.chunks, 0);
    spaces.push({ name, space, documents: documents.length, chunks, bytes: await bytesBelow(fs, folder) });
  }
  return spaces;
}

/** Removes a space, of all these storages, that no store has open for writing. Throws `index-locked`, `storage-failed`. */
export async function removeSpace(
  storages: readonly string[],
  space: EmbeddingSpace,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  await removeSpaceNamed(storages, spaceFolderName(space), fs);
}

/** As {@link removeSpace}, also for one whose manifest can't be read. */
export async function removeSpaceNamed(
  storages: readonly string[],
  name: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  for (const storage of storages) {
    if ((await namesIn(fs, storage)).includes(name)) await removeSpaceFolder(path.join(storage, name), fs);
  }
}

/** Of one storage alone. */
export async function removeSpaceFolder(folder: string, fs: FileSystem): Promise<void> {
  await onDisk(folder, () => fs.mkdir(folder, { recursive: true }));
  const lock = await takeWriterLock(fs, folder);
  if ('pid' in lock) throw new EngineError('index-locked', { pid: lock.pid });
  try {
    // The manifest first: what is left when this ends half way is no space any more.
    await onDisk(folder, () => fs.rm(path.join(folder, MANIFEST), { force: true }));
    await onDisk(folder, () => fs.rm(folder, { recursive: true, force: true }));
  } finally {
    await lock.release();
  }
}
