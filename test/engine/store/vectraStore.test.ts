import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../../src/engine/errors.ts';
import { nodeFileSystem } from '../../../src/engine/store/durableFiles.ts';
import { SHARD_COUNT } from '../../../src/engine/store/indexState.ts';
import { openStore } from '../../../src/engine/store/vectraStore.ts';
import type { VectorStore } from '../../../src/engine/store/store.ts';
import {
  DIMENSION,
  copyIndex,
  makeDocument,
  openTestStore,
  put,
  putAll,
  removeFolder,
  snapshotOf,
  spaceOf,
  temporaryFolder,
  vectorOfHash,
} from './storeFixtures.ts';

const hasCode = (code: string) => (error: unknown) => error instanceof EngineError && error.code === code;

describe('vectraStore', () => {
  let folder: string;
  let store: VectorStore;

  beforeEach(async () => {
    folder = temporaryFolder();
    store = await openTestStore(path.join(folder, 'space'));
  });
  afterEach(async () => {
    await store.close();
    removeFolder(folder);
  });

  const reopened = async (): Promise<VectorStore> => {
    await store.close();
    store = await openTestStore(path.join(folder, 'space'));
    return store;
  };
  const names = (): string[] => fs.readdirSync(path.join(folder, 'space'));

  it('opens empty in a folder that does not exist', () => {
    assert.equal(store.table.count, 0);
    assert.equal(store.documents.size, 0);
    assert.deepEqual(store.report, { lostDocuments: [], setAside: [] });
    assert.deepEqual(store.coverage(), []);
  });

  it('holds a document byte for byte, in memory and after a restart', async () => {
    const one = makeDocument('src/a.ts', 1, 5);
    await put(store, one);
    const before = snapshotOf(store);
    assert.deepEqual(before.documents['src/a.ts']?.record, one.document);
    assert.deepEqual(
      store.rowsOf('src/a.ts').map((row) => store.table.chunks[row]),
      one.chunks,
    );
    assert.deepEqual(snapshotOf(await reopened()), before);
  });

  it('replaces all that it holds at once, in memory and on disk, and goes on from there', async () => {
    await put(store, makeDocument('a.ts', 1, 3));
    store.recordLeftOut([{ path: 'b.ts', reason: 'empty' }], false);
    const { revision, table } = store;
    await putAll(store, makeDocument('all.csv', 1, 450));
    assert.ok(store.revision > revision && store.table.revision > table.revision);
    assert.deepEqual(store.coverage(), [{ path: 'all.csv', state: 'indexed', chunks: 450 }]);
    assert.deepEqual(names().filter((name) => name.startsWith('journal')), []); // prettier-ignore
    await put(store, makeDocument('c.ts', 1, 2));
    const before = snapshotOf(store);
    assert.deepEqual(Object.keys(before.documents), ['all.csv', 'c.ts']);
    assert.deepEqual(snapshotOf(await reopened()), before);
  });

  it('holds what it held when that is stopped', async () => {
    await put(store, makeDocument('a.ts', 1, 3));
    const before = snapshotOf(store);
    const stopping = new AbortController();
    const stopped = putAll(store, makeDocument('all.csv', 1, 450), stopping.signal);
    setImmediate(() => stopping.abort());
    await assert.rejects(stopped, hasCode('cancelled'));
    assert.deepEqual(snapshotOf(store), before);
    assert.deepEqual(names().filter((name) => /^shard|tmp$/.test(name)), []); // prettier-ignore
    await put(store, makeDocument('a.ts', 2, 3));
    const after = snapshotOf(store);
    assert.deepEqual(snapshotOf(await reopened()), after);
  });

  it('keeps a document that was only journalled when nobody closed the store', async () => {
    await put(store, makeDocument('a.ts', 1, 3));
    copyIndex(path.join(folder, 'space'), path.join(folder, 'copy'));
    const copy = await openTestStore(path.join(folder, 'copy'));
    assert.deepEqual(snapshotOf(copy), snapshotOf(store));
    await copy.close();
  });

  it('writes changes one after the other even when they overlap', async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => put(store, makeDocument(`f${i % 20}.ts`, i, 3))).concat(store.checkpoint()),
    );
    const before = snapshotOf(store);
    assert.equal(Object.keys(before.documents).length, 20);
    for (let i = 0; i < 20; i++) assert.equal(before.documents[`f${i}.ts`]?.record.size, 100 + 40 + i);
    assert.deepEqual(snapshotOf(await reopened()), before);
  });

  it('finds a vector by text hash among live chunks, twins and retired ones, also after a restart', async () => {
    const one = makeDocument('a.ts', 1, 4);
    const twin = { ...makeDocument('b.ts', 1, 1), chunks: [{ ...one.chunks[0]!, path: 'b.ts' }] };
    const [first, second] = [one.chunks[0]!.hash, one.chunks[1]!.hash];
    await put(store, one);
    await put(store, { ...twin, vectors: vectorOfHash(first) });
    await put(store, makeDocument('a.ts', 2, 4));
    assert.deepEqual(store.findVector(first), vectorOfHash(first));
    await store.removeDocuments(['b.ts']);
    for (const each of [store, await reopened(), await reopened()]) {
      assert.deepEqual(each.findVector(first), vectorOfHash(first));
      assert.deepEqual(each.findVector(second), vectorOfHash(second));
      assert.equal(each.findVector('unknown'), undefined);
    }
  });

  it('forgets a retired vector after two weeks', async () => {
    await store.close();
    let now = Date.now();
    store = await openTestStore(path.join(folder, 'space'), undefined, () => now);
    const { hash } = makeDocument('a.ts', 1, 1).chunks[0]!;
    await put(store, makeDocument('a.ts', 1, 1));
    await store.removeDocuments(['a.ts']);
    await store.checkpoint();
    assert.ok(store.findVector(hash));
    now += 15 * 24 * 3600 * 1000;
    await store.checkpoint();
    assert.equal(store.findVector(hash), undefined);
    assert.equal(names().filter((name) => name.startsWith('retired')).length, 0);
  });

  it('never lets a caller write into the table through a found vector', async () => {
    const one = makeDocument('a.ts', 1, 1);
    await put(store, one);
    store.findVector(one.chunks[0]!.hash)!.fill(0);
    assert.deepEqual(store.findVector(one.chunks[0]!.hash), one.vectors);
  });

  it('keeps a new size and time across a restart without writing a shard', async () => {
    await put(store, makeDocument('a.ts', 1, 2));
    await store.checkpoint();
    const shards = names().filter((name) => name.endsWith('.pb'));
    store.touchDocument('a.ts', 4711, 1234.5);
    store.touchDocument('unknown.ts', 1, 1);
    await reopened();
    const { size, mtimeMs } = store.documents.get('a.ts')!;
    assert.deepEqual([size, mtimeMs], [4711, 1234.5]);
    assert.deepEqual(
      names().filter((name) => name.endsWith('.pb')),
      shards,
    );
  });

  it('holds documents without chunks and paths and texts with broken UTF-16', async () => {
    await put(store, makeDocument('empty.ts', 1, 0));
    const odd = makeDocument('odd\ud800.ts', 1, 1);
    await put(store, { ...odd, chunks: [{ ...odd.chunks[0]!, text: 'broken \udc00 text' }] });
    const before = snapshotOf(store);
    assert.equal(before.documents['odd\ud800.ts']?.chunks[0]?.text, 'broken \ufffd text');
    assert.deepEqual(snapshotOf(await reopened()), before);
    assert.deepEqual([...store.documents.keys()].sort(), ['empty.ts', 'odd\ud800.ts']);
  });

  describe('the ledger', () => {
    it('merges indexed documents and lines, in path order, and survives a restart', async () => {
      await put(store, makeDocument('b.ts', 1, 2));
      await put(store, {
        ...makeDocument('t.ts', 1, 1),
        document: { ...makeDocument('t.ts', 1, 1).document, truncatedAtBytes: 9 },
      });
      store.recordLeftOut(
        [
          { path: 'c.bin', reason: 'binary', size: 3 },
          { path: 'a.env', reason: 'security', detail: '.env*' },
        ],
        true,
      );
      store.recordLeftOut([{ path: 'd.ts', reason: 'unreadable', detail: 'EACCES' }], false);
      const expected = [
        { path: 'a.env', state: 'excluded', reason: 'security', detail: '.env*' },
        { path: 'b.ts', state: 'indexed', chunks: 2 },
        { path: 'c.bin', state: 'skipped', reason: 'binary', size: 3 },
        { path: 'd.ts', state: 'failed', reason: 'unreadable', detail: 'EACCES' },
        { path: 't.ts', state: 'indexed', chunks: 1, truncatedAtBytes: 9 },
      ];
      assert.deepEqual(store.coverage(), expected);
      assert.deepEqual((await reopened()).coverage(), expected);
      store.recordLeftOut([], true);
      assert.deepEqual(
        store.coverage().map((entry) => entry.path),
        ['b.ts', 't.ts'],
      );
    });

    it('drops a line when its document is indexed, and a folder line covers its content', async () => {
      store.recordLeftOut(
        [
          { path: 'x/a.ts', reason: 'embedding-failed' },
          { path: 'x/b.ts', reason: 'empty' },
        ],
        false,
      );
      await put(store, makeDocument('x/a.ts', 1, 1));
      assert.deepEqual(
        store.coverage().map(({ path: p, state }) => [p, state]),
        [
          ['x/a.ts', 'indexed'],
          ['x/b.ts', 'skipped'],
        ],
      );
      await store.removeDocuments(['x/a.ts']);
      store.recordLeftOut([{ path: 'x/', reason: 'noise' }], false);
      assert.deepEqual(
        store.coverage().map(({ path: p }) => p),
        ['x/'],
      );
    });

    it('says that a document could not be embedded anew although its old chunks are found', async () => {
      await put(store, makeDocument('a.ts', 1, 2));
      store.recordLeftOut([{ path: 'a.ts', reason: 'embedding-failed', detail: 'child-died' }], false);
      assert.deepEqual(store.coverage(), [
        { path: 'a.ts', reason: 'embedding-failed', detail: 'child-died', state: 'failed', chunks: 2 },
      ]);
    });

    it('leaves out kept snippets, which are no files', async () => {
      const one = makeDocument('snippet:1', 1, 1);
      const kept = { sourcePath: 'a.ts', startLine: 1, endLine: 2 };
      await put(store, { ...one, document: { ...one.document, kept } });
      assert.deepEqual(store.coverage(), []);
      assert.deepEqual((await reopened()).documents.get('snippet:1')?.kept, kept);
    });
  });

  describe('bad vectors', () => {
    const good = makeDocument('a.ts', 1, 2);
    const changed = (change: (vectors: Float32Array) => void): Float32Array => {
      const vectors = good.vectors.slice();
      change(vectors);
      return vectors;
    };
    const cases: readonly [string, Float32Array][] = [
      ['too few numbers', good.vectors.slice(1)],
      ['too many numbers', new Float32Array(good.vectors.length + 1)],
      ['NaN', changed((vectors) => (vectors[3] = NaN))],
      ['infinity', changed((vectors) => (vectors[DIMENSION] = Infinity))],
      ['a zero vector', changed((vectors) => vectors.fill(0, DIMENSION))],
      ['a vector that is not of unit length', changed((vectors) => (vectors[0] = (vectors[0] ?? 0) + 0.2))],
    ];
    for (const [name, vectors] of cases) {
      it(`refuses ${name} and changes nothing`, async () => {
        await put(store, makeDocument('a.ts', 0, 3));
        const before = snapshotOf(store);
        await assert.rejects(put(store, { ...good, vectors }), hasCode('bad-vector'));
        assert.deepEqual(snapshotOf(store), before);
        assert.deepEqual(snapshotOf(await reopened()), before);
      });
    }

    it('refuses a row with one empty half in a space of two parts', async () => {
      const space = spaceOf();
      const options = { folder: path.join(folder, 'two'), space, partDimensions: [DIMENSION / 2, DIMENSION / 2] };
      const two = await openStore(options);
      const one = makeDocument('a.ts', 1, 1);
      await assert.rejects(put(two, one), hasCode('bad-vector'));
      const halves = new Float32Array(DIMENSION);
      halves[0] = 1;
      halves[DIMENSION - 1] = -1;
      await two.replaceDocument(one.document, one.chunks, halves);
      assert.equal(two.table.count, 1);
      await two.close();
    });
  });

  it('keeps few files: one a shard with content, the manifest and the lock', async () => {
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 300; i++) await put(store, makeDocument(`f${i}.ts`, round, 1));
      await store.checkpoint();
    }
    const kinds = names().map((name) => name.replace(/[-.].*/, ''));
    assert.ok(kinds.filter((kind) => kind === 'shard').length <= SHARD_COUNT);
    assert.deepEqual([...new Set(kinds)].sort(), ['manifest', 'retired', 'shard', 'writer']);
    assert.equal(names().filter((name) => name.startsWith('manifest')).length, 1);
    const sizes = names().map((name) => fs.statSync(path.join(folder, 'space', name)).size);
    assert.equal(
      await store.bytes(),
      sizes.reduce((a, b) => a + b, 0),
    );
  });

  it('has the ledger and new times after a kill once they are flushed, by the journal alone', async () => {
    for (const name of ['a.ts', 'b.ts', 'c.ts']) await put(store, makeDocument(name, 1, 2));
    store.recordLeftOut([{ path: 'old.bin', reason: 'binary' }], false);
    await store.checkpoint();
    const manifest = fs.readFileSync(path.join(folder, 'space', 'manifest.json'), 'utf8');
    store.touchDocument('a.ts', 7, 8);
    store.recordLeftOut([{ path: 'b.ts', reason: 'embedding-failed', detail: 'row-refused: 3' }, { path: 'n.bin', reason: 'binary', size: 3, mtimeMs: 4 }], true); // prettier-ignore
    await store.flush();
    await put(store, makeDocument('d.ts', 1, 2));
    store.recordLeftOut([{ path: 'd.ts', reason: 'embedding-failed' }], false);
    await put(store, makeDocument('d.ts', 2, 2));
    await store.flush();
    await store.flush();
    assert.equal(fs.readFileSync(path.join(folder, 'space', 'manifest.json'), 'utf8'), manifest);
    const copy = path.join(folder, 'copy');
    copyIndex(path.join(folder, 'space'), copy);
    const killed = await openTestStore(copy);
    assert.deepEqual(snapshotOf(killed), snapshotOf(store));
    assert.equal(killed.documents.get('a.ts')?.mtimeMs, 8);
    await killed.close();
  });

  it('tells a folder that nobody opened of a first run: the flush after it has a checkpoint made', async () => {
    for (const name of ['a.ts', 'b.ts']) await put(store, makeDocument(name, 1, 2));
    await store.flush();
    await put(store, makeDocument('c.ts', 1, 2)); // behind the checkpoint
    await store.flush();
    const manifest = fs.readFileSync(path.join(folder, 'space', 'manifest.json'), 'utf8');
    assert.equal(manifest.split('"path"').length - 1, 2);
  });

  it('ends a checkpoint that began by itself where somebody waits, and makes it after the next flush', async () => {
    let puttingOff = false;
    const slow = { ...nodeFileSystem, open: async (...values: Parameters<typeof nodeFileSystem.open>) => {
      if (puttingOff && String(values[0]).includes('shard-')) { shards++; store.putOffCheckpoint(); }
      return nodeFileSystem.open(...values);
    } }; // prettier-ignore
    let shards = 0;
    await store.close();
    store = await openTestStore(path.join(folder, 'space'), slow);
    for (let i = 0; i < 1_999; i++) await put(store, makeDocument(`f${i}.ts`, 1, i % 10 === 0 ? 1 : 0));
    puttingOff = true;
    await put(store, makeDocument('f1999.ts', 1, 1)); // due
    await put(store, makeDocument('last.ts', 1, 1));
    assert.equal(shards, 1);
    puttingOff = false;
    await store.flush();
    await put(store, makeDocument('after.ts', 1, 1));
    const manifest = fs.readFileSync(path.join(folder, 'space', 'manifest.json'), 'utf8');
    assert.equal(manifest.split('"path"').length - 1, 2_001);
    assert.deepEqual([...(await reopened()).documents.keys()].length, 2_002);
  });

  it('makes a checkpoint by itself after many documents', async () => {
    for (let i = 0; i < 2_000; i++) await put(store, makeDocument(`f${i}.ts`, 1, 0));
    await put(store, makeDocument('last.ts', 1, 0));
    assert.equal(
      fs.readFileSync(path.join(folder, 'space', 'manifest.json'), 'utf8').split('"path"').length - 1,
      2_000,
    );
  });

  it('is empty in memory and on disk after clear, and usable', async () => {
    await put(store, makeDocument('a.ts', 1, 2));
    await store.checkpoint();
    await put(store, makeDocument('b.ts', 1, 2));
    store.recordLeftOut([{ path: 'c', reason: 'binary' }], false);
    const revision = store.table.revision;
    await store.clear();
    assert.ok(store.table.revision > revision);
    assert.deepEqual([store.table.count, store.documents.size, store.coverage().length], [0, 0, 0]);
    assert.equal(store.findVector(makeDocument('a.ts', 1, 1).chunks[0]!.hash), undefined);
    assert.deepEqual(names().sort(), ['manifest.json', 'writer.lock']);
    await put(store, makeDocument('d.ts', 1, 2));
    assert.deepEqual([...(await reopened()).documents.keys()], ['d.ts']);
  });

  it('rejects changes after close, lets earlier ones finish, and can be closed twice', async () => {
    const pending = put(store, makeDocument('a.ts', 1, 1));
    await Promise.all([pending, store.close(), store.close()]);
    await assert.rejects(put(store, makeDocument('b.ts', 1, 1)), hasCode('internal'));
    assert.throws(() => store.touchDocument('a.ts', 1, 1), hasCode('internal'));
    assert.deepEqual([...(await reopened()).documents.keys()], ['a.ts']);
  });

  it('gives revisions that grow with each change', async () => {
    const revisions = [store.table.revision];
    await put(store, makeDocument('a.ts', 1, 2));
    revisions.push(store.table.revision);
    await put(store, makeDocument('a.ts', 2, 2));
    revisions.push(store.table.revision);
    await store.removeDocuments(['a.ts']);
    revisions.push(store.table.revision);
    assert.deepEqual(
      revisions,
      [...new Set(revisions)].sort((a, b) => a - b),
    );
  });
});
