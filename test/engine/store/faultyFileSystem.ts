// A file system whose n-th call fails: once (a full disk), or that one and all after it (a crash). A write that fails has
// written half. Nothing is flushed: these tests end processes, not the power.
import { existsSync } from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import type { FileSystem } from '../../../src/engine/store/durableFiles.ts';

export interface Faults {
  readonly fs: FileSystem;
  /** Calls since the last {@link arm}. */
  calls: number;
  /** The next call is number 1; 0 disarms. */
  arm(failAt: number, mode: 'once' | 'crash'): void;
}

const COUNTED_OF_HANDLE: ReadonlySet<string | symbol> = new Set(['writeFile', 'sync', 'datasync', 'truncate', 'close']);

export function faultyFileSystem(code = 'ENOSPC'): Faults {
  let failAt = 0;
  let crash = false;
  const faults: Faults = {
    fs: fsPromises,
    calls: 0,
    arm: (at, mode) => {
      failAt = at;
      crash = mode === 'crash';
      faults.calls = 0;
    },
  };
  /** Whether this call fails. */
  const fails = (): boolean => {
    faults.calls++;
    return failAt > 0 && (crash ? faults.calls >= failAt : faults.calls === failAt);
  };
  const failure = (): Error => Object.assign(new Error(`injected ${code}`), { code });

  type Call = (...values: unknown[]) => Promise<unknown>;
  const handleOf = (handle: FileHandle): FileHandle =>
    new Proxy(handle, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (value as Call).bind(target);
        if (!COUNTED_OF_HANDLE.has(name)) return call;
        return async (...values: unknown[]) => {
          if (fails()) {
            const [content] = values;
            if (name === 'writeFile' && Buffer.isBuffer(content)) await call(content.subarray(0, content.length >> 1));
            if (name === 'close') await call(); // the descriptor is gone either way
            throw failure();
          }
          if (name === 'sync' || name === 'datasync') return undefined;
          return call(...values);
        };
      },
    });
  const fs = new Proxy(fsPromises, {
    get: (target, name): unknown => {
      const call = Reflect.get(target, name, target) as Call;
      return async (...values: unknown[]) => {
        if (fails()) throw failure();
        const result = await call(...values);
        return name === 'open' ? handleOf(result as FileHandle) : result;
      };
    },
  });
  return Object.assign(faults, { fs });
}

/** A file system that can be read and not written to, as Linux answers: what is there already is found first. */
export function deniedFileSystem(code: string): FileSystem {
  const denied = (): Promise<never> => Promise.reject(Object.assign(new Error(`injected ${code}`), { code }));
  const isThere = (file: unknown): boolean => existsSync(file as string);
  return {
    ...fsPromises,
    mkdir: ((folder: string) => (isThere(folder) ? Promise.resolve(undefined) : denied())) as FileSystem['mkdir'],
    open: (file, flags) => (flags === 'r' || isThere(file) ? fsPromises.open(file, flags) : denied()),
    rm: (file) => (isThere(file) ? denied() : Promise.resolve()),
    rename: denied,
    unlink: denied,
    utimes: denied,
  };
}
