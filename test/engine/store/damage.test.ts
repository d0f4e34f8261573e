import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { EngineError, isEngineError } from '../../../src/engine/errors.ts';
import type { FileSystem } from '../../../src/engine/store/durableFiles.ts';
import { shardOf } from '../../../src/engine/store/indexState.ts';
import { encodeRecord, readJournal } from '../../../src/engine/store/journal.ts';
import { loadSteadily } from '../../../src/engine/store/loadIndex.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import {
  DIMENSION,
  type TestDocument,
  copyIndex,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  spaceOf,
  temporaryFolder,
} from './storeFixtures.ts';

describe('a damaged index', () => {
  let folder: string;
  let base: string;
  let index: string;
  /** Versions of each document that were ever stored. */
  const stored = new Map<string, TestDocument[]>();
  /** What a sound index holds. */
  const current = new Map<string, TestDocument>();

  before(async () => {
    folder = temporaryFolder();
    base = path.join(folder, 'base');
    index = path.join(folder, 'index');
    const store = await openTestStore(base);
    const write = async (one: TestDocument): Promise<void> => {
      await put(store, one);
      stored.set(one.document.path, [...(stored.get(one.document.path) ?? []), one]);
      current.set(one.document.path, one);
    };
    for (let i = 0; i < 16; i++) await write(makeDocument(`src/file${i}.ts`, 1, 1 + (i % 3)));
    await write(makeDocument('retired.ts', 1, 2));
    await write(makeDocument('retired.ts', 2, 2));
    await store.checkpoint();
    for (let i = 0; i < 5; i++) await write(makeDocument(`src/file${i}.ts`, 2, 2));
    for (let i = 0; i < 5; i++) await write(makeDocument(`new${i}.ts`, 1, 2));
    copyIndex(base, index);
    await store.close();
    copyIndex(index, base);
  });
  after(() => removeFolder(folder));

  const fileNames = (): string[] => fs.readdirSync(base).sort();
  const nameOf = (start: string): string => fileNames().find((name) => name.startsWith(start))!;
  const damage = (name: string, change: (bytes: Buffer) => Buffer): void => {
    copyIndex(base, index);
    fs.writeFileSync(path.join(index, name), change(fs.readFileSync(path.join(base, name))));
  };
  const assertSound = (store: VectorStore, file: string, versions: readonly TestDocument[]): void => {
    const { record, chunks } = snapshotOf(store).documents[file]!;
    const version = versions.find(({ document }) => document.hash === record.hash);
    assert.ok(version, `${file} is of no version that was stored`);
    assert.deepEqual(record, version.document);
    assert.equal(chunks.map(({ vector }) => vector).join(''), Buffer.from(version.vectors.buffer).toString('hex'));
    assert.deepEqual(chunks.map(({ text }) => text), version.chunks.map(({ text }) => text)); // prettier-ignore
  };

  it('opens with any byte of any file changed or its end cut off, and never gives back what was not stored', async function () {
    this.timeout(120_000);
    const random = seeded(3);
    for (let round = 0; round < 60; round++) {
      const name = fileNames()[Math.floor(random() * fileNames().length)]!;
      const cut = random() < 0.3;
      damage(name, (bytes) => {
        const at = Math.floor(random() * bytes.length);
        if (cut) return bytes.subarray(0, at);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        return bytes;
      });
      const store = await openTestStore(index);
      for (const file of store.documents.keys()) assertSound(store, file, stored.get(file) ?? []);
      for (const file of store.report.lostDocuments) assert.ok(!store.documents.has(file));
      const before = snapshotOf(store);
      await store.close();
      const again = await openTestStore(index);
      assert.deepEqual(again.report, { lostDocuments: [], setAside: [] }, `${name} is mended`);
      assert.deepEqual(snapshotOf(again), before);
      await again.close();
    }
  });

  it('loses only the documents of a damaged shard, names them and keeps the file', async () => {
    const shard = nameOf('shard-');
    damage(shard, (bytes) => bytes.fill(7, 5, 10));
    const store = await openTestStore(index);
    const inShard = [...current.keys()].filter((file) => shardOf(file) === Number(shard.slice(6, 9)));
    const journalled = (file: string): boolean => (stored.get(file)?.length ?? 0) > 1 || file.startsWith('new');
    assert.deepEqual(store.report.lostDocuments, inShard.filter((file) => !journalled(file)).sort());
    assert.ok(store.report.lostDocuments.length > 0);
    assert.equal(store.documents.size, current.size - store.report.lostDocuments.length);
    const [aside] = store.report.setAside;
    assert.equal(path.dirname(aside!), path.join(index, 'set-aside'));
    assert.deepEqual(fs.readFileSync(aside!), fs.readFileSync(path.join(base, shard)).fill(7, 5, 10));
    for (const file of store.report.lostDocuments) await put(store, current.get(file)!);
    await store.close();
    const mended = await openTestStore(index);
    assert.deepEqual([...mended.documents.keys()].sort(), [...current.keys()].sort());
    await mended.close();
  });

  describe('with files that can’t be read', () => {
    /** Denies reading these files, `times` times each. */
    const unreadable = (code: string, names: readonly string[], times = Infinity): FileSystem => {
      const counts = new Map<string, number>();
      const readFile = async (file: string): Promise<Buffer> => {
        const name = path.basename(file);
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        if (names.includes(name) && count <= times) throw Object.assign(new Error(`injected ${code}`), { code });
        return fsPromises.readFile(file);
      };
      return { ...fsPromises, readFile: readFile as FileSystem['readFile'] };
    };
    const shards = (): string[] => fileNames().filter((name) => name.startsWith('shard-'));

    for (const code of ['EIO', 'EBUSY', 'EACCES']) {
      it(`gives up one shard (${code}), names its documents, sets it aside and answers from the rest`, async () => {
        copyIndex(base, index);
        const shard = nameOf('shard-');
        const inShard = [...current.keys()].filter((file) => shardOf(file) === Number(shard.slice(6, 9)));
        const reader = await loadSteadily({ fs: unreadable(code, [shard]), folder: index, space: spaceOf(), mend: false, nowMs: 0 }); // prettier-ignore
        assert.deepEqual(reader.setAside, []);
        const store = await openTestStore(index, unreadable(code, [shard]));
        const { lostDocuments, setAside } = store.report;
        assert.ok(lostDocuments.length > 0);
        assert.deepEqual(reader.lost.map(({ path: one }) => one), lostDocuments); // prettier-ignore
        assert.ok(lostDocuments.every((one) => inShard.includes(one)));
        assert.equal(store.documents.size, current.size - lostDocuments.length);
        assert.deepEqual(setAside.map((file) => fs.readFileSync(file)), [fs.readFileSync(path.join(base, shard))]); // prettier-ignore
        assert.deepEqual(store.leftOut().map(({ path: one, reason }) => [one, reason]).sort(), lostDocuments.map((one) => [one, 'not-indexed-yet'])); // prettier-ignore
        await store.close();
        const again = await openTestStore(index);
        assert.deepEqual(again.report, { lostDocuments: [], setAside: [] });
        await again.close();
      });
    }

    it('waits for one that is busy for a moment', async () => {
      copyIndex(base, index);
      const store = await openTestStore(index, unreadable('EBUSY', [nameOf('shard-')], 2));
      assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
      assert.equal(store.documents.size, current.size);
      await store.close();
    });

    it('gives up nothing where it is most of them, or where the error is not of the file', async () => {
      copyIndex(base, index);
      const before = fs.readdirSync(index);
      const failed = (error: unknown): boolean => isEngineError(error, 'storage-failed');
      await assert.rejects(openTestStore(index, unreadable('EIO', shards())), failed);
      await assert.rejects(openTestStore(index, unreadable('EMFILE', shards().slice(0, 1))), failed);
      assert.deepEqual(fs.readdirSync(index), before);
    });
  });

  const withoutManifest: readonly [string, (file: string) => void][] = [
    ['missing', (file) => fs.rmSync(file)],
    ['empty', (file) => fs.writeFileSync(file, '')],
    ['something else', (file) => fs.writeFileSync(file, '{"checksum":"0",\n"format":1}')],
  ];
  for (const [name, change] of withoutManifest) {
    it(`is put together from its shards and journal when the manifest is ${name}`, async () => {
      copyIndex(base, index);
      change(path.join(index, 'manifest.json'));
      const store = await openTestStore(index);
      assert.deepEqual([...store.documents.keys()].sort(), [...current.keys()].sort());
      for (const [file, one] of current) assertSound(store, file, [one]);
      assert.ok(store.findVector(stored.get('retired.ts')![0]!.chunks[0]!.hash));
      await store.close();
    });
  }

  it('takes the newest whole file of each shard when there is no manifest', async () => {
    copyIndex(base, index);
    const store = await openTestStore(index);
    const kept = fileNames().filter((name) => name.startsWith('shard'));
    await store.close();
    for (const name of kept) fs.copyFileSync(path.join(base, name), path.join(index, name));
    fs.rmSync(path.join(index, 'manifest.json'));
    const mended = await openTestStore(index);
    for (const [file, one] of current) assertSound(mended, file, [one]);
    await mended.close();
    assert.equal(fs.readdirSync(index).filter((name) => name.startsWith('shard')).length, kept.length + 5 - overlap());
    /** Shards that both the first checkpoint and the journal wrote. */
    function overlap(): number {
      const first = new Set(kept.map((name) => Number(name.slice(6, 9))));
      return [0, 1, 2, 3, 4].filter((i) => first.has(shardOf(`new${i}.ts`))).length;
    }
  });

  it('is left untouched when a newer version wrote it', async () => {
    copyIndex(base, index);
    const body = '"format":2,"whatever":true}\n';
    const checksum = createHash('sha256').update(body).digest('hex');
    fs.writeFileSync(path.join(index, 'manifest.json'), `{"checksum":"${checksum}",\n${body}`);
    const before = fs.readdirSync(index);
    await assert.rejects(openTestStore(index), (error) => {
      assert.ok(error instanceof EngineError);
      assert.deepEqual([error.code, error.details], ['index-too-new', { version: 2 }]);
      return true;
    });
    assert.deepEqual(fs.readdirSync(index), before);
  });

  it('is set aside whole when it belongs to another space', async () => {
    copyIndex(base, index);
    const space = { ...spaceOf(), model: 'another' };
    const store = await openStore({ folder: index, space, partDimensions: [DIMENSION] });
    assert.equal(store.documents.size, 0);
    assert.equal(store.report.setAside.length, fileNames().length);
    await store.close();
  });

  it('does not follow a reader: one that may not write moves nothing', async () => {
    const writer = await openTestStore(path.join(folder, 'locked'));
    await put(writer, makeDocument('a.ts', 1, 1));
    await writer.checkpoint();
    const names = fs.readdirSync(path.join(folder, 'locked'));
    const shard = names.find((name) => name.startsWith('shard'))!;
    fs.appendFileSync(path.join(folder, 'locked', shard), 'x');
    const reader = await openTestStore(path.join(folder, 'locked'));
    assert.deepEqual(reader.report.lostDocuments, ['a.ts']);
    assert.deepEqual(reader.report.setAside, []);
    assert.deepEqual(fs.readdirSync(path.join(folder, 'locked')), names);
    await reader.close();
    await writer.close();
  });

  describe('journal', () => {
    const entries = [1, 2, 3].map((version) => ({ replace: makeDocument(`a${version}.ts`, version, version) }));
    const records = entries.map(encodeRecord);

    it('gives all whole records when the last one was cut at any byte', () => {
      for (let bytes = 0; bytes < records[2]!.length; bytes++) {
        const torn = Buffer.concat([records[0]!, records[1]!, records[2]!.subarray(0, bytes)]);
        const { entries: found, damaged } = readJournal(torn, DIMENSION);
        assert.equal(found.length, 2);
        assert.equal(damaged, false, `cut at ${bytes}`);
      }
    });

    it('gives the records behind a damaged one, at every byte of that one', () => {
      for (let at = 0; at < records[1]!.length; at++) {
        const broken = Buffer.from(records[1]!);
        broken[at] = (broken[at] ?? 0) ^ 0x55;
        const { entries: found, damaged } = readJournal(Buffer.concat([records[0]!, broken, records[2]!]), DIMENSION);
        assert.deepEqual(found, [entries[0], entries[2]]);
        assert.equal(damaged, true);
      }
    });

    it('gives removals and documents without chunks', () => {
      const none = { replace: makeDocument('empty.ts', 1, 0) };
      const bytes = Buffer.concat([encodeRecord({ remove: ['a', '中'] }), encodeRecord(none)]);
      assert.deepEqual(readJournal(bytes, DIMENSION), {
        entries: [{ remove: ['a', '中'] }, none],
        damaged: false,
        wholeBytes: bytes.length,
      });
    });
  });
});
