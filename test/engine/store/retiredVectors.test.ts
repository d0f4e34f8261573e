import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { RetiredVectors } from '../../../src/engine/store/retiredVectors.ts';
import { encodeRetired, type RetiredVector } from '../../../src/engine/store/shard.ts';
import { vectorOffsets } from '../../../src/engine/store/shardCodec.ts';
import { ShardFile } from '../../../src/engine/store/shardFile.ts';
import { DIMENSION, makeDocument, openTestStore, put, removeFolder, seeded, temporaryFolder, unitVector } from './storeFixtures.ts'; // prettier-ignore
import { faultyFileSystem } from './faultyFileSystem.ts';

const ROW_BYTES = DIMENSION * 4;

describe('vectors of texts that are gone', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => removeFolder(folder));

  const random = seeded(3);
  const one = (name: string): RetiredVector => ({ hash: name, vector: unitVector(random), retiredAtMs: 0 });
  const some = (count: number, name = 'h'): RetiredVector[] => Array.from({ length: count }, (_, i) => one(`${name}${i}`)); // prettier-ignore
  const retiredOf = (live: number, memoryBytes: number): RetiredVectors =>
    new RetiredVectors({ dimension: DIMENSION, live: () => live, memoryBytes, limitBytes: 10 * ROW_BYTES });
  /** Writes them as a checkpoint does. */
  const settle = (retired: RetiredVectors, name: string): string => {
    const bytes = encodeRetired(retired.all());
    const file = path.join(folder, name);
    fs.writeFileSync(file, bytes);
    retired.settle(new ShardFile(file), vectorOffsets(bytes));
    return file;
  };
  const kept = (retired: RetiredVectors, of: readonly RetiredVector[]): string[] =>
    of.flatMap(({ hash, vector }) => {
      const found = retired.find(hash);
      if (found) assert.deepEqual(found, vector);
      return found ? [hash] : [];
    });

  for (const [live, most] of [
    [0, 10],
    [40, 10],
    [100, 25],
  ] as const) {
    it(`are ${most} at most beside ${live} that are in use; the oldest go`, () => {
      const retired = retiredOf(live, 1e9);
      const all = some(60);
      for (const each of all) retired.keep(each);
      assert.deepEqual(kept(retired, all), all.slice(-most).map(({ hash }) => hash)); // prettier-ignore
    });
  }

  it('are read from their file where memory has no room, also when more come, and the file is written anew', () => {
    const retired = retiredOf(1_000, 5 * ROW_BYTES);
    const all = some(20);
    for (const each of all) retired.keep(each);
    const first = settle(retired, 'first');
    assert.equal(kept(retired, all).length, 20);
    const later = some(20, 'later');
    for (const each of later) retired.keep(each);
    retired.forget('h3');
    const second = settle(retired, 'second');
    fs.rmSync(first);
    assert.deepEqual(kept(retired, [...all, ...later]).length, 39);
    fs.truncateSync(second);
    assert.deepEqual(kept(retired, [...all, ...later]), [], 'none is in memory');
    assert.deepEqual([...retired.all()], []);
    retired.close();
  });

  it('stay in memory where there is room', () => {
    const retired = retiredOf(1_000, 1e9);
    const all = some(8);
    for (const each of all) retired.keep(each);
    fs.truncateSync(settle(retired, 'file'));
    assert.equal(kept(retired, all).length, 8);
    retired.close();
  });

  it('come back from an index whose memory has no room, over checkpoints and restarts', async () => {
    const { fs: unflushed } = faultyFileSystem();
    const open = () => openTestStore(folder, unflushed, Date.now, 0);
    let store = await open();
    const versions = Array.from({ length: 30 }, (_, version) => makeDocument('a.ts', version, 3));
    for (const [i, version] of versions.entries()) {
      await put(store, version);
      if (i % 7 === 0) await store.checkpoint();
      if (i % 11 === 0) {
        await store.close();
        store = await open();
      }
    }
    for (const { chunks, vectors } of versions) {
      chunks.forEach(({ hash }, i) => {
        const expected = vectors.subarray(i * DIMENSION, (i + 1) * DIMENSION);
        assert.deepEqual(store.findVector(hash), expected);
      });
    }
    await store.close();
  });
});
