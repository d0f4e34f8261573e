// Which folders the workspaces of this computer have indexed, and where: a folder that was opened alone and is now one of several,
// or the other way round, takes over its vectors. Invariant: one small file a storage folder, written whole; none is of use once
// its storage is gone, and is removed then. Nothing here is needed: what can't be read or written is passed over.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { EngineConfig } from '../protocol/engineApi.ts';
import { namesIn, nodeFileSystem } from './store/durableFiles.ts';

/** Their texts and codes are in memory for the time of a run. */
const MOST_RELATED = 3;

interface Entry {
  readonly storageFolder: string;
  /** Absolute. */
  readonly folders: readonly string[];
  /** The user had the index removed then: what others knew before is not taken over. */
  readonly clearedAtMs?: number;
}

type Where = Pick<EngineConfig, 'registryFolder' | 'storageFolder' | 'roots'>;

/** Writes down where the index of these folders lies; `clearedAtMs`: that it was removed now. */
export async function noteIndex({ registryFolder, storageFolder, roots }: Where, clearedAtMs?: number): Promise<void> {
  if (registryFolder === undefined) return;
  const file = fileOf(registryFolder, storageFolder);
  const cleared = clearedAtMs ?? (await readEntry(file))?.clearedAtMs;
  const folders = roots.map(({ folder }) => folder);
  const entry: Entry = { storageFolder, folders, ...(cleared !== undefined && { clearedAtMs: cleared }) };
  const written = `${file}.${process.pid}`;
  try {
    await fs.mkdir(registryFolder, { recursive: true });
    await fs.writeFile(written, JSON.stringify(entry));
    await fs.rename(written, file);
  } catch {
    // Another workspace embeds again what it could have found here.
  }
}

/** Storage folders of other workspaces that have a folder in common with this one, or one inside the other; newest first. */
export async function relatedIndexes({ registryFolder, storageFolder, roots }: Where): Promise<string[]> {
  if (registryFolder === undefined) return [];
  const { clearedAtMs = 0 } = (await readEntry(fileOf(registryFolder, storageFolder))) ?? {};
  const found: { storage: string; noted: number }[] = [];
  for (const name of await namesIn(nodeFileSystem, registryFolder).catch(() => [])) {
    if (!name.endsWith('.json')) continue; // of a process that was killed
    const file = path.join(registryFolder, name);
    const entry = await readEntry(file);
    if (!entry || entry.storageFolder === storageFolder) continue;
    if (await isGone(entry.storageFolder)) await fs.rm(file, { force: true }).catch(() => undefined);
    else if (
      entry.folders.some((theirs) => roots.some(({ folder }) => isWithin(theirs, folder) || isWithin(folder, theirs)))
    ) {
      const { mtimeMs } = await fs.stat(file).catch(() => ({ mtimeMs: 0 }));
      if (mtimeMs > clearedAtMs) found.push({ storage: entry.storageFolder, noted: mtimeMs });
    }
  }
  found.sort((a, b) => b.noted - a.noted);
  return found.slice(0, MOST_RELATED).map(({ storage }) => storage);
}

function fileOf(registryFolder: string, storageFolder: string): string {
  return path.join(registryFolder, `${createHash('sha256').update(storageFolder).digest('hex')}.json`);
}

async function readEntry(file: string): Promise<Entry | undefined> {
  try {
    const entry = JSON.parse(await fs.readFile(file, 'utf8')) as Partial<Entry> | null;
    const { storageFolder, folders, clearedAtMs } = entry ?? {};
    if (typeof storageFolder !== 'string' || !Array.isArray(folders)) return undefined;
    if (!folders.every((one) => typeof one === 'string')) return undefined;
    return { storageFolder, folders, ...(typeof clearedAtMs === 'number' && { clearedAtMs }) };
  } catch {
    return undefined;
  }
}

async function isGone(folder: string): Promise<boolean> {
  return fs.stat(folder).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

function isWithin(inner: string, outer: string): boolean {
  const rest = path.relative(outer, inner);
  return rest === '' || (!rest.startsWith('..') && !path.isAbsolute(rest));
}
