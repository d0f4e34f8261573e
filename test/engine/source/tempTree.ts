// A folder of files for one test, removed afterwards, and what a source says of it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LeftOut } from '../../../src/engine/model.ts';
import type { Source, SourceOptions } from '../../../src/engine/source/source.ts';
import { createSource } from '../../../src/engine/source/workspaceSource.ts';

export const defaults: SourceOptions = { include: [], exclude: [], maxFileBytes: 1_000_000 };

/** Makes the files (a path that ends in '/' is an empty folder), hands over the folder, removes it. */
export async function withTree(
  files: Readonly<Record<string, string | Buffer>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(tempFolder(), 'vectorscope-source-')));
  try {
    const made = new Set<string>();
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      const parent = name.endsWith('/') ? file : path.dirname(file);
      if (!made.has(parent)) fs.mkdirSync(parent, { recursive: true });
      made.add(parent);
      if (!name.endsWith('/')) fs.writeFileSync(file, content);
    }
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

export function sourceOf(folder: string, options: Partial<SourceOptions> = {}): Source {
  return createSource([{ folder, prefix: '' }], { ...defaults, ...options });
}

/** All that a walk says: the paths of the files, and `path: reason (detail)` of the rest. */
export async function walkAll(
  source: Source,
  signal?: AbortSignal,
): Promise<{ files: string[]; leftOut: LeftOut[]; paths: string[] }> {
  const all = { files: [] as string[], leftOut: [] as LeftOut[], paths: [] as string[] };
  for await (const group of source.walk(signal)) {
    for (const walked of group) {
      if ('file' in walked) all.files.push(walked.file.path);
      else all.leftOut.push(walked.leftOut);
      all.paths.push('file' in walked ? walked.file.path : walked.leftOut.path);
    }
  }
  return all;
}

/** A small seeded generator (mulberry32): whole numbers below `n`. */
export function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** In memory where that is to be had: making tens of thousands of files is ten times as fast there. */
export function tempFolder(): string {
  try {
    fs.accessSync('/dev/shm', fs.constants.W_OK);
    return '/dev/shm';
  } catch {
    return os.tmpdir();
  }
}
