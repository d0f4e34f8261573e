import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { topK } from '../../../src/engine/search/vectorSearch.ts';
import { DEFAULT_VECTOR_MEMORY_BYTES, FloatRows } from '../../../src/engine/store/floatRows.ts';
import { ShardFile } from '../../../src/engine/store/shardFile.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import { faultyFileSystem } from './faultyFileSystem.ts';
import {
  DIMENSION,
  makeDocument,
  openTestStore,
  put,
  removeFolder,
  seeded,
  snapshotOf,
  temporaryFolder,
  unitVector,
  vectorOfHash,
} from './storeFixtures.ts';

const BUDGETS: Readonly<Record<string, number>> = {
  'all in memory': DEFAULT_VECTOR_MEMORY_BYTES,
  'all on disk': 0,
  'first in memory, then on disk': 40 * DIMENSION * 4,
};

describe('exact vectors in memory', () => {
  it('stay there where their shard can not be opened, however many come', () => {
    const rows = new FloatRows(DIMENSION, 10 * DIMENSION * 4);
    const gone = new ShardFile(path.join(os.tmpdir(), 'vectorscope-no-such-shard.pb'));
    const vectors = Array.from({ length: 2_000 }, (_, i) => unitVector(seeded(i)));
    vectors.forEach((vector, row) => rows.set(row, vector, row < 5 ? gone : undefined));
    assert.ok(rows.inMemory);
    vectors.forEach((vector, row) => assert.deepEqual(rows.read(row), vector));
  });
});

describe('the exact vectors of an index', () => {
  let folder: string;
  let store: VectorStore;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(async () => {
    await store.close();
    removeFolder(folder);
  });

  const open = (budget: number): Promise<VectorStore> => openTestStore(folder, faultyFileSystem().fs, Date.now, budget);
  const reopened = async (budget: number): Promise<VectorStore> => {
    await store.close();
    return (store = await open(budget));
  };

  for (const [name, budget] of Object.entries(BUDGETS)) {
    it(`stay those that were stored over random changes, checkpoints and restarts (${name})`, async function () {
      this.timeout(60_000);
      store = await open(budget);
      const random = seeded(7);
      const expected = new Map<string, ReturnType<typeof makeDocument>>();
      for (let step = 0; step < 400; step++) {
        const documentPath = `folder${Math.floor(random() * 4)}/file${Math.floor(random() * 12)}.ts`;
        const dice = random();
        if (dice < 0.65) {
          const one = makeDocument(documentPath, Math.floor(random() * 3), Math.floor(random() * 9));
          expected.set(documentPath, one);
          await put(store, one);
        } else if (dice < 0.9) {
          expected.delete(documentPath);
          await store.removeDocuments([documentPath, 'never-there.ts']);
        } else if (dice < 0.97) await store.checkpoint();
        else await reopened(budget);
      }
      for (const final of [store, await reopened(budget)]) {
        assert.equal(
          final.table.count,
          [...expected.values()].reduce((sum, { chunks }) => sum + chunks.length, 0),
        );
        assert.deepEqual([...final.documents.keys()].sort(), [...expected.keys()].sort());
        const { documents } = snapshotOf(final);
        for (const [documentPath, one] of expected) {
          const { record, chunks } = documents[documentPath]!;
          assert.deepEqual(record, one.document);
          assert.deepEqual(
            chunks.map((chunk) => ({ ...chunk, vector: '' })),
            one.chunks.map((chunk) => ({ ...chunk, vector: '' })),
          );
          assert.equal(chunks.map(({ vector }) => vector).join(''), Buffer.from(one.vectors.buffer).toString('hex'));
        }
      }
    });
  }

  it('are searched with the same answers in memory and on disk', async () => {
    store = await open(BUDGETS['all in memory'] ?? 0);
    for (let i = 0; i < 60; i++) await put(store, makeDocument(`f${i}.ts`, 1, 1 + (i % 7)));
    const queries = Array.from({ length: 20 }, (_, i) => unitVector(seeded(i)));
    const answers = (): unknown =>
      queries.map((query) => topK(store.table, query, 9).map(({ row, similarity }) => [store.table.chunks[row], similarity])); // prettier-ignore
    const expected = answers();
    await reopened(0);
    assert.deepEqual(answers(), expected);
    for (let i = 0; i < 30; i++) await put(store, makeDocument(`f${i}.ts`, 1, 1 + (i % 7))); // not yet in a shard
    assert.deepEqual(answers(), expected);
    await store.checkpoint();
    assert.deepEqual(answers(), expected);
  });

  it('are known roughly where the disk no longer gives them, and never written back like that', async () => {
    store = await open(0);
    for (let i = 0; i < 40; i++) await put(store, makeDocument(`f${i}.ts`, 1, 2));
    await reopened(0);
    const query = unitVector(seeded(1));
    const before = topK(store.table, query, 5);
    for (const name of fs.readdirSync(folder).filter((each) => each.startsWith('shard'))) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, fs.readFileSync(file).fill(0x41, 8)); // the same file, with other bytes
    }
    const after = topK(store.table, query, 5);
    after.forEach(({ similarity }, i) => assert.ok(Math.abs(similarity - (before[i]?.similarity ?? 0)) < 0.02));
    const { hash } = makeDocument('f3.ts', 1, 2).chunks[0]!;
    assert.equal(store.findVector(hash), undefined, 'a vector that is not exact is never used again');
    await put(store, makeDocument('f3.ts', 2, 2));
    await Promise.allSettled([store.checkpoint()]);
    const found = snapshotOf(store).documents['f3.ts']!;
    assert.equal(found.chunks[0]!.vector, Buffer.from(vectorOfHash(found.chunks[0]!.hash).buffer).toString('hex'));
    await assert.rejects(store.close(), { code: 'storage-failed' });
    store = await open(0);
    assert.ok(store.report.lostDocuments.length > 30);
    assert.ok(!store.report.lostDocuments.includes('f3.ts'));
  });

  it('need no more memory than allowed while documents come in', async () => {
    store = await open(20 * DIMENSION * 4);
    for (let i = 0; i < 30; i++) await put(store, makeDocument(`f${i}.ts`, 1, 3));
    const before = snapshotOf(store);
    await store.checkpoint();
    assert.deepEqual(snapshotOf(store), before);
    await store.clear();
    assert.equal(store.table.count, 0);
    await put(store, makeDocument('a.ts', 1, 3));
    assert.deepEqual(Object.keys(snapshotOf(store).documents), ['a.ts']);
  });
});
