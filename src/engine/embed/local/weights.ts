// Stage 3, local: are the weights there, and are they the pinned ones? Asked before every call; a file is hashed once a process
// for each size and time of change (23 MB take about 50 ms), after that a check is one stat a file.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { EngineError, errnoOf } from '../../errors.ts';
import type { WeightFile } from './localModel.ts';

const hashes = new Map<string, Promise<string>>();

/** Throws `weights-missing` or `weights-corrupt`, naming the first file that is not as it must be. */
export async function checkWeights(model: string, files: readonly WeightFile[]): Promise<void> {
  for (const { file, bytes, sha256 } of files) {
    const actual = await statOf(model, file);
    const wrong = (expected: string, found: string): EngineError =>
      new EngineError('weights-corrupt', { model, file, expected, actual: found });
    if (bytes !== undefined && actual.size !== bytes) throw wrong(`${bytes} bytes`, `${actual.size} bytes`);
    if (sha256 === undefined) continue;
    const hash = await hashOf(model, file);
    if (hash !== sha256) throw wrong(sha256, hash);
  }
}

/** SHA-256 of a file in hex. Throws `weights-missing` when it can't be read. */
export async function hashOf(model: string, file: string): Promise<string> {
  const { size, mtimeMs } = await statOf(model, file);
  const key = `${file}\0${size}\0${mtimeMs}`;
  let hash = hashes.get(key);
  if (hash === undefined) {
    hash = hashFile(file).catch((error: unknown) => {
      hashes.delete(key); // a failed reading is tried again
      return missing(model, file, error);
    });
    hashes.set(key, hash);
  }
  return hash;
}

function statOf(model: string, file: string): Promise<{ size: number; mtimeMs: number }> {
  return stat(file).catch((error: unknown) => missing(model, file, error));
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function missing(model: string, file: string, error: unknown): never {
  throw new EngineError('weights-missing', { model, file, reason: errnoOf(error) ?? 'unknown' }, { cause: error });
}
