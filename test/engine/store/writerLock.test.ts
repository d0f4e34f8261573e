import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EngineError } from '../../../src/engine/errors.ts';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import { thisProcess } from '../../../src/engine/store/lockOwner.ts';
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

  it('is not taken from a store of this process that is just taking it', async () => {
    let second: Awaited<ReturnType<typeof takeWriterLock>> | undefined;
    const open: typeof nodeFileSystem.open = async (file, flags) => {
      const handle = await nodeFileSystem.open(file, flags);
      if (flags !== 'wx') return handle;
      const close = async (): Promise<void> => {
        second = await takeWriterLock(nodeFileSystem, folder); // the file says by now whose it is
        await handle.close();
      };
      const writeFile = (text: string): Promise<void> => handle.writeFile(text);
      return { writeFile, close } as typeof handle;
    };
    const first = await takeWriterLock({ ...nodeFileSystem, open }, folder);
    assert.ok(first instanceof WriterLock);
    await first.assertOwned();
    assert.ok(second && 'pid' in second);
    assert.equal(second.pid, process.pid);
    await first.release();
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
  const cases: readonly [string, () => object, boolean][] = [
    ['a dead process', () => ({ pid: deadPid(), host: here, token: 't' }), true],
    ['an earlier process with our pid', () => ({ pid: process.pid, host: here, token: 't' }), true],
    ['a live process', () => ({ pid: process.ppid, host: here, token: 't' }), false],
    ['another machine', () => ({ pid: 1, host: 'elsewhere', token: 't' }), false],
    ['a Linux with this host name, where our processes are not known', () => ({ pid: deadPid(), host: here, platform: 'other', token: 't' }), false],
    ['nobody yet (just made)', () => ({}), false],
  ]; // prettier-ignore
  for (const [name, owner, free] of cases) {
    it(`${free ? 'takes over' : 'respects'} the lock of ${name}, however old it is`, async () => {
      for (const ageMs of [0, 7_200_000]) {
        leave(owner(), ageMs);
        assert.equal(await isFree(), free);
      }
    });
  }

  describe('on Linux', () => {
    before(function () {
      if (process.platform !== 'linux') this.skip();
    });

    it('tells a process from a later one with its number, and a machine from before its restart', async () => {
      const own = await thisProcess();
      const parent = { ...own, pid: process.ppid, started: '1', token: 't' };
      leave(parent);
      assert.equal(await isFree(), true);
      leave({ ...own, pid: process.ppid, started: undefined, boot: 'another', token: 't' });
      assert.equal(await isFree(), true);
      leave({ ...own, pid: process.ppid, started: undefined, token: 't' });
      assert.equal(await isFree(), false);
    });

    it('does not look for a process of another container among its own', async () => {
      leave({ ...(await thisProcess()), pid: deadPid(), namespace: 'pid:[1]', token: 't' });
      assert.equal(await isFree(), false);
    });
  });

  describe('of an owner that nothing is known of', () => {
    let now: number;
    const timing = { heartbeatMs: 10_000, silenceMs: 60_000, now: () => now };
    const away = { pid: 1, host: 'elsewhere', token: 'far' };
    beforeEach(() => (now = 0));

    /** Looks once a second; the time after which the lock was had, or undefined. */
    const lookFor = async (seconds: number, eachSecond: (second: number) => void = () => undefined) => {
      for (let second = 0; second <= seconds; second++, now += 1000) {
        eachSecond(second);
        const lock = await takeWriterLock(nodeFileSystem, folder, timing);
        if (!(lock instanceof WriterLock)) continue;
        await lock.release();
        return second;
      }
      return undefined;
    };
    const beat = (second: number): void => fs.utimesSync(lockFile, second, second);

    for (const [name, owner] of [
      ['another machine', away],
      ['a live process of this machine', { pid: process.ppid, host: here, token: 'near' }],
      ['somebody who did not come to write a name', {}],
    ] as const) {
      it(`is taken over from ${name} after a minute without a heartbeat`, async () => {
        leave(owner);
        assert.equal(await lookFor(120), 60);
      });
    }

    it('is respected while it beats, whatever its clock says', async () => {
      leave(away);
      const clocks = [0, 86_400 * 365 * 60, 1];
      assert.equal(await lookFor(200, (second) => second % 50 === 0 && beat(clocks[second / 50 % 3]! + second)), undefined);
    }); // prettier-ignore

    it('is not taken over because we slept: the owner has time for a heartbeat first', async () => {
      leave(away, 7_200_000);
      assert.equal(await lookFor(20), undefined);
      now += 7_200_000; // both were asleep
      assert.equal(await lookFor(9), undefined);
      beat(1);
      assert.equal(await lookFor(59), undefined);
      assert.equal(await lookFor(120), 0);
    });

    it('is said to be silent, so that one can wait for it', async () => {
      leave(away);
      assert.deepEqual(await takeWriterLock(nodeFileSystem, folder, timing), { pid: 1, silent: false });
      leave(away, 61_000);
      assert.deepEqual(await takeWriterLock(nodeFileSystem, folder, timing), { pid: 1, silent: true });
    });

    it('goes to one of two that wait for it', async () => {
      leave(away);
      const had: WriterLock[] = [];
      for (; had.length === 0; now += 1000) {
        const looks = await Promise.all([1, 2].map(() => takeWriterLock(nodeFileSystem, folder, timing)));
        had.push(...looks.filter((lock) => lock instanceof WriterLock));
      }
      assert.equal(had.length, 1);
      await had[0]!.release();
    });
  });

  it('gets no heartbeat from an owner that lost it, who learns of it', async () => {
    const timing = { heartbeatMs: 5, silenceMs: 60_000, now: () => 0 };
    const lock = await takeWriterLock(nodeFileSystem, folder, timing);
    assert.ok(lock instanceof WriterLock);
    const lost = new Promise<void>((resolve) => (lock.onLost = resolve));
    fs.utimesSync(lockFile, 1, 1);
    while (fs.statSync(lockFile).mtimeMs === 1000) await nextTurn(); // beats
    const thief = { pid: 1, host: 'elsewhere', token: 'thief' };
    leave(thief);
    await lost;
    leave(thief, 1_000_000);
    const { mtimeMs } = fs.statSync(lockFile);
    for (const end = performance.now() + 30; performance.now() < end;) await nextTurn(); // beats would come
    assert.equal(fs.statSync(lockFile).mtimeMs, mtimeMs);
    await lock.release();
    assert.equal(fs.existsSync(lockFile), true);
  });

  it('is checked once more before a checkpoint becomes the index: writing the shards may have taken hours', async () => {
    const thief = JSON.stringify({ pid: 1, host: 'elsewhere', token: 'thief' });
    const store = await openTestStore(folder, {
      ...nodeFileSystem,
      open: async (file, flags, ...rest) => {
        if (String(file).includes('shard-')) fs.writeFileSync(lockFile, thief); // meanwhile we slept
        return nodeFileSystem.open(file, flags, ...rest);
      },
    });
    await put(store, makeDocument('a.ts', 1, 2));
    const listed = fs.readdirSync(folder);
    const manifest = fs.readFileSync(path.join(folder, 'manifest.json'));
    await assert.rejects(store.checkpoint(), locked);
    assert.deepEqual(fs.readFileSync(path.join(folder, 'manifest.json')), manifest);
    assert.deepEqual(fs.readdirSync(folder), listed);
    await assert.rejects(store.close(), locked);
  });

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
