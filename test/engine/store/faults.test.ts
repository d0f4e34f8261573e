// Every call of the file system fails once in turn, and in turn is the last one that works.
import assert from 'node:assert/strict';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EngineError } from '../../../src/engine/errors.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import { faultyFileSystem } from './faultyFileSystem.ts';
import {
  type Snapshot,
  copyIndex,
  makeDocument,
  openTestStore,
  put,
  putAll,
  removeFolder,
  snapshotOf,
  temporaryFolder,
} from './storeFixtures.ts';

const OPERATIONS: readonly [string, (store: VectorStore) => Promise<void>][] = [
  ['replacing a document', (store) => put(store, makeDocument('a.ts', 2, 4))],
  ['adding a document', (store) => put(store, makeDocument('new.ts', 1, 3))],
  ['replacing all documents', (store) => putAll(store, makeDocument('new.ts', 1, 3))],
  ['removing documents', (store) => store.removeDocuments(['b.ts', 'c.ts'])],
  ['a checkpoint', (store) => store.checkpoint()],
  ['clearing', (store) => store.clear()],
  ['closing', (store) => store.close()],
];
const MODES = ['once', 'crash'] as const;

function brief({ documents }: Snapshot): string {
  return JSON.stringify(
    Object.values(documents).map(({ record, chunks }) => [record.path, record.size, chunks.length]),
  );
}

describe('a store on a failing disk', () => {
  let folder: string;
  let base: string;
  let index: string;

  before(async () => {
    folder = temporaryFolder();
    base = path.join(folder, 'base');
    index = path.join(folder, 'index');
    const store = await openTestStore(base);
    for (const name of ['a', 'b', 'c']) await put(store, makeDocument(`${name}.ts`, 1, 3));
    await store.checkpoint();
    await put(store, makeDocument('d.ts', 1, 2));
    await put(store, makeDocument('b.ts', 2, 2));
    copyIndex(base, index);
    await store.close();
    copyIndex(index, base);
  });
  after(() => removeFolder(folder));

  /** What the index holds now, read by a store on a sound disk. */
  const readBack = async (): Promise<Snapshot> => {
    const copy = path.join(folder, 'copy');
    copyIndex(index, copy);
    const store = await openTestStore(copy);
    const snapshot = snapshotOf(store);
    assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
    await store.close();
    return snapshot;
  };

  /** What the index holds when the operation meets no fault. */
  const afterwards = async (operation: (store: VectorStore) => Promise<void>): Promise<Snapshot> => {
    copyIndex(base, index);
    const store = await openTestStore(index);
    await operation(store);
    await store.close();
    return snapshotOf(store);
  };

  const assertOneOf = (actual: Snapshot, expected: readonly Snapshot[], message: string): void => {
    if (expected.some((one) => isDeepStrictEqual(actual, one))) return;
    assert.fail(`${message}: found ${brief(actual)}, expected ${expected.map(brief).join(' or ')}`);
  };

  for (const [name, operation] of OPERATIONS) {
    for (const mode of MODES) {
      it(`has all of before or all of after when ${name} meets ${mode === 'once' ? 'a full disk' : 'a crash'}`, async function () {
        this.timeout(120_000);
        const done = await afterwards(operation);
        for (let failAt = 1; ; failAt++) {
          copyIndex(base, index);
          const faults = faultyFileSystem();
          const store = await openTestStore(index, faults.fs);
          const before = snapshotOf(store);
          faults.arm(failAt, mode);
          const error: unknown = await operation(store).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          const reached = faults.calls >= failAt;
          const message = `call ${failAt} of ${name}`;
          if (error !== undefined) {
            assert.ok(error instanceof EngineError && error.code === 'storage-failed', message);
            assert.equal(error.details['reason'], 'ENOSPC');
            if (name !== 'clearing') assertOneOf(snapshotOf(store), [before], message);
          } else assertOneOf(snapshotOf(store), [done], message);
          assertOneOf(await readBack(), [before, done], message);
          faults.arm(0, 'once');
          if (mode === 'once' && name !== 'closing') {
            await put(store, makeDocument('later.ts', 1, 1));
            const later = snapshotOf(store);
            assertOneOf(await readBack(), [later], `${message}, then another document`);
            await store.close();
            assertOneOf(await readBack(), [later], `${message}, another document, closed`);
          } else {
            await store.close().catch(() => undefined);
            assertOneOf(await readBack(), [before, done], `${message}, closed`);
          }
          if (!reached) break;
        }
      });
    }
  }

  for (const mode of MODES) {
    it(`opens completely or not at all when opening meets ${mode === 'once' ? 'a full disk' : 'a crash'}`, async () => {
      copyIndex(base, index);
      const expected = await readBack();
      for (let failAt = 1; ; failAt++) {
        copyIndex(base, index);
        const faults = faultyFileSystem('EIO');
        faults.arm(failAt, mode);
        const opened: unknown = await openTestStore(index, faults.fs).catch((error: unknown) => error);
        const reached = faults.calls >= failAt;
        if (opened instanceof Error) {
          assert.ok(opened instanceof EngineError && opened.code === 'storage-failed', String(opened));
        } else {
          assert.deepEqual(snapshotOf(opened as VectorStore), expected);
          faults.arm(0, 'once');
          await (opened as VectorStore).close();
        }
        assertOneOf(await readBack(), [expected], `call ${failAt}`);
        if (!reached) break;
      }
    });
  }

  it('can be opened and searched on a full disk, and says so when written to', async () => {
    copyIndex(base, index);
    const expected = await readBack();
    const faults = faultyFileSystem();
    const store = await openTestStore(index, faults.fs);
    faults.arm(1, 'crash');
    const failed = (error: unknown) => error instanceof EngineError && error.code === 'storage-failed';
    await assert.rejects(put(store, makeDocument('x.ts', 1, 1)), failed);
    await assert.rejects(put(store, makeDocument('x.ts', 1, 1)), failed);
    assert.deepEqual(snapshotOf(store), expected);
    faults.arm(0, 'once');
    await put(store, makeDocument('x.ts', 1, 1));
    await store.close();
    assert.equal(Object.keys((await readBack()).documents).length, Object.keys(expected.documents).length + 1);
  });
});
