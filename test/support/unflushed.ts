// The file system without its flushes, which only the making of an index for a benchmark would wait for.
import fsPromises from 'node:fs/promises';
import type { FileSystem } from '../../src/engine/store/durableFiles.ts';

export const unflushed: FileSystem = {
  ...fsPromises,
  async open(...args: Parameters<typeof fsPromises.open>) {
    const handle = await fsPromises.open(...args);
    return Object.assign(handle, { sync: () => Promise.resolve(), datasync: () => Promise.resolve() });
  },
};
