// A store that only reads while another one writes: here both are of one process, in threeProcesses.test.ts they are not.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isEngineError } from '../../../src/engine/errors.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import { IndexFollower } from '../../../src/engine/store/followIndex.ts';
import { shardOf } from '../../../src/engine/store/indexState.ts';
import { encodeRecord } from '../../../src/engine/store/journal.ts';
import { type LoadedIndex, loadSteadily } from '../../../src/engine/store/loadIndex.ts';
import type { StoreChange, VectorStore } from '../../../src/engine/store/store.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import { until } from '../../support/workspace.ts';
import { deniedFileSystem, faultyFileSystem } from './faultyFileSystem.ts';
import {
  type Snapshot,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  spaceOf,
  temporaryFolder,
} from './storeFixtures.ts';

const unflushed = faultyFileSystem().fs;
const locked = (error: unknown): boolean => isEngineError(error, 'index-locked');

describe('a store that reads while another one writes', () => {
  let folder: string;
  let changes: StoreChange[];
  const opened: VectorStore[] = [];
  beforeEach(() => {
    folder = temporaryFolder();
    changes = [];
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close().catch(() => undefined);
    removeFolder(folder);
  });

  const open = async (given: FileSystem = unflushed, heartbeatMs = 10_000): Promise<VectorStore> => {
    const space = spaceOf();
    const store = await openStore({
      folder,
      space,
      partDimensions: [space.dimension],
      fs: given,
      followEveryMs: 5,
      lockTiming: { heartbeatMs, silenceMs: 60_000, now: () => performance.now() },
      onChange: (change) => changes.push(change),
    });
    opened.push(store);
    return store;
  };
  const isLike = (store: VectorStore, other: VectorStore | Snapshot): Promise<void> =>
    until(() => isDeepStrictEqual(snapshotOf(store), 'table' in other ? snapshotOf(other) : other));
  const toldOf = (): string[] => [...new Set(changes.flatMap(({ paths }) => paths))].sort();

  it('has documents that are added, replaced and removed, before and after a checkpoint, and tells of them', async () => {
    const writer = await open();
    await put(writer, makeDocument('a.ts', 1, 3));
    const reader = await open();
    await put(writer, makeDocument('b.ts', 1, 2));
    await isLike(reader, writer);
    await put(writer, makeDocument('a.ts', 2, 1));
    await writer.removeDocuments(['b.ts']);
    await isLike(reader, writer);
    await until(() => isDeepStrictEqual(toldOf(), ['a.ts', 'b.ts'])); // told after memory has them
    await put(writer, makeDocument('c.ts', 1, 4));
    await writer.checkpoint();
    await put(writer, makeDocument('d.ts', 1, 0));
    await isLike(reader, writer);
    await until(() => isDeepStrictEqual(toldOf(), ['a.ts', 'b.ts', 'c.ts', 'd.ts'])); // told after memory has them
    await assert.rejects(put(reader, makeDocument('e.ts', 1, 1)), locked);
  });

  it('has the ledger and new times of files with the next checkpoint', async () => {
    const writer = await open();
    await put(writer, makeDocument('a.ts', 1, 3));
    await put(writer, makeDocument('z.ts', 1, 3));
    const reader = await open();
    writer.touchDocument('a.ts', 7, 8);
    writer.recordLeftOut([{ path: 'b.bin', reason: 'binary' }, { path: 'z.ts', reason: 'embedding-failed' }], false); // prettier-ignore
    await writer.checkpoint();
    await put(writer, makeDocument('z.ts', 2, 3));
    await isLike(reader, writer);
    assert.equal(reader.documents.get('a.ts')?.mtimeMs, 8);
  });

  it('has the ledger and new times of files with the next flush, without a checkpoint', async () => {
    const writer = await open();
    for (const name of ['a.ts', 'y.ts', 'z.ts']) await put(writer, makeDocument(name, 1, 3));
    writer.recordLeftOut([{ path: 'gone.bin', reason: 'binary' }, { path: 'y.ts', reason: 'embedding-failed' }], false); // prettier-ignore
    await writer.checkpoint();
    const shards = fs.readdirSync(folder).filter((name) => !name.startsWith('journal'));
    const reader = await open();
    await isLike(reader, writer);
    writer.touchDocument('a.ts', 7, 8);
    writer.recordLeftOut([{ path: 'b.bin', reason: 'binary', size: 1, mtimeMs: 2 }, { path: 'z.ts', reason: 'embedding-failed', detail: 'row-refused' }], false); // prettier-ignore
    await writer.flush();
    await isLike(reader, writer);
    assert.equal(reader.documents.get('a.ts')?.mtimeMs, 8);
    await put(writer, makeDocument('y.ts', 1, 3)); // as it was, but all of it
    await writer.removeDocuments(['gone.bin']);
    writer.recordLeftOut([], true);
    await writer.flush();
    await isLike(reader, writer);
    assert.equal(reader.coverage().filter(({ state }) => state === 'indexed').length, 3);
    assert.deepEqual(fs.readdirSync(folder).filter((name) => !name.startsWith('journal')), shards); // prettier-ignore
  });

  it('has nothing any more when the index is cleared', async () => {
    const writer = await open();
    await put(writer, makeDocument('a.ts', 1, 3));
    await writer.checkpoint();
    await put(writer, makeDocument('b.ts', 1, 3));
    const reader = await open();
    assert.equal(reader.documents.size, 2);
    await writer.clear();
    await isLike(reader, writer);
    assert.equal(reader.table.count, 0);
  });

  it('writes when the other one is closed, with nothing lost, and says so once', async () => {
    const writer = await open();
    await put(writer, makeDocument('a.ts', 1, 3));
    const reader = await open();
    const third = await open();
    await put(writer, makeDocument('b.ts', 1, 3));
    const snapshot = snapshotOf(writer);
    await writer.close();
    const readers = [reader, third];
    await until(() => readers.some(({ report }) => report.readOnlyBecausePid === undefined));
    const heir = readers.find(({ report }) => report.readOnlyBecausePid === undefined)!;
    const other = readers.find((one) => one !== heir)!;
    await isLike(heir, snapshot);
    await put(heir, makeDocument('c.ts', 1, 1));
    await isLike(other, heir);
    assert.equal(other.report.readOnlyBecausePid, process.pid);
    assert.equal(changes.filter(({ role }) => role).length, 1);
  });

  it('takes a free lock at once for whoever wants to write', async () => {
    const writer = await open();
    const reader = await open();
    await assert.rejects(reader.whenWritable(new AbortController().signal), locked);
    await writer.close();
    await reader.whenWritable(new AbortController().signal);
    await put(reader, makeDocument('a.ts', 1, 1));
  });

  it('waits for a lock whose owner is silent, until it is asked no longer', async () => {
    const writer = await open();
    const file = path.join(folder, 'writer.lock');
    await writer.close();
    fs.writeFileSync(file, JSON.stringify({ pid: 1, host: 'elsewhere', token: 't' }));
    fs.utimesSync(file, 1, 1);
    const reader = await open();
    const abort = new AbortController();
    const waiting = reader.whenWritable(abort.signal);
    setTimeout(() => abort.abort(), 30);
    await assert.rejects(waiting, { name: 'AbortError' });
    const again = reader.whenWritable(new AbortController().signal);
    fs.rmSync(file);
    await again;
  });

  it('is what a writer becomes that was taken for dead, with what the other one wrote', async () => {
    const sleeper = await open(unflushed, 20);
    await put(sleeper, makeDocument('a.ts', 1, 3));
    fs.rmSync(path.join(folder, 'writer.lock')); // the machine sleeps, another one takes over
    const other = await openTestStore(folder);
    await put(other, makeDocument('a.ts', 2, 2));
    await put(other, makeDocument('b.ts', 1, 2));
    await isLike(sleeper, other);
    await until(() => sleeper.report.readOnlyBecausePid === process.pid);
    await until(() => isDeepStrictEqual(toldOf(), ['a.ts', 'b.ts'])); // told after memory has them
    await assert.rejects(put(sleeper, makeDocument('c.ts', 1, 1)), locked);
    await other.close();
    await until(() => sleeper.report.readOnlyBecausePid === undefined);
    await put(sleeper, makeDocument('c.ts', 1, 1));
  });

  it('changes nothing with the first write after that', async () => {
    const sleeper = await open();
    await put(sleeper, makeDocument('a.ts', 1, 3));
    fs.rmSync(path.join(folder, 'writer.lock'));
    const other = await openTestStore(folder);
    await assert.rejects(put(sleeper, makeDocument('a.ts', 3, 3)), locked);
    await put(other, makeDocument('b.ts', 1, 2));
    await isLike(sleeper, other);
    await other.close();
  });

  it('never writes where it must not, and follows there too', async () => {
    const writer = await open();
    await put(writer, makeDocument('a.ts', 1, 3));
    const reader = await open(deniedFileSystem('EROFS'));
    await put(writer, makeDocument('b.ts', 1, 3));
    await isLike(reader, writer);
    await writer.close();
    await until(() => reader.report.readOnlyBecauseErrno === 'EROFS');
    assert.equal(reader.report.readOnlyBecausePid, undefined);
    const next = await openTestStore(folder);
    await put(next, makeDocument('c.ts', 1, 3));
    await isLike(reader, next);
    assert.equal(reader.report.readOnlyBecauseErrno, 'EROFS');
    await next.close();
  });

  it('leaves no timer and no lock behind when it is closed', async () => {
    const writer = await open();
    const reader = await open();
    await Promise.all([reader.close(), writer.close()]);
    assert.equal(fs.existsSync(path.join(folder, 'writer.lock')), false);
    await writer.close();
  });
});

describe('following an index', () => {
  let folder: string;
  let writer: VectorStore;
  let shardsRead: string[];
  beforeEach(async () => {
    folder = temporaryFolder();
    writer = await openTestStore(folder);
    shardsRead = [];
  });
  afterEach(async () => {
    await writer.close().catch(() => undefined);
    removeFolder(folder);
  });

  const watched: FileSystem = {
    ...nodeFileSystem,
    readFile: ((file: string) => {
      if (file.endsWith('.pb')) shardsRead.push(path.basename(file));
      return nodeFileSystem.readFile(file);
    }) as FileSystem['readFile'],
  };
  const follow = async (
    more: { vectorMemoryBytes?: number } = {},
  ): Promise<{ loaded: LoadedIndex; follower: IndexFollower; holds: () => string[] }> => {
    const loaded = await loadSteadily({ fs: nodeFileSystem, folder, space: spaceOf(), mend: false, nowMs: 0, ...more });
    const follower = new IndexFollower(watched, folder, loaded, () => 0);
    const { documents, table } = loaded.state;
    /** `path version`; fails for a document whose chunks are of several versions. */
    const holds = (): string[] =>
      [...documents.values()]
        .map(({ path: name, size }) => {
          const version = size - 100;
          const expected = makeDocument(name, version, table.rowsOf(name).length);
          assert.deepEqual(
            table.rowsOf(name).map((row) => table.chunks[row]),
            expected.chunks,
          );
          assert.deepEqual(table.copyRowsOf(name), expected.vectors);
          return `${name} ${version}`;
        })
        .sort();
    return { loaded, follower, holds };
  };

  it('reads again only the shards that changed', async () => {
    for (let i = 0; i < 40; i++) await put(writer, makeDocument(`f${i}.ts`, 1, 2));
    await writer.checkpoint();
    const { follower, holds } = await follow();
    await put(writer, makeDocument('f7.ts', 2, 3));
    await writer.checkpoint();
    assert.deepEqual(await follower.catchUp(), ['f7.ts']);
    assert.equal(shardsRead.length, 1);
    assert.match(shardsRead[0]!, new RegExp(`shard-0*${shardOf('f7.ts')}-`));
    assert.equal(holds().length, 40);
    assert.deepEqual(await follower.catchUp(), []);
    assert.equal(shardsRead.length, 1);
  });

  it('leaves the vectors of shards on disk where memory has no room for them', async () => {
    await put(writer, makeDocument('before.ts', 1, 2));
    await writer.checkpoint();
    const { follower, holds, loaded } = await follow({ vectorMemoryBytes: 0 });
    for (let i = 0; i < 40; i++) await put(writer, makeDocument(`f${i}.ts`, 1, 2));
    await follower.catchUp();
    await writer.checkpoint();
    await put(writer, makeDocument('f7.ts', 2, 3)); // is in the journal alone
    await follower.catchUp();
    assert.equal(holds().length, 41);
    for (const name of fs.readdirSync(folder).filter((one) => one.startsWith('shard'))) {
      fs.truncateSync(path.join(folder, name));
    }
    const inMemory = [...loaded.state.documents.keys()].filter((one) => loaded.state.table.copyRowsOf(one));
    assert.deepEqual(inMemory, ['f7.ts']);
  });

  it('has the vectors of a document that changed, was checkpointed and changed back between two looks', async () => {
    await put(writer, makeDocument('a.ts', 1, 2));
    await writer.checkpoint();
    const { follower, holds } = await follow({ vectorMemoryBytes: 0 });
    await put(writer, makeDocument('a.ts', 2, 2));
    await writer.checkpoint();
    await put(writer, makeDocument('a.ts', 1, 2)); // no shard holds these vectors any more
    assert.deepEqual(await follower.catchUp(), []);
    assert.deepEqual(holds(), ['a.ts 1']);
  });

  it('does nothing twice: what the journal told, a checkpoint tells in vain', async () => {
    const { follower, loaded } = await follow();
    await put(writer, makeDocument('a.ts', 1, 2));
    assert.deepEqual(await follower.catchUp(), ['a.ts']);
    const { revision } = loaded.state.table;
    await writer.checkpoint();
    assert.deepEqual(await follower.catchUp(), []);
    assert.equal(loaded.state.table.revision, revision);
  });

  it('waits for the rest of a record, at every byte', async () => {
    const { follower, holds } = await follow();
    await put(writer, makeDocument('a.ts', 1, 2));
    await follower.catchUp();
    const journal = path.join(
      folder,
      fs.readdirSync(folder).find((name) => name.startsWith('journal'))!,
    );
    const record = encodeRecord({ replace: makeDocument('b.ts', 1, 3) });
    for (const byte of record) {
      assert.deepEqual(holds(), ['a.ts 1']);
      fs.appendFileSync(journal, Buffer.of(byte));
      await follower.catchUp();
    }
    assert.deepEqual(holds(), ['a.ts 1', 'b.ts 1']);
  });

  it('never goes back: a document that the journal has newer than the shards stays newer', async () => {
    const { follower, holds } = await follow();
    await put(writer, makeDocument('a.ts', 1, 2));
    await writer.checkpoint();
    await put(writer, makeDocument('a.ts', 2, 2));
    await follower.catchUp();
    assert.deepEqual(holds(), ['a.ts 2']);
    await writer.checkpoint();
    await put(writer, makeDocument('a.ts', 3, 2));
    const catchUp = follower.catchUp();
    for (let over = false; !over;) {
      over = await Promise.race([catchUp.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
      assert.match(holds()[0]!, /[23]$/);
    }
    assert.deepEqual(holds(), ['a.ts 3']);
  }); // prettier-ignore

  it('keeps what it has of a shard that is damaged or gone, and takes in the rest', async () => {
    await put(writer, makeDocument('a.ts', 1, 2));
    await put(writer, makeDocument('b.ts', 1, 2));
    await writer.checkpoint();
    const { follower, holds } = await follow();
    await put(writer, makeDocument('a.ts', 2, 2));
    await put(writer, makeDocument('b.ts', 2, 2));
    await writer.checkpoint();
    const shard = String(shardOf('a.ts')).padStart(3, '0');
    const file = path.join(
      folder,
      fs.readdirSync(folder).find((name) => name.startsWith(`shard-${shard}`))!,
    );
    const whole = fs.readFileSync(file);
    fs.rmSync(file);
    await follower.catchUp();
    assert.deepEqual(holds(), ['a.ts 1', 'b.ts 1']);
    fs.writeFileSync(file, whole.subarray(1));
    assert.deepEqual(await follower.catchUp(), ['b.ts']);
    assert.deepEqual(holds(), ['a.ts 1', 'b.ts 2']);
    await put(writer, makeDocument('a.ts', 3, 2));
    await writer.checkpoint();
    await follower.catchUp();
    assert.deepEqual(holds(), ['a.ts 3', 'b.ts 2']);
  });

  it('arrives at the same index whatever happens between two looks', async function () {
    this.timeout(30_000);
    const random = seeded(7);
    const { loaded, follower, holds } = await follow();
    for (let step = 0; step < 600; step++) {
      const dice = random();
      const name = `f${Math.floor(random() * 12)}.ts`;
      if (dice < 0.08) await writer.checkpoint();
      else if (dice < 0.1) await writer.clear();
      else if (dice < 0.25) await writer.removeDocuments([name]);
      else if (dice < 0.3) writer.recordLeftOut([{ path: name, reason: 'binary' }], random() < 0.5);
      else if (dice < 0.35) writer.touchDocument(name, writer.documents.get(name)?.size ?? 0, step);
      else if (dice < 0.45) await writer.flush();
      else await put(writer, makeDocument(name, step, Math.floor(random() * 4)));
      if (random() < 0.3) await follower.catchUp();
      holds();
    }
    for (const end of [() => writer.flush(), () => writer.checkpoint()]) {
      await end();
      await follower.catchUp();
      const told = [...writer.documents.keys()].sort();
      assert.deepEqual([...loaded.state.documents.keys()].sort(), told);
      assert.deepEqual(loaded.state.coverage(), writer.coverage());
      for (const name of told) {
        assert.deepEqual(loaded.state.documents.get(name), writer.documents.get(name));
        assert.equal(loaded.state.table.rowsOf(name).length, writer.rowsOf(name).length);
      }
    }
  });
});
