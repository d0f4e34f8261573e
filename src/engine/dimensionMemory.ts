// Dimensions that services told, in one small file of the storage folder, so that opening an index sends nothing. Invariant: a
// file that can't be read is an empty memory: the service is asked again.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DimensionMemory } from './embed/embedder.ts';
import { EngineError, errnoOf } from './errors.ts';

export async function openDimensionMemory(storageFolder: string): Promise<DimensionMemory> {
  const file = path.join(storageFolder, 'dimensions.json');
  const known = new Map<string, number>(Object.entries(await readNumbers(file)));
  return {
    get: (key) => known.get(key),
    async set(key, dimension) {
      known.set(key, dimension);
      try {
        await mkdir(storageFolder, { recursive: true });
        await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(known)));
        await rename(`${file}.new`, file);
      } catch (error) {
        throw new EngineError('storage-failed', { path: file, reason: errnoOf(error) ?? '' }, { cause: error });
      }
    },
  };
}

async function readNumbers(file: string): Promise<Record<string, number>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, number] => Number.isInteger(entry[1])),
    );
  } catch {
    return {};
  }
}
