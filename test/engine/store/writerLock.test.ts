import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../../../src/engine/errors.ts';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import { WriterLock, takeWriterLock } from '../../../src/engine/store/writerLock.ts';
import { makeDocument, openTestStore, put, removeFolder, snapshotOf, temporaryFolder } from './storeFixtures.ts';

const locked = (error: unknown) => error instanceof EngineError && error.code === 'index-locked';

describe('the writer lock', () => {
  let folder: string;
  let lockFile: string;
  beforeEach(() => {
    folder = temporaryFolder();
    lockFile = path.join(folder, 'writer.lock');
  });
  afterEach(() => removeFolder(folder));

  const leave = (owner: object, ageMs = 0): void => {
    fs.writeFileSync(lockFile, JSON.stringify(owner));
    const then = new Date(Date.now() - ageMs);
    fs.utimesSync(lockFile, then, then);
  };
  const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;
  const isFree = async (): Promise<boolean> => {
    const lock = await takeWriterLock(nodeFileSystem, folder);
    if (lock instanceof WriterLock) await lock.release();
    return lock instanceof WriterLock;
  };

  it('lets one store write and makes a second one of the same process a reader', async () => {
    const writer = await openTestStore(folder);
    await put(writer, makeDocument('a.ts', 1, 2));
    const reader = await openTestStore(folder);
    assert.equal(writer.report.readOnlyBecausePid, undefined);
    assert.equal(reader.report.readOnlyBecausePid, process.pid);
    assert.deepEqual(snapshotOf(reader), snapshotOf(writer));
    await assert.rejects(put(reader, makeDocument('b.ts', 1, 1)), locked);
    await assert.rejects(reader.removeDocuments(['a.ts']), locked);
    await assert.rejects(reader.checkpoint(), locked);
    await assert.rejects(reader.clear(), locked);
    assert.throws(() => reader.touchDocument('a.ts', 1, 1), locked);
    assert.throws(() => reader.recordLeftOut([], true), locked);
    await reader.close();
    await put(writer, makeDocument('c.ts', 1, 1));
    await writer.close();
    const next = await openTestStore(folder);
    assert.equal(next.report.readOnlyBecausePid, undefined);
    assert.equal(next.documents.size, 2);
    await next.close();
  });

  it('gives readers a whole index while a writer replaces all of it', async () => {
    const writer = await openTestStore(folder);
    for (let i = 0; i < 30; i++) await put(writer, makeDocument(`f${i}.ts`, 0, 3));
    const progress = { ended: false };
    const writing = (async () => {
      for (let version = 1; version <= 8; version++) {
        for (let i = 0; i < 30; i++) await put(writer, makeDocument(`f${i}.ts`, version, 3));
        await writer.checkpoint();
      }
      progress.ended = true;
    })();
    let readings = 0;
    for (; !progress.ended; readings++) {
      const reader = await openTestStore(folder);
      assert.equal(reader.documents.size, 30);
      assert.deepEqual(reader.report.lostDocuments, []);
      await reader.close();
    }
    assert.ok(readings > 0);
    await writing;
    await writer.close();
  });

  const here = os.hostname();
  const cases: readonly [string, () => object, number, boolean][] = [
    ['a dead process', () => ({ pid: deadPid(), host: here, token: 't' }), 0, true],
    ['an earlier process with our pid', () => ({ pid: process.pid, host: here, token: 't' }), 0, true],
    ['a live process', () => ({ pid: process.ppid, host: here, token: 't' }), 0, false],
    ['a live process without a heartbeat', () => ({ pid: process.ppid, host: here, token: 't' }), 120_000, true],
    ['another machine', () => ({ pid: 1, host: 'elsewhere', token: 't' }), 0, false],
    ['another machine without a heartbeat', () => ({ pid: 1, host: 'elsewhere', token: 't' }), 120_000, true],
    ['nobody yet (just made)', () => ({}), 0, false],
    ['nobody yet (long ago)', () => ({}), 120_000, true],
  ];
  for (const [name, owner, ageMs, free] of cases) {
    it(`${free ? 'takes over' : 'respects'} the lock of ${name}`, async () => {
      leave(owner(), ageMs);
      assert.equal(await isFree(), free);
    });
  }

  it('goes to exactly one of many who find it stale at once', async () => {
    for (let round = 0; round < 8; round++) {
      leave({ pid: deadPid(), host: here, token: `stale${round}` });
      const takers = await Promise.all(Array.from({ length: 12 }, () => takeWriterLock(nodeFileSystem, folder)));
      const owners = takers.filter((taker) => taker instanceof WriterLock);
      assert.equal(owners.length, 1);
      for (const owner of owners) await owner.release();
      assert.equal(await isFree(), true);
    }
  });

  it('is noticed as lost before the next write', async () => {
    const store = await openTestStore(folder);
    await put(store, makeDocument('a.ts', 1, 1));
    leave({ pid: 1, host: 'elsewhere', token: 'thief' });
    await assert.rejects(put(store, makeDocument('b.ts', 1, 1)), locked);
    assert.deepEqual([...store.documents.keys()], ['a.ts']);
    await assert.rejects(store.close(), locked);
    assert.equal(JSON.parse(fs.readFileSync(lockFile, 'utf8')).token, 'thief'); // eslint-disable-line @typescript-eslint/no-unsafe-member-access -- parsed JSON
  });
});
