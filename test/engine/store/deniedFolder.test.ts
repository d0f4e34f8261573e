// An index where nothing can be written: a read-only disk, another user's folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isEngineError } from '../../../src/engine/errors.ts';
import type { FileSystem } from '../../../src/engine/store/durableFiles.ts';
import type { StoreChange } from '../../../src/engine/store/store.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import { deniedFileSystem, faultyFileSystem } from './faultyFileSystem.ts';
import {
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  snapshotOf,
  spaceOf,
  temporaryFolder,
} from './storeFixtures.ts';

for (const code of ['EROFS', 'EACCES', 'EPERM']) {
  describe(`a folder that can't be written to (${code})`, () => {
    let parent: string;
    let folder: string;
    beforeEach(() => {
      parent = temporaryFolder();
      folder = path.join(parent, 'index');
    });
    afterEach(() => removeFolder(parent));

    const refused = (error: unknown): boolean =>
      isEngineError(error, 'index-read-only') && error.details['path'] === folder && error.details['reason'] === code;
    /** Name -> time of the last change. */
    const listing = (): Record<string, number> =>
      Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.statSync(path.join(folder, name)).mtimeMs]));
    const fill = async (): Promise<ReturnType<typeof snapshotOf>> => {
      const store = await openTestStore(folder);
      await put(store, makeDocument('a.ts', 1, 3));
      await store.checkpoint();
      await put(store, makeDocument('b.ts', 1, 2)); // stays in the journal of a store that is killed
      const snapshot = snapshotOf(store);
      await store.close();
      return snapshot;
    };

    it('is read, said to be so, and left as it is', async () => {
      const written = await fill();
      const before = listing();
      const store = await openTestStore(folder, deniedFileSystem(code));
      assert.deepEqual(store.report, { lostDocuments: [], setAside: [], readOnlyBecauseErrno: code });
      assert.deepEqual(snapshotOf(store), written);
      assert.throws(() => store.assertWritable(), refused);
      await assert.rejects(put(store, makeDocument('c.ts', 1, 1)), refused);
      await assert.rejects(store.removeDocuments(['a.ts']), refused);
      await assert.rejects(store.checkpoint(), refused);
      await assert.rejects(store.clear(), refused);
      assert.throws(() => store.touchDocument('a.ts', 1, 1), refused);
      assert.throws(() => store.recordLeftOut([], true), refused);
      assert.deepEqual(snapshotOf(store), written);
      await store.close();
      assert.deepEqual(listing(), before);
    });

    it('is an empty index where there was none', async () => {
      const store = await openTestStore(folder, deniedFileSystem(code));
      assert.equal(store.report.readOnlyBecauseErrno, code);
      assert.equal(store.documents.size, 0);
      assert.equal(await store.bytes(), 0);
      assert.throws(() => store.assertWritable(), refused);
      await store.close();
      assert.equal(fs.existsSync(folder), false);
    });

    it('is read also where a writer that was killed left its lock', async () => {
      const written = await fill();
      const pid = spawnSync(process.execPath, ['-e', '']).pid;
      fs.writeFileSync(path.join(folder, 'writer.lock'), JSON.stringify({ pid, host: os.hostname(), token: 't' }));
      const store = await openTestStore(folder, deniedFileSystem(code));
      assert.equal(store.report.readOnlyBecauseErrno, code);
      assert.deepEqual(snapshotOf(store), written);
      await store.close();
    });

    it('names the other window where one writes', async () => {
      const writer = await openTestStore(folder);
      const store = await openTestStore(folder, deniedFileSystem(code));
      assert.deepEqual(store.report, { lostDocuments: [], setAside: [], readOnlyBecausePid: process.pid });
      await store.close();
      await writer.close();
    });
  });
}

describe('a folder whose lock meets another fault', () => {
  it('is not taken for a read-only one', async () => {
    const folder = temporaryFolder();
    const faults = faultyFileSystem('EIO');
    faults.arm(2, 'crash'); // the folder is there, the lock fails
    const failed = (error: unknown): boolean => isEngineError(error, 'storage-failed');
    await assert.rejects(openTestStore(folder, faults.fs), failed);
    removeFolder(folder);
  });
});

for (const code of ['ENOSPC', 'EDQUOT']) {
  describe(`a folder whose disk is full at the start (${code})`, () => {
    it('is read, said to be so, and written to when there is room', async () => {
      const folder = temporaryFolder();
      const before = await openTestStore(folder);
      await put(before, makeDocument('a.ts', 1, 3));
      await before.close();
      let isFull = true;
      const full = deniedFileSystem(code);
      const disk: FileSystem = {
        ...fsPromises,
        open: (file, flags) => (isFull && flags !== 'r' ? full.open(path.join(folder, 'none'), flags) : fsPromises.open(file, flags)), // prettier-ignore
      };
      const roles: boolean[] = [];
      const space = spaceOf();
      const onChange = ({ role }: StoreChange): number => roles.push(role);
      const store = await openStore({ folder, space, partDimensions: [space.dimension], fs: disk, onChange, followEveryMs: 20 }); // prettier-ignore
      assert.equal(store.report.readOnlyBecauseErrno, code);
      assert.deepEqual([...store.documents.keys()], ['a.ts']);
      const refused = (error: unknown): boolean =>
        isEngineError(error, 'index-read-only') && error.details['reason'] === code;
      await assert.rejects(store.whenWritable(new AbortController().signal), refused);
      isFull = false;
      await store.whenWritable(new AbortController().signal);
      assert.deepEqual([store.report.readOnlyBecauseErrno, roles], [undefined, [true]]);
      await put(store, makeDocument('b.ts', 1, 1));
      await store.close();
      removeFolder(folder);
    });
  });
}
